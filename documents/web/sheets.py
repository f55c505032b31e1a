"""The pages of a document as they look: their pictures, the marks on them, and the words over each."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched

from django.db.models import QuerySet
from django.db.models.functions import Substr

from documents.models import Document, Page
from documents.reading import boxes, word_boxes
from documents.search import within
from documents.values import UNREAD, PageKind, Span, Word
from documents.web.reader import FOUND, Cited, InParts, Tie, found_at, part_of

# Of longer documents so many pages at a time.
PAGES_AT_ONCE = 200
UNITS = 10_000  # of a page's width and height, in which boxes are given to the picture
COLUMNS = ("number", "start", "end", "kind", "width", "height", "label", "reason", "confidence")
# Chips nearer than this share of a page's height stand side by side, so many of them.
_APART, _COLUMNS, _CHIP_PIXELS = 0.026, 2, 27


@dataclass(frozen=True, slots=True)
class Box:
    """Where words stand on a page's picture, in `UNITS`; `key` is that of the mark that rests on them: "3", "n1", or
    empty for words that were looked for. The first box of a mark is where one arrives."""

    x: int
    y: int
    width: int
    height: int
    key: str = ""
    first: bool = False
    found: bool = False

    @property
    def is_note(self) -> bool:
        return self.key.startswith("n")


@dataclass(frozen=True, slots=True)
class Chip:
    """The number of a mark in the margin of a page, `x` pixels beyond its edge and `y` hundredths down."""

    key: str
    x: int
    y: str

    @property
    def is_note(self) -> bool:
        return self.key.startswith("n")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it looks. Without a `width` there is no picture of it, and `reason` says why where it is known.
    `unplaced` are marks on it whose words have no place in the picture."""

    number: int
    width: float
    height: float
    kind: str
    label: str
    reason: str
    confidence: float | None
    boxes: tuple[Box, ...] = ()
    chips: tuple[Chip, ...] = ()
    unplaced: tuple[str, ...] = ()

    @property
    def is_unread(self) -> bool:
        return self.kind in UNREAD

    @property
    def percent_sure(self) -> int | None:
        return None if self.confidence is None else round(100 * self.confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetsView(InParts):
    """Pages of a document, as they look."""

    sheets: tuple[Sheet, ...]


def lay_out(document: Document, cited: Sequence[Cited], *, part: int = 0, near: int = 0) -> SheetsView:
    """The asked part of the pages, with a box for each line of the cited words; 0 is the part with what was found, else
    that of the page `near`. A part that does not exist gives the nearest one."""
    parts = list(batched(document.pages.values_list(*COLUMNS), PAGES_AT_ONCE)) or [()]
    starts = tuple(rows[0][1] for rows in parts if rows)
    part = min(part, len(parts)) or _part_of_found(parts, starts, cited, near)
    placed = _placed(document, parts[part - 1], [one for one in cited if one.tie != Tie.HIT])
    opened: set[str] = set()
    laid = tuple(_sheet(row, placed.get(row[0], []), opened) for row in parts[part - 1])
    return SheetsView(sheets=laid, part=part, parts=len(parts), starts=starts)


def _part_of_found(parts: Sequence[Sequence["_Row"]], starts: Sequence[int], cited: Sequence[Cited], near: int) -> int:
    found = found_at(cited)
    if found is not None:
        return part_of(starts, found)
    return next((part for part, rows in enumerate(parts, 1) if rows and rows[-1][0] >= near), len(parts))


_Row = tuple[int, int, int, str, float, float, str, str, float | None]


_OnPage = list[tuple[Cited, list[Word]]]


def _placed(document: Document, rows: Sequence[_Row], cited: Sequence[Cited]) -> dict[int, _OnPage]:
    """By page, what is cited there and its words."""
    starts = [row[1] for row in rows]
    touching: dict[int, list[Cited]] = {}
    for one in cited:
        for row in rows[max(bisect_right(starts, one.start) - 1, 0) :]:
            if row[1] >= one.end:
                break
            if row[2] > one.start:
                touching.setdefault(row[0], []).append(one)
    pages = Page.objects.filter(document=document, number__in=touching).only("number", "start", "words")
    return {
        page.number: [(one, _words(page, one.start, one.end)) for one in touching[page.number]]
        for page in pages.iterator()
    }


def _words(page: Page, start: int, end: int) -> list[Word]:
    return word_boxes.between(bytes(page.words), max(start - page.start, 0), max(end - page.start, 0))


def _sheet(row: _Row, placed: _OnPage, opened: set[str]) -> Sheet:
    number, _, _, kind, width, height, label, reason, confidence = row
    found: list[Box] = []
    unplaced: list[str] = []
    for one, words in placed:
        key = _key(one)
        first = key not in opened
        opened.add(key)
        lines = _boxes(number, words, key, first=first)
        found += lines
        if first and not lines:
            unplaced.append(key)
    size = (width, height) if width > 0 and height > 0 else (0.0, 0.0)
    return Sheet(number, *size, kind, label, reason, confidence, tuple(found), _chips(found), tuple(unplaced))


def _key(one: Cited) -> str:
    if one.tie == Tie.NOTE:
        return f"n{one.number}"
    return "" if one.number == FOUND else str(one.number)


def _boxes(page: int, words: Iterable[Word], key: str, *, first: bool) -> list[Box]:
    return [
        Box(*in_units(box.x0, box.y0, box.x1, box.y1), key, first=first and not place, found=not key)
        for place, box in enumerate(boxes.boxes(page, words))
    ]


def in_units(x0: float, y0: float, x1: float, y1: float) -> tuple[int, int, int, int]:
    """Left, top, width and height of a box that is given in fractions of its page."""
    return round(UNITS * x0), round(UNITS * y0), round(UNITS * (x1 - x0)), round(UNITS * (y1 - y0))


def _chips(found: Sequence[Box]) -> tuple[Chip, ...]:
    """One for each mark, beside its first line; those of neighbouring lines side by side, as many as there is room."""
    chips: list[Chip] = []
    lowest = [-1.0] * _COLUMNS
    for box in sorted((box for box in found if box.first and box.key), key=lambda box: box.y):
        middle = (box.y + box.height / 2) / UNITS
        column = next((at for at, low in enumerate(lowest) if middle - low >= _APART), None)
        if column is None:
            continue
        lowest[column] = middle
        chips.append(Chip(box.key, column * _CHIP_PIXELS, f"{100 * middle:.2f}"))
    return tuple(chips)


@dataclass(frozen=True, slots=True)
class Written:
    """A word over a page's picture, in points of the page; its offsets count the document's text."""

    x: str
    y: str
    length: str
    size: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Layer:
    """The words over a page's picture, and boxes of those among them that are looked for."""

    number: int
    width: str
    height: str
    words: tuple[Written, ...]
    hits: tuple[Box, ...] = ()


def layer(documents: QuerySet[Document], page: Page, find: str = "") -> Layer:
    """The words of the page of one of these documents, each where it stands."""
    slice_ = Substr("content", page.start + 1, max(page.end - page.start, 1))
    text = documents.filter(pk=page.document_id).values_list(slice_, flat=True).first() or ""
    table = bytes(page.words)
    words = tuple(_written(page, word, text) for word in word_boxes.unpack(table))
    hits = tuple(box for span in within.occurrences(text, find) for box in _hit(page.number, table, span))
    return Layer(page.number, f"{page.width:.1f}", f"{page.height:.1f}", words, hits)


def _hit(page: int, table: bytes, span: Span) -> list[Box]:
    return _boxes(page, word_boxes.between(table, span.start, span.end), "", first=False)


def _written(page: Page, word: Word, text: str) -> Written:
    width, height = (word.x1 - word.x0) * page.width, (word.y1 - word.y0) * page.height
    return Written(
        x=f"{word.x0 * page.width:.1f}",
        y=f"{(word.y1 - 0.22 * (word.y1 - word.y0)) * page.height:.1f}",
        length=f"{max(width, 0.5):.1f}",
        size=f"{max(min(height, 4 * width), 1.0):.1f}",
        start=page.start + word.start,
        end=page.start + word.end,
        text=text[word.start : word.end],
    )


def kind_in_words(kind: str, confidence: float | None) -> str:
    """What a page is, in words."""
    sure = "" if confidence is None else f", {round(100 * confidence)} % sure"
    return {
        PageKind.TEXT: "text",
        PageKind.OCR: f"text recognised{sure}",
        PageKind.TABLE: "table",
        PageKind.EMPTY: "empty",
        PageKind.UNREADABLE: "not read",
        PageKind.TOO_LARGE: "too large to read",
    }[PageKind(kind)]
