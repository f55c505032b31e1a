"""Keeping documents: put in, read again, renamed, deleted, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from documents import files, jobs, pictures, providers
from documents.actions.owing import owe, owe_again
from documents.actions.refusal import Refusal
from documents.models import Analysis, Collection, Document, JobKind, Status
from documents.models.results import OPEN
from documents.reading import sandbox
from documents.reading.errors import Code, UnreadableFile
from documents.reading.parsers import registry
from documents.search import vocabulary

DELETE_TRIES = 3
MAX_PAGES_AGAIN = 100
SAMPLES = Path(__file__).parents[1] / "samples"
SAMPLE_TITLES = {
    "harbour-library-annual-report-2025.pdf": "Harbour Library, annual report 2025 (sample)",
    "tenancy-agreement.docx": "Tenancy agreement (sample)",
    "reading-with-glossa.md": "Reading with Glossa (sample)",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A document that was put in; `created` is False when its owner already had these bytes."""

    document: Document
    created: bool


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
    jobs.cancel(document.pk)
    jobs.cancel(*Analysis.objects.filter(document=document, status__in=OPEN).values_list("pk", flat=True))
    transaction.on_commit(partial(files.forget, document.file_name), robust=True)
    transaction.on_commit(partial(pictures.forget, document.file_name), robust=True)
    counts = vocabulary.of_document(document.pk)
    Document.objects.filter(pk=document.pk).delete()
    vocabulary.change(document.owner_id, {number: -count for number, count in counts.items()}, {})


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


def add_samples(*, owner: User) -> list[Document]:
    """Puts the sample documents into a person's library, those she has not got yet."""
    return [_add_sample(owner, name, title) for name, title in SAMPLE_TITLES.items()]


def _add_sample(owner: User, name: str, title: str) -> Document:
    with (SAMPLES / name).open("rb") as handle:
        return upload(owner=owner, file=File(handle, name=name), title=title).document
