"""A person's notes in the margin of a document, as they are shown."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from documents.models import Document, Note
from documents.web import desk
from documents.web.reader import Cited, Tie

MOST_NOTES = 1_000


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note under its number in the document. Without one its words are no longer there."""

    row: Note
    number: int | None
    page: int | None
    is_edited: bool = False

    @property
    def key(self) -> str:
        return f"n{self.number}" if self.number else ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A note that is about to be written, and the words it will be at."""

    start: int
    end: int
    quote: str


def of(document: Document, person: User, edited: str = "") -> tuple[NoteView, ...]:
    """The person's notes in the order of their words; those whose words are gone come last."""
    rows = list(Note.objects.visible_to(person).filter(document=document)[:MOST_NOTES])
    if not rows:
        return ()
    pages = list(document.pages.values_list("start", "number"))
    here = [row for row in rows if row.content_sha256 == document.content_sha256]
    gone = [row for row in rows if row.content_sha256 != document.content_sha256]
    return (
        *(NoteView(row, at, _page(pages, row.start), str(row.pk) == edited) for at, row in enumerate(here, start=1)),
        *(NoteView(row, None, None, str(row.pk) == edited) for row in gone),
    )


def cited(notes: Sequence[NoteView]) -> list[Cited]:
    """The words the notes are at."""
    return [Cited(one.number, one.row.start, one.row.end, Tie.NOTE) for one in notes if one.number]


def draft(document: Document, words: str) -> Draft | None:
    """A note at these words, such as 120-340."""
    span = desk.span(words)
    if span is None or span.end > len(document.content):
        return None
    return Draft(span.start, span.end, document.content[span.start : span.end])


def _page(pages: Sequence[tuple[int, int]], start: int) -> int | None:
    at = bisect_right(pages, (start, 10**9)) - 1
    return pages[at][1] if at >= 0 else None
