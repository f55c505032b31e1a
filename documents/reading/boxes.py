"""Where a stretch of text stands: the one function that answers it for every format."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from documents.reading import word_boxes
from documents.values import Block, Box, ReadPage, Word

SAME_LINE = 0.5  # words of one line overlap vertically by at least this share of the lower one's height

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: the first page that holds them, a box for each line, and the place by its own name.

    `anchor` is "Budget!A5:F6" in a spreadsheet ("Budget!A5:F6 – Costs!A1:C1" from one sheet to another), the page's
    label ("Slide 3") where pages have one, else empty.
    """

    page: int | None
    boxes: tuple[Box, ...] = ()
    anchor: str = ""


def place(pages: Sequence[ReadPage], blocks: Iterable[Block], start: int, end: int) -> Place:
    """The place of text[start:end) of the document these pages and blocks belong to."""
    touched = [page for page in pages if start < page.end and end > page.start]
    if not touched:
        return Place(None)
    found = (box for page in touched for box in _on_page(page, start, end))
    anchors = [block.anchor for block in blocks if block.anchor and block.start < end and block.end > start]
    return Place(touched[0].number, tuple(found), _joined_anchors(anchors) or touched[0].label)


def _on_page(page: ReadPage, start: int, end: int) -> list[Box]:
    words = word_boxes.between(page.words, max(start - page.start, 0), end - page.start)
    return boxes(page.number, words)


def boxes(page: int, words: Iterable[Word]) -> list[Box]:
    """One box for each line of these words, in reading order."""
    lines: list[Box] = []
    for word in words:
        box = Box(page, word.x0, word.y0, word.x1, word.y1)
        if lines and _continues(lines[-1], box):
            lines[-1] = _joined(lines[-1], box)
        else:
            lines.append(box)
    return lines


def _continues(line: Box, box: Box) -> bool:
    overlap = min(line.y1, box.y1) - max(line.y0, box.y0)
    return box.x0 >= line.x0 and overlap >= SAME_LINE * min(line.y1 - line.y0, box.y1 - box.y0)


def _joined(line: Box, box: Box) -> Box:
    return Box(line.page, min(line.x0, box.x0), min(line.y0, box.y0), max(line.x1, box.x1), max(line.y1, box.y1))


def _joined_anchors(anchors: Sequence[str]) -> str:
    """All the places: "Budget!A5:F5" and "Budget!A7:F7" give "Budget!A5:F7", with "Costs!A1" after them "Budget!A5:F7 –
    Costs!A1"; of places that are no cells, the first."""
    if len(anchors) < 2 or "!" not in anchors[0]:
        return anchors[0] if anchors else ""
    ranges: dict[str, list[str]] = {}
    for anchor in anchors:
        sheet, _, cells = anchor.rpartition("!")
        ranges.setdefault(sheet, []).append(cells)
    places = [f"{sheet}!{_around(cells)}" for sheet, cells in ranges.items()]
    return " – ".join(places if len(places) < 2 else (places[0], places[-1]))


def _around(ranges: Sequence[str]) -> str:
    """The smallest range that holds all of these: "A5:F5" and "C7" give "A5:F7"."""
    cells = [_CELL.fullmatch(cell) for range_ in ranges for cell in range_.split(":")]
    places = [(cell.group(1), int(cell.group(2))) for cell in cells if cell]
    if not places:
        return ranges[0]
    columns = sorted((column for column, _ in places), key=lambda letters: (len(letters), letters))
    rows = sorted(row for _, row in places)
    first, last = f"{columns[0]}{rows[0]}", f"{columns[-1]}{rows[-1]}"
    return first if first == last else f"{first}:{last}"
