"""Files inside a file that is being read: kept as they come, and made documents when the rows are saved."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from types import TracebackType
from typing import Self

from documents import files
from documents.models import Document, Job, JobKind, JobState, Part
from documents.values import Part as FoundPart

DEEPEST = 3
TOO_DEEP = "It lies so many files deep that it is not opened. Take it out and upload it by itself."
SAME_FILE = "It is the same file as the one it lies in."


class Parts:
    """What is inside of one document. Kept files that became no document are gone again when the block ends."""

    def __init__(self, container: Document) -> None:
        self._container = container
        self._kept: list[tuple[FoundPart, files.Kept]] = []
        self._needed: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, kept in self._kept:
            if kind is not None or kept.name not in self._needed:
                files.forget(kept.name)

    def keep(self, part: FoundPart, pieces: Iterator[bytes]) -> None:
        """Takes the contents of a part as they are read; those of parts too deep are left unread."""
        if self._container.depth < DEEPEST:
            self._kept.append((part, files.keep_pieces(pieces)))

    def save(self, parts: Sequence[FoundPart]) -> list[Job]:
        """In the caller's transaction: the rows of all parts, the new documents, and the jobs that will read them."""
        documents = self._documents()
        kept = iter(self._kept)
        rows = []
        for ordinal, part in enumerate(parts):
            _, file = (None, None) if part.reason else next(kept, (None, None))
            rows.append(self._row(ordinal, part, documents.get(file.sha256) if file else None))
        self._container.parts.all().delete()
        Part.objects.bulk_create(rows, batch_size=500)
        return self._owed(documents.values())

    def _row(self, ordinal: int, part: FoundPart, document: Document | None) -> Part:
        if document == self._container:
            return Part(container=self._container, ordinal=ordinal, name=part.name, size=part.size, reason=SAME_FILE)
        return Part(
            container=self._container,
            ordinal=ordinal,
            name=part.name,
            size=part.size,
            document=document,
            reason="" if document else part.reason or TOO_DEEP,
        )

    def _documents(self) -> dict[str, Document]:
        """The documents of all kept files by their SHA-256: those their owner had already, and new ones."""
        new = {kept.sha256: self._new(part, kept) for part, kept in self._kept}
        # First of all, so that none of them goes for good while the others are made.
        binned = Document.objects.filter(owner_id=self._container.owner_id, sha256__in=new).exclude(deleted_at=None)
        binned.update(deleted_at=None)
        Document.objects.bulk_create(new.values(), ignore_conflicts=True, batch_size=500)
        owned = Document.objects.light().filter(owner_id=self._container.owner_id, sha256__in=new)
        return {document.sha256: document for document in owned}

    def _new(self, part: FoundPart, kept: files.Kept) -> Document:
        name = PurePosixPath(part.name)
        return Document(
            owner_id=self._container.owner_id,
            title=(name.stem or part.name)[:300],
            filename=name.name[-255:] or "file",
            media_type=part.media_type,
            file=kept.name,
            sha256=kept.sha256,
            size=kept.size,
            depth=self._container.depth + 1,
        )

    def _owed(self, documents: Iterable[Document]) -> list[Job]:
        """Jobs for the new documents: those that have a file which was kept just now."""
        names = {kept.name for _, kept in self._kept}
        new = [document for document in documents if document.file_name in names]
        self._needed = {document.file_name for document in new}
        return Job.objects.bulk_create([_reading(document) for document in new], batch_size=500)


def _reading(document: Document) -> Job:
    return Job(kind=JobKind.READ, subject=document.pk, owner_id=document.owner_id, state=JobState.QUEUED)
