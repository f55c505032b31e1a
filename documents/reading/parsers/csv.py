"""Tables as text (CSV, TSV): row by row under the names of their columns."""

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from pathlib import Path

from documents.reading.decoding import decode
from documents.reading.draft import Draft, clean
from documents.reading.items import Item
from documents.reading.limits import Limits
from documents.reading.parsers import grid
from documents.reading.parsers.grid import Row
from documents.values import Leaf

_SAMPLE_CHARS = 20_000
_SAMPLE_ROWS = 100
_DELIMITERS = ",;\t|"
# A longer field began with a quotation mark that nobody closed.
_LONGEST_FIELD = 100_000


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    csv.field_size_limit(limits.text_chars)
    source = clean(decode(path.read_bytes())).lstrip("\n")
    yield _leaf(_Table(source), limits)


class _Table:
    """The rows of the text, as often as they are asked for."""

    def __init__(self, source: str) -> None:
        said = source[:6].lower()
        # How Excel is told what parts the cells.
        is_said = said.startswith("sep=") and said.endswith("\n")
        self._source = source[6:] if is_said else source
        self._mark = said[4] if is_said else _mark(self._source)
        self._is_quoted = True
        if any(len(cell) > _LONGEST_FIELD for cells in self._read() for cell in cells):
            self._is_quoted = False

    def rows(self) -> Iterator[Row]:
        for number, cells in enumerate(self._read(), start=1):
            yield Row(number, [" ".join(cell.split()) for cell in cells])

    def _read(self) -> Iterator[list[str]]:
        lines = StringIO(self._source, newline="")
        if self._is_quoted:
            return csv.reader(lines, delimiter=self._mark)
        return csv.reader(lines, delimiter=self._mark, quoting=csv.QUOTE_NONE)


def _leaf(table: _Table, limits: Limits) -> Leaf:
    draft = Draft(limits)
    columns = sorted({index for row in table.rows() for index in row.filled})
    grid.write(table.rows(), columns, draft, lambda row, first, last: f"Row {row}")
    return draft.leaf()


def _mark(source: str) -> str:
    """What parts the cells: that which makes the most rows of one width. The library's own guess can take minutes."""
    sample = source[:_SAMPLE_CHARS]
    sample = sample.rpartition("\n")[0] or sample
    return max(_DELIMITERS, key=lambda mark: _evenness(sample, mark))


def _evenness(sample: str, mark: str) -> tuple[int, int]:
    """How many rows are of the commonest width, and that width; rows of one cell say nothing."""
    rows = islice(csv.reader(StringIO(sample, newline=""), delimiter=mark), _SAMPLE_ROWS)
    widths = Counter(len(cells) for cells in rows if len(cells) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))
