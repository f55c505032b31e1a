"""The library's rows: one page of a person's documents in the order she chose, and what their cards show."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.db.models.functions import Left
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from documents import pictures
from documents.models import Document, Page, Status, Tag
from documents.models.document import DocumentQuerySet
from documents.reading.parsers import registry
from documents.web import keyset
from documents.web.sieve import Sieve

PAGE_SIZE = 50
LIST, GRID = "list", "grid"
VIEWS = (LIST, GRID)
EXCERPT_CHARACTERS = 300
_HEADING_CHARACTERS = 90
# All that a row shows; least of all the text and the vector.
_SHOWN = (
    "title",
    "filename",
    "size",
    "media_type",
    "language",
    "status",
    "progress",
    "page_count",
    "pages_read",
    "unread_pages",
    "error",
    "created_at",
)


@dataclass(frozen=True, slots=True)
class Face:
    """What a card shows of a document: its first page as a picture, or its first words set on a small sheet."""

    picture: bool = False
    wide: bool = False
    heading: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the list or the grid."""

    document: Document
    face: Face = field(default_factory=Face)

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
    """One page of the library; `before` and `after` are cursors, empty at the ends."""

    rows: tuple[Row, ...]
    before: str = ""
    after: str = ""

    @property
    def unsettled(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.document.settled)


def shelf(owner: User, asked: Sieve | None = None, *, view: str = LIST, before: str = "", after: str = "") -> Shelf:
    """The documents after a cursor, before one, or the first. What is no cursor counts as none."""
    asked = asked or Sieve()
    found = keyset.cut(_light(owner, asked.sift(owner)), asked.order, after=after, before=before, size=PAGE_SIZE)
    return Shelf(_rows(owner, found.documents, view), before=found.before, after=found.after)


def some(owner: User, ids: Sequence[uuid.UUID], view: str = LIST) -> tuple[Row, ...]:
    """The rows of these documents, as far as they are the owner's."""
    return _rows(owner, list(_light(owner, Document.objects.visible_to(owner).filter(pk__in=ids))), view)


def _light(owner: User, rows: DocumentQuerySet) -> DocumentQuerySet:
    return rows.only(*_SHOWN).prefetch_related(Prefetch("tags", Tag.objects.visible_to(owner)))


def _rows(owner: User, documents: Sequence[Document], view: str) -> tuple[Row, ...]:
    faces = _faces(owner, documents) if view == GRID else {}
    return tuple(Row(document, faces.get(document.pk, Face())) for document in documents)


def _faces(owner: User, documents: Sequence[Document]) -> dict[uuid.UUID, Face]:
    """The faces of those that are read: one question for the pictures, one for the words of the others."""
    ready = [document for document in documents if document.status == Status.READY]
    drawn = _pictured(document.pk for document in ready if pictures.has_pictures(document))
    worded = [document.pk for document in ready if document.pk not in drawn]
    if not worded:
        return drawn
    first = Document.objects.visible_to(owner).filter(pk__in=worded).order_by()
    return drawn | {key: _sheet(text) for key, text in first.values_list("pk", Left("content", EXCERPT_CHARACTERS))}


def _pictured(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Face]:
    keys = list(ids)
    pages = Page.objects.filter(document__in=keys, number=1, width__gt=0, height__gt=0) if keys else Page.objects.none()
    return {
        key: Face(picture=True, wide=width > height)
        for key, width, height in pages.order_by().values_list("document", "width", "height")
    }


def _sheet(text: str) -> Face:
    """The first line as a heading where others follow it."""
    heading, _, words = text.strip().partition("\n")
    if not words.strip() or len(heading) > _HEADING_CHARACTERS:
        return Face(words=text.strip())
    return Face(heading=heading.strip(), words=words.strip())


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
    return format_.heading if format_ else "File"
