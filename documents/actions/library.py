"""Keeping documents: put in, read again, renamed, deleted, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from documents import files, providers, removal
from documents.actions.owing import owe, owe_again
from documents.actions.refusal import Refusal
from documents.models import Collection, Document, JobKind, Status
from documents.reading import sandbox
from documents.reading.errors import Code, UnreadableFile
from documents.reading.parsers import registry

UPLOAD_TRIES = 3
MAX_PAGES_AGAIN = 100
SAMPLES = Path(__file__).parents[1] / "samples"
SAMPLE_TITLES = {
    "harbour-library-annual-report-2025.pdf": "Harbour Library, annual report 2025 (sample)",
    "tenancy-agreement.docx": "Tenancy agreement (sample)",
    "reading-with-glossa.md": "Reading with Glossa (sample)",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A document that was put in; `created` is False when its owner already had these bytes, `put_back` is True when
    she had them in the bin."""

    document: Document
    created: bool
    put_back: bool = False


def upload(*, owner: User, file: "File[Any]", title: str = "") -> Upload:
    """Keeps a file for its owner and starts reading it."""
    _refuse_size(file.size or 0)
    filename = _clean(Path(file.name or "").name)[-255:]
    kept = files.keep(file)
    try:
        media_type = _sniffed(kept, filename)
        taken = _take(owner, kept, filename, media_type, title or Path(filename).stem)
    except (Refusal, IntegrityError):
        files.forget(kept.name)
        raise
    if not taken.created:
        files.forget(kept.name)
    return taken


def _take(owner: User, kept: files.Kept, filename: str, media_type: str, title: str) -> Upload:
    """The document of these bytes: a new one, or the one there is. One that goes in this very moment leaves its
    place to a new one."""
    for tries_left in reversed(range(UPLOAD_TRIES)):
        try:
            return Upload(_accept(owner, kept, filename, media_type, title), created=True)
        except IntegrityError:
            known = _known(owner, kept.sha256)
            if known is None and not tries_left:
                raise
            if known is not None:
                return known
    raise AssertionError("the last try returns or raises")


def _known(owner: User, sha256: str) -> Upload | None:
    """The document that the owner has of these bytes, out of the bin again if it lay there."""
    same = Document.objects.filter(owner=owner, sha256=sha256)
    for pk in same.due_to_go().values_list("pk", flat=True):
        removal.remove(pk, among=Document.objects.due_to_go())
    with transaction.atomic():
        came = same.exclude(deleted_at=None).update(deleted_at=None)
        document = same.first()
    return Upload(document, created=False, put_back=bool(came)) if document else None


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
    owe(JobKind.READ, document)
    return document


def _clean(name: str) -> str:
    """PostgreSQL keeps no NUL in a text."""
    return "".join(character for character in name if character.isprintable()).strip() or "Untitled"


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
    owe_again(JobKind.READ, document, {"pages": sorted(set(pages)), "ocr": ocr} if pages or ocr else {})


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
    """Removes the document for good and at once: everything made from it and its file, in the bin or not."""
    removal.remove(document.pk)


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
        found = list(Document.objects.visible_to(person).filter(pk__in=documents).only("pk"))
        if len(found) != len(set(documents)):
            raise Refusal("Some of these documents are not there. Look them up again.", code="unknown_document")
        # What is in the bin keeps its place: nobody could name it.
        collection.documents.set([*found, *collection.documents.exclude(deleted_at=None).only("pk")])


def remove_collection(*, collection: Collection) -> None:
    """Removes a collection; its documents stay."""
    collection.delete()


def add_samples(*, owner: User) -> list[Document]:
    """Puts the sample documents into a person's library, those she has not got yet."""
    return [_add_sample(owner, name, title) for name, title in SAMPLE_TITLES.items()]


def _add_sample(owner: User, name: str, title: str) -> Document:
    with (SAMPLES / name).open("rb") as handle:
        return upload(owner=owner, file=File(handle, name=name), title=title).document
