"""Rows of cells, of spreadsheets and CSV files: which row names the columns, and each row as a text of its own."""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from documents.reading.draft import Draft, table_row
from documents.values import BlockKind

# A header stands among the first rows of a table, below titles at most.
_HEADER_WITHIN = 6
_LOOK_AHEAD = 10
_LONGEST_NAME = 100
# A formula, or what a spreadsheet shows when it has no result: they stand where a number would.
_IN_PLACE_OF_NUMBER = re.compile(r"=|#(?:N/A|[A-Z0-9/_]+[!?])$")


@dataclass(frozen=True, slots=True)
class Row:
    """The number people know a row by, and its cells from the first column on; an empty cell is an empty text."""

    number: int
    cells: Sequence[str]

    @property
    def filled(self) -> list[int]:
        return [index for index, cell in enumerate(self.cells) if cell]


# Names the place of a row: its number, its first filled column and its last.
Anchor = Callable[[int, int, int], str]
Names = Mapping[int, str]


def write(rows: Iterable[Row], columns: Sequence[int], draft: Draft, anchor: Anchor) -> None:
    """Writes the rows, each under the names of its columns where they have some; `columns` are those with any cell."""
    table = _Table(columns)
    for row, below in _with_those_below(row for row in rows if any(row.cells)):
        filled = row.filled
        draft.add(table.take(row, filled, below), BlockKind.TABLE_ROW, anchor=anchor(row.number, filled[0], filled[-1]))


class _Table:
    """Knows the names of the columns at the row it has come to. After a gap, a row of names begins another table."""

    def __init__(self, columns: Sequence[int]) -> None:
        self._columns = columns
        self._names: Names = {}
        self._titles_left = 0
        self._before = -1

    def take(self, row: Row, filled: Sequence[int], below: Sequence[Row]) -> str:
        """The row in words."""
        if self._before < 0 or row.number > self._before + 1:
            self._titles_left = _HEADER_WITHIN
        self._before = row.number
        if self._titles_left and len(filled) == 1 and len(self._columns) > 1:
            self._titles_left -= 1
            return row.cells[filled[0]]
        if self._titles_left and _is_header(row, filled, below, sure=bool(self._names)):
            self._titles_left = 0
            self._names = {index: " ".join(row.cells[index].split()) for index in filled}
            return self._between_bars(row, filled)
        self._titles_left = 0
        return self._under_names(row, filled) if self._names else self._between_bars(row, filled)

    def _between_bars(self, row: Row, filled: Sequence[int]) -> str:
        first, end = bisect_left(self._columns, filled[0]), bisect_right(self._columns, filled[-1])
        return table_row((), [row.cells[index] for index in self._columns[first:end]])

    def _under_names(self, row: Row, filled: Sequence[int]) -> str:
        shown = sorted({*self._names, *filled})
        cells = [row.cells[index] if index < len(row.cells) else "" for index in shown]
        names = [self._names.get(index, "") for index in shown]
        if all(names):
            return table_row(names, cells)
        parts = zip(names, cells, strict=True)
        return "; ".join(table_row((name,), (cell,)) if name else cell for name, cell in parts if cell)


def _is_header(row: Row, filled: Sequence[int], below: Sequence[Row], *, sure: bool) -> bool:
    """Whether the row names what is below: different words, over cells of another kind or, unless `sure`, over any."""
    names = [row.cells[index] for index in filled]
    if len(set(names)) < len(names) or not all(_is_wordy(name) and len(name) <= _LONGEST_NAME for name in names):
        return False
    if not below or 2 * len(filled) < max(len(other.filled) for other in below):
        return False
    if len(below) > 1 and not sure:
        return True
    cells = (other.cells[index] for other in below for index in filled if index < len(other.cells))
    return any(cell and not _is_wordy(cell) for cell in cells)


def _is_wordy(cell: str) -> bool:
    """Whether it is words rather than a number, a date, a sum of money or a formula."""
    return any(map(str.isalpha, cell)) and not cell[:1].isdigit() and not _IN_PLACE_OF_NUMBER.match(cell)


def _with_those_below(rows: Iterator[Row]) -> Iterator[tuple[Row, Sequence[Row]]]:
    """Each row, with the few that follow it."""
    ahead = deque(islice(rows, _LOOK_AHEAD))
    while ahead:
        row = ahead.popleft()
        ahead.extend(islice(rows, 1))
        yield row, ahead
