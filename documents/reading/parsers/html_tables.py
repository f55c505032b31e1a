"""Tables of data in web pages: cells that span rows or columns are filled in, so that each row can be read alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from selectolax.lexbor import LexborNode

from documents.reading.draft import Draft, table_row
from documents.reading.parsers import html_tree
from documents.values import BlockKind

# A table that holds any of these lays out a page; its cells are read one after another.
_LAYOUT = "table, h1, h2, h3, h4, h5, h6, ul, ol, pre, blockquote"
_MOST_SPAN = 1_000
_WIDEST = 1_000
# Headers of more rows than this are tables written wholly as a header.
_MOST_HEADERS = 4
# What is longer is running text and not said again.
_LONGEST_REPEATED = 300
# How much of one table may be there only because cells span; a small page must not become an endless text.
_MOST_REPEATED = 2_000_000

IsHidden = Callable[[LexborNode | None], bool]


def is_data(node: LexborNode) -> bool:
    if node.tag != "table" or any(inner.mem_id != node.mem_id for inner in node.css(_LAYOUT)):
        return False
    return any(_is_row_of_cells(row) for row in node.css("tr"))


def _is_row_of_cells(row: LexborNode) -> bool:
    """Whether there are cells side by side: one alone holds running text."""
    filled = (cell for cell in row.iter() if cell.tag in ("td", "th") and (cell.text() or "").strip())
    return len(list(islice(filled, 2))) == 2


@dataclass(frozen=True, slots=True)
class _Cell:
    """`is_stretched`: it is there only because the one to its left reaches this far."""

    text: str
    columns: int = 1
    rows: int = 1
    is_stretched: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells as written, and one for each column of the table."""

    own: Sequence[str]
    cells: Sequence[_Cell]
    is_header: bool
    is_in_head: bool

    @property
    def is_alone(self) -> bool:
        """Whether one cell is all of the row: it speaks about the rows that follow, and names no column."""
        return len(self.own) == 1 and sum(not cell.is_stretched for cell in self.cells) == 1

    @property
    def texts(self) -> Sequence[str]:
        return [cell.text for cell in self.cells]


@dataclass(slots=True)
class _Grid:
    """Fills rows with the cells that reach into them from above and from the left."""

    _above: dict[int, _Cell] = field(default_factory=dict)
    _left: int = _MOST_REPEATED

    def end_group(self) -> None:
        """No cell reaches out of the head, the body or the foot that it is in."""
        self._above.clear()

    def row(self, own: Sequence[_Cell]) -> Sequence[_Cell]:
        filled: list[_Cell] = []
        for cell in own:
            self._fill_from_above(filled)
            self._place(cell, filled)
        self._fill_from_above(filled)
        while len(filled) <= max(self._above, default=-1):
            filled.append(_Cell(""))
            self.spend(1)
            self._fill_from_above(filled)
        return filled

    def spend(self, characters: int) -> bool:
        """Whether there is room for so many more; when there is none, no cell spans any more."""
        self._left -= characters
        if self._left <= 0:
            self._above.clear()
        return self._left > 0

    def _fill_from_above(self, filled: list[_Cell]) -> None:
        while (cell := self._above.pop(len(filled), None)) and self.spend(len(cell.text) + 1):
            self._put(cell, filled)

    def _place(self, cell: _Cell, filled: list[_Cell]) -> None:
        repeated = cell.text if len(cell.text) <= _LONGEST_REPEATED else ""
        self._put(_Cell(repeated, rows=cell.rows), filled)
        filled[-1] = cell
        for _ in range(min(cell.columns, _WIDEST - len(filled)) - 1):
            if len(filled) in self._above or not self.spend(len(repeated) + 1):
                return
            self._put(_Cell(repeated, rows=cell.rows, is_stretched=True), filled)

    def _put(self, cell: _Cell, filled: list[_Cell]) -> None:
        if cell.rows > 1 and self._left > 0:
            self._above[len(filled)] = replace(cell, rows=cell.rows - 1)
        filled.append(cell)


@dataclass(slots=True)
class _Names:
    """What the columns are called, as the rows so far say."""

    texts: Sequence[str] = ()
    _rows: int = 0
    _are_stretched: bool = False
    _may_begin: bool = True

    def take(self, row: _Row) -> bool:
        """Whether the row is names; if so they are kept."""
        if row.is_alone:
            self._may_begin, self._rows = True, 0
            return False
        begins = self._may_begin or row.texts == self.texts
        goes_on = 0 < self._rows < _MOST_HEADERS and (row.is_in_head or self._are_stretched)
        self._may_begin = False
        if not row.is_header or not (begins or goes_on):
            self._rows = 0
            return False
        self.texts = _joined(self.texts, row.texts) if goes_on else row.texts
        self._are_stretched = any(cell.is_stretched for cell in row.cells)
        self._rows += 1
        return True


class Table:
    """Writes the rows of a table, each after the names of its columns."""

    def __init__(self, draft: Draft, is_hidden: IsHidden) -> None:
        self._draft = draft
        self._is_hidden = is_hidden
        self._grid = _Grid()
        self._names = _Names()

    def read(self, table: LexborNode) -> Iterator[str]:
        """Writes what is seen and gives what is hidden."""
        group = 0
        for row in table.css("caption, tr"):
            yield from self._hidden_in(row)
            if self._is_hidden(row) or self._is_hidden(row.parent):
                continue
            if row.tag == "caption":
                self._draft.add(self._text(row))
                continue
            if row.parent is not None and row.parent.mem_id != group:
                group = row.parent.mem_id
                self._grid.end_group()
            self._write(self._row(row))

    def _row(self, row: LexborNode) -> _Row:
        cells = self._cells(row)
        is_in_head = row.parent is not None and row.parent.tag == "thead"
        is_header = bool(cells) and (is_in_head or all(cell.tag == "th" for cell in row.iter()))
        return _Row([cell.text for cell in cells], self._grid.row(cells), is_header, is_in_head)

    def _write(self, row: _Row) -> None:
        if self._names.take(row) or row.is_alone:
            self._add(table_row((), row.own))
        else:
            self._add(self._with_names(row))

    def _with_names(self, row: _Row) -> str:
        names = self._names.texts
        if not names:
            # Without names of columns, empty cells only keep others apart.
            return table_row((), [cell.text for cell in row.cells if cell.text and not cell.is_stretched])
        if len(names) != len(row.cells):
            return table_row((), row.own)
        kept = [
            (name, cell.text)
            for name, before, cell in zip(names, ("", *names), row.cells, strict=False)
            if not cell.is_stretched or name != before
        ]
        words = table_row([name for name, _ in kept], [text for _, text in kept])
        is_repeated = len(row.own) != len(row.cells)
        return words if not is_repeated or self._grid.spend(len(words)) else table_row((), row.own)

    def _add(self, words: str) -> None:
        self._draft.add(words, BlockKind.TABLE_ROW)

    def _cells(self, row: LexborNode) -> list[_Cell]:
        return [
            _Cell(self._text(cell), _span(cell, "colspan"), _span(cell, "rowspan"))
            for cell in row.iter()
            if cell.tag in ("td", "th") and not self._is_hidden(cell)
        ]

    def _text(self, node: LexborNode) -> str:
        return html_tree.text(node, self._is_unseen)

    def _is_unseen(self, node: LexborNode) -> bool:
        return html_tree.is_dropped(node) or self._is_hidden(node)

    def _hidden_in(self, row: LexborNode) -> Iterator[str]:
        if self._is_hidden(row) or self._is_hidden(row.parent):
            yield html_tree.text(row, html_tree.is_dropped)
            return
        for node, entering in html_tree.walk(row, self._is_unseen):
            if entering and self._is_hidden(node):
                yield html_tree.text(node, html_tree.is_dropped)


def _span(cell: LexborNode, name: str) -> int:
    """How far a cell reaches; a row span of 0 means to the end."""
    said = (cell.attributes.get(name) or "1").strip()
    if not said.isascii() or not said.isdigit():
        return 1
    span = int(said[:6])
    return min(span, _MOST_SPAN) if span else (_MOST_SPAN if name == "rowspan" else 1)


def _joined(above: Sequence[str], below: Sequence[str]) -> Sequence[str]:
    """ "2024" over "May" is "2024 May"; a name that stands over its own is said once."""
    if len(above) != len(below):
        return below
    return [
        first if first == second else f"{first} {second}".strip() for first, second in zip(above, below, strict=True)
    ]
