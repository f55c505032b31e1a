"""The library's rows: one page of a person's documents, newest first, and where its neighbours begin."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from documents.models import Document, Status
from documents.reading.parsers import registry

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the list."""

    document: Document

    @property
    def title(self) -> SafeString:
        return title(self.document)

    @property
    def kind(self) -> str:
        return kind(self.document)

    @property
    def percent(self) -> int:
        return round(100 * self.document.progress)

    @property
    def stage(self) -> str:
        return stage(self.document)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of the library; `older` and `newer` are cursors, empty at the ends."""

    rows: tuple[Row, ...]
    older: str = ""
    newer: str = ""

    @property
    def unsettled(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.document.settled)


@dataclass(frozen=True, slots=True)
class _Place:
    created_at: datetime
    id: uuid.UUID

    def older(self) -> Q:
        return Q(created_at__lt=self.created_at) | Q(created_at=self.created_at, id__lt=self.id)

    def newer(self) -> Q:
        return Q(created_at__gt=self.created_at) | Q(created_at=self.created_at, id__gt=self.id)


def shelf(owner: User, *, before: str = "", after: str = "") -> Shelf:
    """The documents older than `before`, or newer than `after`, or the newest. What is no cursor counts as none."""
    rows = Document.objects.visible_to(owner).light()
    if place := _place(after):
        found = list(rows.filter(place.newer()).order_by("created_at", "id")[: PAGE_SIZE + 1])
        return _shelf(found[:PAGE_SIZE][::-1], has_newer=len(found) > PAGE_SIZE, has_older=True)
    place = _place(before)
    found = list(rows.filter(place.older() if place else Q()).order_by("-created_at", "-id")[: PAGE_SIZE + 1])
    return _shelf(found[:PAGE_SIZE], has_newer=place is not None, has_older=len(found) > PAGE_SIZE)


def some(owner: User, ids: Sequence[uuid.UUID]) -> tuple[Row, ...]:
    """The rows of these documents, as far as they are the owner's."""
    return tuple(Row(document) for document in Document.objects.visible_to(owner).light().filter(pk__in=ids))


def title(document: Document) -> SafeString:
    """The title as markup that may break after each underscore and hyphen, as file names have them."""
    parts = re.split(r"(?<=[_-])(?=[^_-])", document.title)
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in parts))


def stage(document: Document) -> str:
    """What is done with it now, in words."""
    if document.status != Status.READING:
        return document.get_status_display()
    if not document.page_count:
        return "Reading"
    if document.pages_read < document.page_count:
        return f"Reading page {document.pages_read + 1:,} of {document.page_count:,}"
    return "Making it searchable"


def kind(document: Document) -> str:
    """The format of the original in a word: PDF, DOCX, Markdown. Its bytes tell, not its name."""
    format_ = registry.by_media_type(document.media_type)
    return format_.name if format_ else "File"


def _shelf(documents: Sequence[Document], *, has_newer: bool, has_older: bool) -> Shelf:
    if not documents:
        return Shelf(())
    return Shelf(
        tuple(Row(document) for document in documents),
        older=_cursor(documents[-1]) if has_older else "",
        newer=_cursor(documents[0]) if has_newer else "",
    )


def _cursor(document: Document) -> str:
    return f"{document.created_at.isoformat()}~{document.pk.hex}"


def _place(cursor: str) -> _Place | None:
    moment, _, identity = cursor.partition("~")
    try:
        given = datetime.fromisoformat(moment)
        return _Place(given.astimezone(UTC), uuid.UUID(identity)) if given.tzinfo else None
    except (ValueError, OverflowError):
        return None
