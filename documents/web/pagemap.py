"""A small map of a document: what each page is, and where there are marks and notes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched

from documents.models import Document
from documents.values import UNREAD, PageKind
from documents.web import sheets
from documents.web.reader import FOUND, Cited, Tie

MOST_CELLS, LEAST_CELLS = 120, 48
# Where pages are put together, the one that most needs to be seen stands for them.
_TELLING = (*UNREAD, PageKind.OCR, PageKind.TABLE, PageKind.TEXT, PageKind.EMPTY)


@dataclass(frozen=True, slots=True)
class Cell:
    """A page, or a few neighbouring ones; `x` counts cells."""

    x: int
    first: int
    last: int
    kind: str
    title: str
    marks: int
    notes: int


@dataclass(frozen=True, slots=True)
class PageMap:
    """All pages in at most so many cells of `each` pages."""

    cells: tuple[Cell, ...]
    each: int
    summary: str

    @property
    def width(self) -> int:
        """In cells: those of a short document do not grow wide."""
        return max(len(self.cells), LEAST_CELLS)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Those to be explained."""
        return tuple(dict.fromkeys(cell.kind for cell in self.cells))


_Row = tuple[int, int, int, str, float | None]


def draw(document: Document, cited: Sequence[Cited]) -> PageMap | None:
    """The map of a document; none where there is but one page."""
    rows: list[_Row] = list(document.pages.values_list("number", "start", "end", "kind", "confidence"))
    if len(rows) < 2:
        return None
    each = -(-len(rows) // MOST_CELLS)
    tied = [one for one in cited if one.number != FOUND and one.tie != Tie.HIT]
    cells = tuple(_cell(place, some, tied) for place, some in enumerate(batched(rows, each)))
    counts = Counter(sheets.kind_in_words(row[3], None) for row in rows)
    return PageMap(cells, each, f"{len(rows):,} pages: {_told(counts)}")


def _cell(place: int, rows: Sequence[_Row], tied: Sequence[Cited]) -> Cell:
    start, end = rows[0][1], rows[-1][2]
    on_it = [one for one in tied if start <= one.start < max(end, start + 1)]
    notes = sum(one.tie == Tie.NOTE for one in on_it)
    kind = min((row[3] for row in rows), key=lambda kind: _TELLING.index(PageKind(kind)))
    return Cell(
        place, rows[0][0], rows[-1][0], kind, _title(rows, len(on_it) - notes, notes), len(on_it) - notes, notes
    )


def _title(rows: Sequence[_Row], marks: int, notes: int) -> str:
    first, last = rows[0], rows[-1]
    if first is last:
        told = f"Page {first[0]}: {sheets.kind_in_words(first[3], first[4])}"
    else:
        told = f"Pages {first[0]}–{last[0]}: {_told(Counter(sheets.kind_in_words(row[3], None) for row in rows))}"
    counted = (_counted(marks, "mark"), _counted(notes, "note"))
    return "; ".join([told, *(words for words in counted if words)])


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {words}" for words, count in counts.most_common())


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}" if number else ""
