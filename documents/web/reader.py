"""The text of a document as it is set on the page: pages, blocks, and pieces that know which citations cover them.

Pure: rows in, frozen values out. Offsets count code points of the document's text, end exclusive.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import groupby, pairwise

from documents.values import Block, BlockKind, PageKind

WHOLE_TEXT_CHARACTERS = 400_000
FOUND = 0  # the number of words that no statement rests on, but that somebody came for


class Tie(IntEnum):
    """What ties words to something beside the text: a statement, a person's note, or that they were looked for."""

    MARK = 0
    NOTE = 1
    HIT = 2


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as it was read: its stretch of the text and the blocks on it."""

    number: int
    start: int
    end: int
    kind: PageKind
    blocks: tuple[Block, ...]
    label: str = ""
    reason: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """Words that a statement rests on, under the number of their mark; or that a note is at, or that were found."""

    number: int
    start: int
    end: int
    tie: Tie = Tie.MARK


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one block that the same citations cover; `opens` are those that begin here. `found` are words that
    somebody comes for; where they begin, she arrives. `hit` are words like those she looks for."""

    start: int
    text: str
    numbers: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    found: bool = False
    arrives: bool = False
    notes: tuple[int, ...] = ()
    opens_notes: tuple[int, ...] = ()
    hit: bool = False

    @property
    def tied(self) -> str:
        """What the piece is tied to, as the page writes it: "2 7 n1"."""
        return " ".join([*map(str, self.numbers), *(f"n{number}" for number in self.notes)])


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block and its pieces, which joined give its text; `level` is a heading's depth below the title."""

    kind: BlockKind
    level: int
    pieces: tuple[Piece, ...]

    @property
    def start(self) -> int:
        return self.pieces[0].start if self.pieces else 0

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def bulleted(self) -> bool:
        """The text brings its own bullet or number."""
        first = self.text.split(maxsplit=1)[0] if self.text.strip() else ""
        return first in {"•", "‣", "◦", "▪", "●", "–", "-", "*"} or first.rstrip(".)").isdigit()


Cell = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that can be set in columns; `header` is empty when the columns have no names."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring blocks of one kind: a list, a table, or one block alone."""

    kind: BlockKind
    blocks: tuple[BlockView, ...]
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    """A page, or what of it belongs to this part of the text."""

    number: int
    kind: PageKind
    groups: tuple[Group, ...]
    label: str = ""
    reason: str = ""
    confidence: float | None = None

    @property
    def percent_sure(self) -> int | None:
        """How sure text recognition is of the page; None where it was text already."""
        return None if self.confidence is None else round(100 * self.confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class InParts:
    """A document of which one part lies open; `starts` are the characters its parts begin with. Most have one part."""

    part: int
    parts: int
    starts: tuple[int, ...]

    def part_of(self, offset: int) -> int:
        """The part in which a character stands."""
        return part_of(self.starts, offset)


def part_of(starts: Sequence[int], offset: int) -> int:
    """The part in which a character stands, of those that begin with these."""
    return max(bisect_right(starts, offset), 1)


def found_at(cited: Sequence[Cited]) -> int | None:
    """Where the words stand that one came for."""
    return next((one.start for one in cited if one.number == FOUND), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextView(InParts):
    """One part of the text, ready to be set."""

    pages: tuple[PageView, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    page: PageText
    block: Block


def assemble(
    text: str,
    pages: Sequence[PageText],
    cited: Sequence[Cited],
    *,
    part: int = 0,
    near: int = 0,
    limit: int = WHOLE_TEXT_CHARACTERS,
) -> TextView:
    """The asked part of the text with its marks; 0 is the part with what was found, else that of the character `near`.
    A part that does not exist gives the nearest one."""
    parts = _parts(list(_placed(text, pages)), limit)
    part = min(part, len(parts)) if part > 0 else _part_of_found(parts, cited, near)
    placed = parts[part - 1]
    views = _views(text, placed, cited)
    by_page = {id(page): page for page in _shown_pages(pages, parts, part)}
    found: dict[int, list[BlockView]] = {key: [] for key in by_page}
    for item, view in zip(placed, views, strict=True):
        found[id(item.page)].append(view)
    return TextView(
        pages=tuple(_page_view(page, found[key]) for key, page in by_page.items()),
        part=part,
        parts=len(parts),
        starts=_starts(parts),
    )


def _page_view(page: PageText, blocks: list[BlockView]) -> PageView:
    return PageView(page.number, page.kind, _groups(blocks), page.label, page.reason, page.confidence)


Key = tuple[Tie, int]


def pieces(text: str, start: int, end: int, cited: Iterable[Cited], opened: set[Key]) -> tuple[Piece, ...]:
    """The stretch cut wherever a citation begins or ends; `opened` remembers which have begun."""
    cited = [one for one in cited if one.start < end and one.end > start]
    edges = {start, end, *(one.start for one in cited), *(one.end for one in cited)}
    cuts = sorted(edge for edge in edges if start <= edge <= end)
    return tuple(_piece(text, first, last, cited, opened) for first, last in pairwise(cuts))


def _piece(text: str, start: int, end: int, cited: list[Cited], opened: set[Key]) -> Piece:
    covering: set[Key] = {(one.tie, one.number) for one in cited if one.start <= start and one.end >= end}
    opens = covering - opened
    opened.update(opens)
    came_for = (Tie.MARK, FOUND)
    return Piece(
        start,
        text[start:end],
        _of(Tie.MARK, covering),
        _of(Tie.MARK, opens),
        found=came_for in covering,
        arrives=came_for in opens,
        notes=_of(Tie.NOTE, covering),
        opens_notes=_of(Tie.NOTE, opens),
        hit=any(tie == Tie.HIT for tie, _ in covering),
    )


def _of(tie: Tie, keys: set[Key]) -> tuple[int, ...]:
    return tuple(sorted(number for kind, number in keys if kind == tie and number != FOUND))


def _placed(text: str, pages: Sequence[PageText]) -> Iterator[_Placed]:
    """Every block with its page, in order. Text that no block claims becomes a paragraph: nothing is left out."""
    done = 0
    for page in pages:
        for block in page.blocks:
            yield from _unclaimed(text, page, done, block.start)
            yield _Placed(page, block)
            done = max(done, block.end)
        yield from _unclaimed(text, page, max(done, page.start), page.end)
        done = max(done, page.end)


def _unclaimed(text: str, page: PageText, start: int, end: int) -> Iterator[_Placed]:
    if text[start:end].strip():
        yield _Placed(page, Block(start, end, BlockKind.PARAGRAPH))


def _parts(placed: list[_Placed], limit: int) -> list[list[_Placed]]:
    """Blocks in stretches of at most `limit` characters, cut between blocks."""
    parts: list[list[_Placed]] = [[]]
    for item in placed:
        if parts[-1] and item.block.end - parts[-1][0].block.start > limit:
            parts.append([])
        parts[-1].append(item)
    return parts


def _part_of_found(parts: list[list[_Placed]], cited: Sequence[Cited], near: int) -> int:
    found = found_at(cited)
    return part_of(_starts(parts), near if found is None else found)


def _starts(parts: list[list[_Placed]]) -> tuple[int, ...]:
    return tuple(stretch[0].block.start if stretch else 0 for stretch in parts)


def _shown_pages(pages: Sequence[PageText], parts: list[list[_Placed]], part: int) -> list[PageText]:
    """The pages of a part, those without text too, so that every page is accounted for."""
    first = parts[part - 1][0].page.number if part > 1 else 0
    last = parts[part - 1][-1].page.number if part < len(parts) else float("inf")
    return [page for page in pages if first <= page.number <= last]


def _views(text: str, placed: list[_Placed], cited: Sequence[Cited]) -> list[BlockView]:
    starts = [item.block.start for item in placed]
    touching: list[list[Cited]] = [[] for _ in placed]
    for one in cited:
        for index in range(max(bisect_right(starts, one.start) - 1, 0), bisect_left(starts, one.end)):
            touching[index].append(one)
    opened: set[Key] = set()
    depths = _depths(item.block for item in placed)
    return [
        BlockView(item.block.kind, depth, pieces(text, item.block.start, item.block.end, touching[index], opened))
        for index, (item, depth) in enumerate(zip(placed, depths, strict=True))
    ]


def _depths(blocks: Iterable[Block]) -> Iterator[int]:
    """Heading levels below the title (2–6) without jumps; 0 for everything else."""
    depth = 1
    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            yield 0
            continue
        depth = min(max(block.level, 1) + 1, depth + 1, 6)
        yield depth


def _groups(blocks: list[BlockView]) -> tuple[Group, ...]:
    return tuple(group for kind, run in groupby(blocks, key=lambda block: block.kind) for group in _grouped(kind, run))


def _grouped(kind: BlockKind, run: Iterable[BlockView]) -> Iterator[Group]:
    if kind is BlockKind.TABLE_ROW:
        rows = tuple(run)
        yield Group(kind, rows, _table(rows))
    elif kind is BlockKind.LIST_ITEM:
        yield Group(kind, tuple(run))
    else:
        yield from (Group(kind, (block,)) for block in run)


def _table(rows: tuple[BlockView, ...]) -> Table | None:
    """The rows in columns; a first row that only holds the names the others repeat becomes the header."""
    names, table = rows[0], _columns(rows[1:])
    if table and names.text == " | ".join(table.header) and not any(piece.opens for piece in names.pieces):
        return table
    return _columns(rows)


def _columns(rows: tuple[BlockView, ...]) -> Table | None:
    """Columns, when all rows have the same number of cells; named ones, when every row repeats the same names."""
    for separator in (" | ", "; "):
        cells = [_split(row, separator) for row in rows]
        if len({len(row) for row in cells}) == 1 and len(cells[0]) > 1:
            header, cells = _named(cells)
            opened = [_opened(row, cut) for row, cut in zip(rows, cells, strict=True)]
            return Table(header, tuple(row for row in opened if row)) if all(opened) else None
    return None


def _split(row: BlockView, separator: str) -> list[Cell]:
    """The pieces of each cell, the separators left out."""
    cells, position = [], row.pieces[0].start
    for text in row.text.split(separator):
        cells.append(_between(row.pieces, position, position + len(text)))
        position += len(text) + len(separator)
    return cells


def _named(cells: list[list[Cell]]) -> tuple[tuple[str, ...], list[list[Cell]]]:
    """The names that every row repeats before its cells, and the cells without them."""
    names = {tuple(_text(cell).partition(": ")[0] for cell in row) for row in cells}
    if len(names) != 1 or any(": " not in _text(cell) for row in cells for cell in row):
        return (), cells
    header = names.pop()
    return header, [[_after(cell, f"{name}: ") for cell, name in zip(row, header, strict=True)] for row in cells]


def _after(cell: Cell, name: str) -> Cell:
    return _between(cell, cell[0].start + len(name), cell[-1].start + len(cell[-1].text))


def _between(run: Cell, first: int, last: int) -> Cell:
    cut = ((piece, max(piece.start, first), min(piece.start + len(piece.text), last)) for piece in run)
    return tuple(
        replace(
            piece,
            start=start,
            text=piece.text[start - piece.start : end - piece.start],
            opens=(),
            arrives=piece.arrives and first <= piece.start,
            opens_notes=piece.opens_notes if first <= piece.start else (),
        )
        for piece, start, end in cut
        if start < end
    )


def _opened(row: BlockView, cells: list[Cell]) -> tuple[Cell, ...] | None:
    """The cells, each mark of the row opening once; None when a mark lies only in what the columns leave out."""
    waiting = {number for piece in row.pieces for number in piece.opens}
    opened: list[Cell] = []
    for cell in cells:
        found = []
        for piece in cell:
            opens = tuple(number for number in piece.numbers if number in waiting)
            waiting.difference_update(opens)
            found.append(replace(piece, opens=opens))
        opened.append(tuple(found))
    return None if waiting else tuple(opened)


def _text(cell: Cell) -> str:
    return "".join(piece.text for piece in cell)
