"""From the lines of a page to its paragraphs, by where they stand. Measures are points, origin at the top left.

Lines come in the order the file draws them, nearly always the order of reading; they are grouped, never sorted.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise, takewhile
from statistics import median

from documents.values import BlockKind

_BULLET = re.compile(r"(?:[•‣◦▪●○■□¢–—*·\-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)])$")
_SENTENCE_END = (".", "!", "?", ":", "。", "！", "？", ".”", '."', ".)")


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word and its box on the page as shown; `glued` when it goes on the word before, hyphenated at a line's end.

    `confidence` is how sure text recognition is of it, 0 to 1.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    glued: bool = False
    confidence: float | None = None


@dataclass(frozen=True)
class Line:
    """What stands on one line; `size` is the height of its type, `base` where its type ends below."""

    words: tuple[PlacedWord, ...]
    size: float
    base: float
    bold: bool = False

    @cached_property
    def left(self) -> float:
        return min(word.x0 for word in self.words)

    @cached_property
    def right(self) -> float:
        return max(word.x1 for word in self.words)

    @cached_property
    def top(self) -> float:
        return min(word.y0 for word in self.words)

    @cached_property
    def bottom(self) -> float:
        return max(word.y1 for word in self.words)

    @property
    def bulleted(self) -> bool:
        return len(self.words) > 1 and bool(_BULLET.match(self.words[0].text))

    @cached_property
    def wide_gaps(self) -> int:
        """Spaces so wide that they part cells, not words; the one after a bullet is none."""
        words = self.words[1:] if self.bulleted else self.words
        return sum(self.is_gap(first, second) for first, second in pairwise(words))

    def is_gap(self, first: PlacedWord, second: PlacedWord) -> bool:
        # Words of Arabic and Hebrew follow each other to the left.
        return max(second.x0 - first.x1, first.x0 - second.x1) > 2 * self.size


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, and the words with what parts each from the one before; `tail` ends the text."""

    kind: BlockKind
    size: float
    bold: bool
    lines: int
    words: tuple[tuple[str, PlacedWord], ...]
    tail: str = ""


# From the lines of a table to its rows.
TableMaker = Callable[[Sequence[Line]], Iterator[Paragraph]]


def paragraphs(lines: Sequence[Line], table: TableMaker) -> Iterator[Paragraph]:
    """The paragraphs, list items and table rows of a page, in the order of its lines; `table` makes the rows."""
    rows = list(_rows(lines))
    pitch = _usual_pitch(rows)
    for is_table, run in groupby(_marked(rows), key=lambda marked: marked[0]):
        part = [row for _, row in run]
        if is_table:
            yield from table(part)
        else:
            yield from (_paragraph(group) for group in _groups(part, pitch))


def _rows(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines at the same height that go on to the right are one row: superscripts, cells, page headers."""
    row: Line | None = None
    for line in lines:
        if row is not None and _same_height(row, line) and line.left >= row.right - 0.3 * row.size:
            main = max(row, line, key=lambda part: sum(len(word.text) for word in part.words))
            row = Line(row.words + line.words, main.size, main.base, row.bold and line.bold)
            continue
        if row is not None:
            yield row
        row = line
    if row is not None:
        yield row


def _same_height(first: Line, second: Line) -> bool:
    overlap = min(first.bottom, second.bottom) - max(first.top, second.top)
    return overlap > 0.5 * min(first.bottom - first.top, second.bottom - second.top)


def _usual_pitch(rows: Sequence[Line]) -> float:
    """How far lines of running text stand apart on this page."""
    steps = [
        second.base - first.base
        for first, second in pairwise(rows)
        if _alike(first.size, second.size) and 0.5 * first.size < second.base - first.base < 3 * first.size
    ]
    return median(steps) if steps else 0.0


def _alike(first: float, second: float) -> bool:
    return abs(first - second) <= 0.1 * max(first, second)


def _marked(rows: Sequence[Line]) -> Iterator[tuple[bool, Line]]:
    """Each row with whether it is of a table: several rows on end with wide gaps in them."""
    gapped = [row.wide_gaps > 0 for row in rows]
    for index in range(1, len(rows)):
        gapped[index] = gapped[index] or (gapped[index - 1] and _goes_on_in_cell(rows[index - 1], rows[index]))
    for is_gapped, run in groupby(zip(gapped, rows, strict=True), key=lambda pair: pair[0]):
        part = [row for _, row in run]
        is_table = is_gapped and (len(part) >= 3 or (len(part) == 2 and min(row.wide_gaps for row in part) >= 2))
        yield from ((is_table and not _are_numbered(part), row) for row in part)


def _goes_on_in_cell(last: Line, row: Line) -> bool:
    """Whether a line stands close under a row of cells, and clear of its first."""
    firsts = takewhile(lambda pair: not last.is_gap(*pair), pairwise(last.words))
    first_right = max((second.x1 for _, second in firsts), default=last.words[0].x1)
    return 0 < row.base - last.base < 1.35 * row.size and row.left > first_right + last.size


def _are_numbered(rows: Sequence[Line]) -> bool:
    """Whether the gaps only part the lines from their numbers, as in transcripts."""
    numbers = [int(row.words[0].text) for row in rows if row.words[0].text.isdecimal() and row.wide_gaps == 1]
    return len(numbers) == len(rows) and all(second == first + 1 for first, second in pairwise(numbers))


def _groups(rows: Sequence[Line], pitch: float) -> Iterator[list[Line]]:
    group: list[Line] = []
    for row in rows:
        if group and _begins_anew(group, row, pitch):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _begins_anew(group: Sequence[Line], row: Line, pitch: float) -> bool:
    """Whether a row starts a paragraph of its own after the rows so far."""
    last = group[-1]
    if row.words[0].glued:
        return False
    if not _alike(last.size, row.size) or last.bold != row.bold or row.bulleted:
        return True
    step = row.base - last.base
    if step < -0.5 * row.size or step > max(1.3 * pitch, 1.25 * row.size):
        return True
    return _is_indented(group, row) or _ended_short(group, row)


def _is_indented(group: Sequence[Line], row: Line) -> bool:
    """The first line of a paragraph set in; not the hanging lines of a list item, not lines set in the middle."""
    last = group[-1]
    centred = abs((last.left + last.right) - (row.left + row.right)) < 2 * row.size
    return not group[0].bulleted and not centred and row.left > last.left + 0.8 * row.size


def _ended_short(group: Sequence[Line], row: Line) -> bool:
    """The line before ended its sentence well before the edge, though the next word had room."""
    last = group[-1]
    right = max(line.right for line in (*group, row))
    first_word = row.words[0]
    room = right - last.right - (first_word.x1 - first_word.x0)
    return last.words[-1].text.endswith(_SENTENCE_END) and room > 2 * row.size


def _paragraph(group: Sequence[Line]) -> Paragraph:
    """Lines run on with a space; one that ends well before the edge, as in verse and addresses, keeps its end."""
    left, right = min(line.left for line in group), max(line.right for line in group)
    words: list[tuple[str, PlacedWord]] = []
    joint = ""
    for line in group:
        for word in line.words:
            words.append(("" if word.glued else joint, word))
            joint = " "
        joint = "\n" if right - line.right > 0.25 * (right - left) else " "
    kind = BlockKind.LIST_ITEM if group[0].bulleted else BlockKind.PARAGRAPH
    size = max(group, key=lambda line: len(line.words)).size
    return Paragraph(kind, size, all(line.bold for line in group), len(group), tuple(words))
