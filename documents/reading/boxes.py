"""Where a stretch of text stands: the one function that answers it for every format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from documents.reading import word_boxes
from documents.values import Block, Box, ReadPage, Word

SAME_LINE = 0.5  # words of one line overlap vertically by at least this share of the lower one's height


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: the first page that holds them, a box for each line, and the place by its own name.

    `anchor` is "Budget!A5:F6" in a spreadsheet, the page's label ("Slide 3") where pages have one, else empty.
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
    """From the first place to the last one: "Budget!A5:F5" and "Budget!A7:F7" give "Budget!A5:F7"."""
    if len(anchors) < 2 or "!" not in anchors[0]:
        return anchors[0] if anchors else ""
    first, _, from_range = anchors[0].rpartition("!")
    last, _, to_range = anchors[-1].rpartition("!")
    if first != last:
        return anchors[0]
    return f"{first}!{from_range.partition(':')[0]}:{to_range.rpartition(':')[2]}"
