"""What a person can do. Verbs with named arguments; each owns its transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts import actions as accounts
from accounts.models import User
from documents import files, jobs, providers, streams, tasks
from documents.models import Analysis, AnalysisStatus, Collection, Document, Job, JobKind, JobState, Recipe, Status
from documents.models.results import OPEN
from documents.reading import sandbox
from documents.reading.errors import Code, UnreadableFile
from documents.reading.parsers import registry
from documents.search import vocabulary
from documents.values import Task

DELETE_TRIES = 3
MAX_PAGES_AGAIN = 100
SAMPLES = Path(__file__).parent / "samples"
SAMPLE_TITLES = {
    "harbour-library-annual-report-2025.pdf": "Harbour Library, annual report 2025 (sample)",
    "tenancy-agreement.docx": "Tenancy agreement (sample)",
    "reading-with-glossa.md": "Reading with Glossa (sample)",
}


class Refusal(Exception):
    """The person cannot do this; the message says why and what to do. `status` is the HTTP status that fits."""

    def __init__(self, message: str, *, code: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Upload:
    """A document that was put in; `created` is False when its owner already had these bytes."""

    document: Document
    created: bool


@dataclass(frozen=True, slots=True)
class Options:
    """What is to be found out: a recipe or an instruction, and how."""

    recipe: Recipe | None = None
    instruction: str = ""
    labels: tuple[str, ...] = ()
    schema: dict[str, Any] | None = None
    model: str = ""
    max_tokens: int | None = None


def upload(*, owner: User, file: "File[Any]", title: str = "") -> Upload:
    """Keeps a file for its owner and starts reading it."""
    _refuse_size(file.size or 0)
    filename = _clean(Path(file.name or "").name)[-255:]
    kept = files.keep(file)
    try:
        media_type = _sniffed(kept, filename)
        document = _accept(owner, kept, filename, media_type, title or Path(filename).stem)
    except (Refusal, IntegrityError) as error:
        files.forget(kept.name)
        known = Document.objects.filter(owner=owner, sha256=kept.sha256).first()
        if isinstance(error, Refusal) or known is None:
            raise
        return Upload(known, created=False)
    return Upload(document, created=True)


def _sniffed(kept: files.Kept, filename: str) -> str:
    """The media type of what will be read; the rest is refused at the door."""
    try:
        return sandbox.sniff(files.path(kept.name), filename, providers.limits()).media_type
    except UnreadableFile as error:
        status = 415 if error.code == Code.UNSUPPORTED_TYPE else 400
        raise Refusal(str(error), code=error.code, status=status) from error


def upload_text(*, owner: User, title: str, content: str) -> Upload:
    """Keeps a text as a plain-text document."""
    if not content.strip():
        raise Refusal("There is no text in `content`. Send some words.", code="empty_text")
    name = f"{title[:200].replace('/', '-') or 'text'}.txt"
    return upload(owner=owner, file=ContentFile(content.encode(), name=name), title=title)


@transaction.atomic
def _accept(owner: User, kept: files.Kept, filename: str, media_type: str, title: str) -> Document:
    document = Document.objects.create(
        owner=owner,
        title=_clean(title)[:300],
        filename=filename,
        media_type=media_type,
        file=kept.name,
        sha256=kept.sha256,
        size=kept.size,
    )
    _owe(JobKind.READ, document)
    return document


def _clean(name: str) -> str:
    """PostgreSQL keeps no NUL in a text."""
    return "".join(character for character in name if character.isprintable()).strip() or "Untitled"


def _owe(kind: JobKind, subject: Document | Analysis, options: dict[str, Any] | None = None) -> None:
    """The job in this transaction, its hint when the transaction is really through."""
    job = jobs.enqueue(kind=kind, subject=subject.pk, owner=subject.owner, options=options)
    transaction.on_commit(partial(tasks.hint, job.pk, kind), robust=True)


def _owe_again(kind: JobKind, subject: Document | Analysis, options: dict[str, Any] | None = None) -> None:
    """What was told of the last time is forgotten first."""
    transaction.on_commit(partial(streams.clear, subject.pk), robust=True)
    _owe(kind, subject, options)


def _refuse_size(size: int) -> None:
    if size == 0:
        raise Refusal("This file is empty. Choose one with something in it.", code="empty_file")
    if size > settings.MAX_UPLOAD_MB * 1024 * 1024:
        raise Refusal(
            f"This file is larger than {settings.MAX_UPLOAD_MB} MB, the most this server takes.",
            code="too_large",
            status=413,
        )


@transaction.atomic
def read_again(*, document: Document, pages: Sequence[int] = (), ocr: bool = False) -> None:
    """Starts the reading over, or that of some pages alone; the text there is stays until the new one is ready.

    `ocr` recognises text even where there is some.
    """
    if pages:
        _refuse_pages(document, pages)
    Document.objects.filter(pk=document.pk).update(
        status=Status.QUEUED, progress=0, pages_read=0, error="", error_code="", updated_at=timezone.now()
    )
    _owe_again(JobKind.READ, document, {"pages": sorted(set(pages)), "ocr": ocr} if pages or ocr else {})


def _refuse_pages(document: Document, pages: Sequence[int]) -> None:
    format_ = registry.by_media_type(document.media_type)
    if format_ is None or not format_.is_paged:
        raise Refusal(
            "Only pages of PDFs and pictures can be read one by one. Read the whole file again.", code="pages"
        )
    if document.status != Status.READY:
        raise Refusal("This document is not ready. Wait until it is, then try again.", code="not_ready", status=409)
    if max(pages) > document.page_count:
        raise Refusal(f"This document has {document.page_count} pages. Choose among them.", code="pages")


@transaction.atomic
def rename(*, document: Document, title: str) -> None:
    Document.objects.filter(pk=document.pk).update(title=_clean(title)[:300], updated_at=timezone.now())


def delete(*, document: Document) -> None:
    """Removes the document, everything made from it and, once that is certain, its file."""
    for tries_left in reversed(range(DELETE_TRIES)):
        try:
            _delete(document)
        except IntegrityError:  # an analysis was started in this very moment
            if not tries_left:
                raise
        else:
            return


@transaction.atomic
def _delete(document: Document) -> None:
    jobs.cancel(subject=document.pk)
    for analysis in Analysis.objects.filter(document=document, status__in=OPEN).values_list("pk", flat=True):
        jobs.cancel(subject=analysis)
    transaction.on_commit(partial(files.forget, document.file_name), robust=True)
    counts = vocabulary.of_document(document.pk)
    Document.objects.filter(pk=document.pk).delete()
    vocabulary.change(document.owner_id, {number: -count for number, count in counts.items()}, {})


def write_recipe(*, owner: User, **columns: Any) -> Recipe:
    """A recipe of a person's own, under a slug made of its name."""
    recipe = Recipe(owner=owner, slug=_free_slug(owner, columns.get("name", "")))
    rewrite_recipe(recipe=recipe, **columns)
    return recipe


def rewrite_recipe(*, recipe: Recipe, **columns: Any) -> None:
    """Changes what a recipe asks; its slug stays what programs know."""
    for name, value in columns.items():
        setattr(recipe, name, value)
    if not (recipe.instruction.strip() or recipe.labels or recipe.schema):
        raise Refusal("Say what to find out: an `instruction`, `labels` or a `schema`.", code="empty_recipe")
    recipe.task = Task.EXTRACT if recipe.schema else Task.CLASSIFY if recipe.labels else Task.INSTRUCTION
    recipe.save()


def _free_slug(owner: User, name: str) -> str:
    base = slugify(name)[:50] or "recipe"
    taken = set(Recipe.objects.visible_to(owner).filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for number in count(1) if (slug := base if number == 1 else f"{base}-{number}") not in taken)


@transaction.atomic
def make_collection(*, owner: User, name: str, documents: Sequence[UUID] = ()) -> Collection:
    """Puts documents of the owner together under a name; those that are not hers to see are refused."""
    collection = Collection(owner=owner)
    change_collection(person=owner, collection=collection, name=name, documents=documents)
    return collection


@transaction.atomic
def change_collection(
    *, person: User, collection: Collection, name: str | None = None, documents: Sequence[UUID] | None = None
) -> None:
    """Renames a collection, or says anew what is in it; None leaves it as it is."""
    if name is not None:
        collection.name = _clean(name)[:100]
        taken = Collection.objects.filter(owner=collection.owner, name__iexact=collection.name)
        if taken.exclude(pk=collection.pk).exists():
            raise Refusal(f"You have a collection called “{collection.name}” already.", code="name_taken", status=409)
        collection.save()
    if documents is not None:
        found = Document.objects.visible_to(person).filter(pk__in=documents)
        if found.count() != len(set(documents)):
            raise Refusal("Some of these documents are not there. Look them up again.", code="unknown_document")
        collection.documents.set(found)


def analyse(*, person: User, document: Document, options: Options) -> Analysis:
    """Starts an analysis of a document."""
    if document.status != Status.READY:
        raise Refusal(
            "This document has no text yet. Wait until it is ready, or see why it could not be read.",
            code="not_ready",
            status=409,
        )
    try:
        return _start(Analysis(owner=person, document=document, title=document.title), options)
    except IntegrityError as error:
        raise Refusal("This document has just been deleted.", code="not_found", status=404) from error


def analyse_text(*, person: User, text: str, options: Options) -> Analysis:
    """Starts an analysis of a text that is forgotten when it is done."""
    text = text.replace("\x00", "")
    if not text.strip():
        raise Refusal("There is no text to analyse. Send some words.", code="empty_text")
    return _start(Analysis(owner=person, inline_text=text, title="Text"), options)


@transaction.atomic
def _start(analysis: Analysis, options: Options) -> Analysis:
    recipe = options.recipe
    analysis.recipe = recipe
    analysis.schema = options.schema or (recipe.schema if recipe else None)
    analysis.task = _task(recipe, options)
    analysis.instruction = options.instruction or (recipe.instruction if recipe else "")
    analysis.labels = list(options.labels or (recipe.labels if recipe else ()))
    analysis.model = options.model or (recipe.model if recipe else "")
    analysis.max_tokens = options.max_tokens or (recipe.max_tokens if recipe else 2048)
    analysis.save(force_insert=True)
    _owe(JobKind.ANALYSE, analysis)
    return analysis


def _task(recipe: Recipe | None, options: Options) -> str:
    if options.schema:
        return Task.EXTRACT
    return recipe.task if recipe else Task.CLASSIFY if options.labels else Task.INSTRUCTION


def cancel(*, analysis: Analysis) -> bool:
    """Stops an analysis; False when it had already ended."""
    with transaction.atomic():
        jobs.cancel(subject=analysis.pk)
        stopped = Analysis.objects.filter(pk=analysis.pk, status__in=OPEN).update(
            status=AnalysisStatus.CANCELLED, inline_text="", finished_at=timezone.now()
        )
    if stopped:
        streams.publish(analysis.pk, "cancelled", status=AnalysisStatus.CANCELLED)
    return bool(stopped)


@transaction.atomic
def retry_job(*, job: Job) -> bool:
    """Owes the work of an ended job once more; False when its subject is gone or its work is done."""
    if job.state not in (JobState.FAILED, JobState.QUARANTINED):
        return False
    subject = _failed_document(job) if job.kind == JobKind.READ else _failed_analysis(job)
    if subject is None:
        return False
    _owe_again(JobKind(job.kind), subject)
    return True


def _failed_document(job: Job) -> Document | None:
    """The document, waiting again."""
    failed = Document.objects.filter(pk=job.subject, status=Status.FAILED)
    failed.update(status=Status.QUEUED, progress=0, error="", error_code="", updated_at=timezone.now())
    return Document.objects.light().filter(pk=job.subject, status=Status.QUEUED).first()


def _failed_analysis(job: Job) -> Analysis | None:
    """The analysis, waiting again; a text that was not kept is gone."""
    failed = Analysis.objects.filter(pk=job.subject, status=AnalysisStatus.FAILED, document__isnull=False)
    failed.update(status=AnalysisStatus.QUEUED, error="", error_code="", finished_at=None)
    return Analysis.objects.filter(pk=job.subject, status=AnalysisStatus.QUEUED).first()


def add_samples(*, owner: User) -> list[Document]:
    """Puts the sample documents into a person's library, those she has not got yet."""
    return [_add_sample(owner, name, title) for name, title in SAMPLE_TITLES.items()]


def _add_sample(owner: User, name: str, title: str) -> Document:
    with (SAMPLES / name).open("rb") as handle:
        return upload(owner=owner, file=File(handle, name=name), title=title).document


@dataclass(frozen=True, slots=True)
class FirstStart:
    """The admin made at the first start, and what opens the account: shown once."""

    email: str
    password: str
    token: str


def first_start() -> FirstStart | None:
    """Makes the admin of a new installation; None on every later start."""
    created = accounts.create_first_admin()
    if created is None:
        return None
    admin, password = created
    _, token = accounts.issue_token(user=admin, name="First token", scope="write", expires_at=None)
    return FirstStart(admin.email, password, token)
