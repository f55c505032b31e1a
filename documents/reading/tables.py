"""From the lines of a table to its rows: cells stand in columns, and the names of the columns go into every row."""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median

from documents.reading.draft import table_row
from documents.reading.layout import Line, Paragraph, PlacedWord
from documents.values import BlockKind

# From where to where something stands across the page.
_Extent = tuple[float, float]

# Columns are parted by strips at least so wide, in heights of the type.
_STRIP = 0.6
# A cell is held against so many rows.
_COMPARED = 12
_FEWEST_COMPARED = 2
_SIGNS_BEFORE = frozenset("$€£¥")
_SIGNS_AFTER = frozenset({")", "%", ")%"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_HEADER_ROWS = 3
# Lines of one cell stand closer than the rows of their table: by this much.
_TIGHT = 0.8


@dataclass(frozen=True, slots=True)
class _Row:
    """The words of each cell, and the lines they stand on."""

    cells: tuple[tuple[PlacedWord, ...], ...]
    lines: tuple[Line, ...]

    @property
    def texts(self) -> list[str]:
        return [_text(cell) for cell in self.cells]

    @property
    def filled(self) -> set[int]:
        return {index for index, cell in enumerate(self.cells) if cell}


def rows(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """A row for each line of a table; lines that go on the cells above them are joined into their row."""
    columns = _columns(lines)
    table = _joined([_row(line, columns) for line in lines])
    header, count = _header(table)
    names = header.texts if header else []
    if header:
        yield _paragraph(header, [])
    for row in table[count:]:
        yield _paragraph(row, names)


def _columns(lines: Sequence[Line]) -> list[float]:
    """Where columns end and the next begin: the middles of the strips that no cell reaches into."""
    size = median(line.size for line in lines)
    rows = [_extents(line, size) for line in lines]
    ends = sorted(extent for row in rows for extent in row if not _spans(extent, row, rows))
    middles: list[float] = []
    reach = ends[0][1] if ends else 0.0
    for left, right in ends:
        if left - reach >= _STRIP * size:
            middles.append((reach + left) / 2)
        reach = max(reach, right)
    return middles


def _extents(line: Line, size: float) -> list[_Extent]:
    """From where to where the cells of a line go, as far as gaps tell."""
    extents: list[_Extent] = []
    for word in sorted(line.words, key=lambda word: word.x0):
        if extents and word.x0 - extents[-1][1] < _STRIP * size:
            extents[-1] = extents[-1][0], max(extents[-1][1], word.x1)
        else:
            extents.append((word.x0, word.x1))
    return extents


def _spans(extent: _Extent, row: Sequence[_Extent], rows: Sequence[Sequence[_Extent]]) -> bool:
    """Whether a cell stands over several columns: in most of the longer rows near it there are two cells or more."""
    longer = [other for other in rows if len(other) > len(row)][:_COMPARED]
    if len(longer) < _FEWEST_COMPARED:
        return False
    over = sum(sum(left < extent[1] and right > extent[0] for left, right in other) > 1 for other in longer)
    return over * 2 > len(longer)


def _row(line: Line, columns: Sequence[float]) -> _Row:
    """The line's words in their columns; a cell over several columns stands whole in its first."""
    cells: list[list[PlacedWord]] = [[] for _ in range(len(columns) + 1)]
    place, reach = 0, -inf
    for word in line.words:
        if word.x0 - reach >= _STRIP * line.size or word.x1 < reach:
            place = bisect(columns, (word.x0 + word.x1) / 2)
        cells[place].append(word)
        reach = word.x1
    return _Row(tuple(map(tuple, cells)), (line,))


def _joined(table: Sequence[_Row]) -> list[_Row]:
    table = _without_signs(table)
    steps = [second.lines[0].base - first.lines[0].base for first, second in pairwise(table)]
    pitch = median(steps) if steps else 0.0
    joined: list[_Row] = []
    for row in table:
        if joined and _goes_on(joined[-1], row, pitch):
            last = joined[-1]
            cells = tuple(first + second for first, second in zip(last.cells, row.cells, strict=True))
            joined[-1] = _Row(cells, last.lines + row.lines)
        else:
            joined.append(row)
    return joined


def _goes_on(last: _Row, row: _Row, pitch: float) -> bool:
    """Whether a line is more of the cells above it: set closer than rows are, and the first cell is empty."""
    step = row.lines[0].base - last.lines[-1].base
    return 0 < step < _TIGHT * pitch and not row.cells[0] and row.filled < last.filled


def _without_signs(table: Sequence[_Row]) -> list[_Row]:
    """The table without columns that hold nothing but the currency of the next, or the per cent of the last."""
    rows = list(table)
    for index in reversed(range(len(rows[0].cells))):
        texts = {row.texts[index] for row in rows if row.cells[index]}
        if not texts or (texts <= _SIGNS_BEFORE and index + 1 < len(rows[0].cells)):
            rows = [_merged(row, index) for row in rows]
        elif texts <= _SIGNS_AFTER and index:
            rows = [_merged(row, index - 1) for row in rows]
    return rows


def _merged(row: _Row, index: int) -> _Row:
    """The row with the cell at the index and the one after it as one."""
    cells = row.cells
    both = tuple(word for cell in cells[index : index + 2] for word in cell)
    return _Row((*cells[:index], both, *cells[index + 2 :]), row.lines)


def _header(table: Sequence[_Row]) -> tuple[_Row | None, int]:
    """The row of the columns' names, and how many rows of the table it takes up."""
    first = next((index for index, row in enumerate(table) if any(map(_is_figure, row.texts))), 1)
    if not 0 < first <= min(_MOST_HEADER_ROWS, len(table) - 1):
        return None, 0
    joined = tuple(tuple(word for row in table[:first] for word in row.cells[index]) for index in _indexes(table))
    header = _Row(joined, tuple(line for row in table[:first] for line in row.lines))
    names = header.texts
    is_close = all(b.lines[0].base - a.lines[-1].base < 1.5 * b.lines[0].size for a, b in pairwise(table[:first]))
    if len(names) < 2 or not all(names[1:]) or not is_close or any(name.endswith(":") for name in names):
        return None, 0
    return (header, first) if _is_above(names, table[first:]) or _is_bolder(header, table[first:]) else (None, 0)


def _indexes(table: Sequence[_Row]) -> range:
    return range(len(table[0].cells))


def _is_above(names: Sequence[str], table: Sequence[_Row]) -> bool:
    """Whether there are figures under one of the names."""
    for index, name in enumerate(names):
        cells = [row.texts[index] for row in table if row.cells[index]]
        if name and sum(map(_is_figure, cells)) * 2 > len(cells):
            return True
    return False


def _is_bolder(header: _Row, table: Sequence[_Row]) -> bool:
    return all(line.bold for line in header.lines) and not any(line.bold for row in table for line in row.lines)


def _is_figure(text: str) -> bool:
    signs = [char for char in text if not char.isspace()]
    return sum(char.isdigit() for char in signs) * 2 >= max(len(signs), 1) and not _YEAR.fullmatch(text)


def _text(cell: Sequence[PlacedWord]) -> str:
    return "".join(("" if word.glued or not index else " ") + word.text for index, word in enumerate(cell))


def _paragraph(row: _Row, names: Sequence[str]) -> Paragraph:
    """The row's text, word by word: what stands between its words, names of columns too, goes before the next word."""
    text = _row_text(row.texts, names)
    words: list[tuple[str, PlacedWord]] = []
    position = 0
    for cell, start in zip(row.cells, _starts(row.texts, names), strict=True):
        for word in cell:
            start += bool(words) and text[start] == " "
            words.append((text[position:start], word))
            position = start = start + len(word.text)
    size = max(row.lines, key=lambda line: len(line.words)).size
    bold = all(line.bold for line in row.lines)
    return Paragraph(BlockKind.TABLE_ROW, size, bold, len(row.lines), tuple(words), text[position:])


def _row_text(cells: Sequence[str], names: Sequence[str]) -> str:
    """A lone first cell is a heading between rows; where the first column has no name, its cells name the row."""
    if not any(cells[1:]):
        return cells[0]
    if not names or names[0]:
        return table_row(names, cells)
    rest = table_row(names[1:], cells[1:])
    return f"{cells[0]}; {rest}" if cells[0] else rest


def _starts(cells: Sequence[str], names: Sequence[str]) -> Iterator[int]:
    """Where each cell begins in the row's text."""
    ends = 0
    for index, cell in enumerate(cells):
        joint = 0 if not ends else 2 if names else 3
        name = len(names[index]) + 2 if names and names[index] and any(cells[1:]) else 0
        yield ends + joint + name
        shown = len(cell) or (0 if names and not names[index] else 1)
        ends += joint + name + shown
