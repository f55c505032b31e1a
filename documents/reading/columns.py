"""The lines of a page in the order they are read.

A file nearly always draws its text in that order, so what it draws one under the other stays together, as a chunk.
Where the file jumps back up the page, its chunks are put in order by where they stand: the page is cut across where
nothing stands in the way, and each part of it into columns. Between two ways to cut, the one nearer to the file's order
is taken, and where no cut is clean the file's order stands.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf
from statistics import median

from documents.reading.layout import Line, PlacedWord

# Lines of a file that draws two columns across the gap between them, and how much of each side they fill.
_FEWEST_ROWS = 6
_SENTENCE_CHARS = 20
_FULL = 0.6
# Columns of running text, when there are three and more.
_NARROW_CHARS = 16
_FEWEST_LINES = 4
# Columns of so few letters are numbers of lines, bullets, or marks; they belong to the line beside them.
_LABEL_CHARS = 5
# Where so many of the lines have one beside them, the columns are a table's; the words of a drawing stand anyhow.
_ALIGNED = 0.6


@dataclass(slots=True)
class _Chunk:
    """Lines drawn one under the other, with the box around them."""

    place: int
    lines: list[Line] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0

    def add(self, line: Line) -> None:
        # Lines set close reach a little into each other.
        top, bottom = line.top + 0.2 * line.size, line.bottom - 0.2 * line.size
        if self.lines:
            self.left, self.right = min(self.left, line.left), max(self.right, line.right)
            self.top, self.bottom = min(self.top, top), max(self.bottom, bottom)
        else:
            self.left, self.right, self.top, self.bottom = line.left, line.right, top, bottom
        self.lines.append(line)


_Chunks = Sequence[_Chunk]


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """The lines as they are read; those of one height from left to right, as far as no column comes between."""
    parts = [part for line in lines for part in _parted(line)]
    parts = _column_by_column(parts)
    return [line for chunk in _ordered(_chunks(parts)) for line in chunk.lines]


def same_height(first: Line, second: Line) -> bool:
    """Whether two lines stand beside each other."""
    overlap = min(first.bottom, second.bottom) - max(first.top, second.top)
    return overlap > 0.5 * min(first.bottom - first.top, second.bottom - second.top)


def _parted(line: Line) -> list[Line]:
    """The pieces of a line between its wide gaps."""
    if not line.wide_gaps:
        return [line]
    pieces: list[list[PlacedWord]] = [[line.words[0]]]
    for first, second in pairwise(line.words):
        if line.is_gap(first, second):
            pieces.append([])
        pieces[-1].append(second)
    return [replace(line, words=tuple(piece)) for piece in pieces]


def _column_by_column(parts: list[Line]) -> list[Line]:
    """Running text in two columns that the file draws line by line across both, taken apart."""
    ordered: list[Line] = []
    run: list[tuple[Line, Line]] = []
    index = 0
    while index < len(parts):
        pair = (parts[index], parts[index + 1]) if index + 1 < len(parts) else None
        if pair and same_height(*pair) and _goes_on(run, pair):
            run.append(pair)
            index += 2
            continue
        ordered += _untangled(run)
        if run:
            run = []
            continue
        ordered.append(parts[index])
        index += 1
    return ordered + _untangled(run)


def _goes_on(run: Sequence[tuple[Line, Line]], pair: tuple[Line, Line]) -> bool:
    """Whether the gap of this row lies under the gap of the rows so far."""
    left, right = pair
    if left.right >= right.left:
        return False
    if not run:
        return True
    gap = max(first.right for first, _ in run), min(second.left for _, second in run)
    return left.top > run[-1][0].top and left.right < gap[1] and right.left > gap[0]


def _untangled(run: Sequence[tuple[Line, Line]]) -> list[Line]:
    lefts, rights = [left for left, _ in run], [right for _, right in run]
    if len(run) >= _FEWEST_ROWS and _is_running(lefts) and _is_running(rights):
        return lefts + rights
    return [part for pair in run for part in pair]


def _is_running(lines: Sequence[Line]) -> bool:
    """Whether lines are of sentences: long ones, that fill their column."""
    width = max(line.right for line in lines) - min(line.left for line in lines)
    filled = median(line.right - line.left for line in lines)
    return median(map(_chars, lines)) >= _SENTENCE_CHARS and filled >= _FULL * width


def _chars(line: Line) -> int:
    return sum(len(word.text) for word in line.words)


def _chunks(parts: Sequence[Line]) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    row: list[Line] = []
    for part in parts:
        beside = bool(row) and _is_beside(row[-1], part)
        if not beside and not (row and (_is_under(row, part) or _is_close(row[-1], part))):
            chunks.append(_Chunk(len(chunks)))
        row = [*row, part] if beside else [part]
        chunks[-1].add(part)
    return chunks


def _is_beside(last: Line, part: Line) -> bool:
    return same_height(last, part) and part.left >= last.right - 0.3 * part.size


def _is_under(row: Sequence[Line], part: Line) -> bool:
    last = row[-1]
    step = part.base - last.base
    overlaps = part.left < max(line.right for line in row) and part.right > row[0].left
    return overlaps and 0 < step < 2.5 * max(last.size, part.size)


def _is_close(last: Line, part: Line) -> bool:
    """Whether a piece hangs on the last one, as the parts of a formula do, whatever its height."""
    size = max(last.size, part.size)
    across = max(part.left - last.right, last.left - part.right)
    down = max(part.top - last.bottom, last.top - part.bottom)
    return across < 1.5 * size and down < 0.5 * size and abs(part.base - last.base) < 3 * size


def _ordered(chunks: _Chunks) -> list[_Chunk]:
    """The chunks in reading order, cut across and down as long as there is a clean cut."""
    if len(chunks) < 2:
        return list(chunks)
    bands = _bands(chunks)
    if len(bands) > 1:
        return [chunk for part in _joined(bands) for chunk in _across(part)]
    return _down(chunks)


def _across(bands: Sequence[_Chunks]) -> list[_Chunk]:
    """Bands that share their columns are read down each of them; a single band by itself."""
    if len(bands) == 1:
        return _down(bands[0]) if len(_bands(bands[0])) == 1 else _ordered(bands[0])
    return _down([chunk for band in bands for chunk in band])


def _down(chunks: _Chunks) -> list[_Chunk]:
    columns = _columns(chunks)
    if len(columns) < 2:
        return sorted(chunks, key=lambda chunk: chunk.place)
    if _are_columns_of_text(columns):
        return [chunk for column in columns for chunk in _ordered(column)]
    rows = _rows(chunks)
    if sum(len(row) for row in rows if len(row) > 1) < _ALIGNED * sum(map(len, rows)):
        return sorted(chunks, key=lambda chunk: chunk.place)
    return [_whole(rows)]


def _cut(
    chunks: _Chunks, start: Callable[[_Chunk], float], end: Callable[[_Chunk], float], room: float
) -> list[list[_Chunk]]:
    parts: list[list[_Chunk]] = []
    reach = -inf
    for chunk in sorted(chunks, key=start):
        if start(chunk) >= reach + room:
            parts.append([])
        parts[-1].append(chunk)
        reach = max(reach, end(chunk))
    return [sorted(part, key=lambda chunk: chunk.place) for part in parts]


def _bands(chunks: _Chunks) -> list[list[_Chunk]]:
    return _cut(chunks, lambda chunk: chunk.top, lambda chunk: chunk.bottom, 0.0)


def _columns(chunks: _Chunks) -> list[list[_Chunk]]:
    size = median(line.size for chunk in chunks for line in chunk.lines)
    return _cut(chunks, lambda chunk: chunk.left, lambda chunk: chunk.right, 0.5 * size)


def _joined(bands: Sequence[list[_Chunk]]) -> list[list[list[_Chunk]]]:
    """Bands on end that are read column by column, because the file draws them so."""
    groups: list[list[list[_Chunk]]] = []
    start = 0
    while start < len(bands):
        end = next((end for end in range(len(bands), start + 1, -1) if _share_columns(bands[start:end])), start + 1)
        groups.append(list(bands[start:end]))
        start = end
    return groups


def _share_columns(bands: Sequence[list[_Chunk]]) -> bool:
    together = [chunk for band in bands for chunk in band]
    columns = _columns(together)
    if len(columns) < 2 or not _are_columns_of_text(columns):
        return False
    down = _steps_back(chunk for column in columns for chunk in column)
    return down < _steps_back(chunk for band in bands for chunk in band)


def _steps_back(chunks: Iterable[_Chunk]) -> int:
    places = [chunk.place for chunk in chunks]
    return sum(second < first for first, second in pairwise(places))


def _are_columns_of_text(columns: Sequence[_Chunks]) -> bool:
    """Whether columns are read one after the other, not row by row like those of a table."""
    lengths = [[_chars(line) for chunk in column for line in chunk.lines] for column in columns]
    if any(median(of_column) <= _LABEL_CHARS for of_column in lengths):
        return False
    if len(columns) == 2:
        return True
    return all(median(of_column) >= _NARROW_CHARS and len(of_column) >= _FEWEST_LINES for of_column in lengths)


def _rows(chunks: _Chunks) -> list[list[Line]]:
    """The lines of all of them from the top down, those beside each other from left to right."""
    rows: list[list[Line]] = []
    for line in sorted((line for chunk in chunks for line in chunk.lines), key=lambda line: line.base):
        if rows and same_height(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _whole(rows: Sequence[Sequence[Line]]) -> _Chunk:
    whole = _Chunk(0)
    for row in rows:
        for line in row:
            whole.add(line)
    return whole
