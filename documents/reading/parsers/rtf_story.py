"""What a part of an RTF file holds: blocks in their order, and the rows of its tables."""

from dataclasses import dataclass, field

from documents.reading.draft import Draft
from documents.reading.parsers import tables
from documents.values import BlockKind


@dataclass(slots=True)
class Table:
    """Rows of cells; the first `headers` of them name the columns."""

    rows: list[list[str]] = field(default_factory=list)
    headers: int = 0


@dataclass(slots=True)
class Story:
    """Blocks in their order, and what is being read: a paragraph, or the lines and cells of a row."""

    blocks: list[tuple[str, BlockKind, int] | Table] = field(default_factory=list)
    aside: list["Story"] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    bold: bool = True
    names_columns: bool = False

    def write(self, draft: Draft, told: set[str] | None = None) -> None:
        """Into the draft. With `told`, words are left out that stand there already, and numbers of pages."""
        for block in self.blocks:
            if isinstance(block, Table):
                tables.add(draft, block.rows, block.headers if block.headers < len(block.rows) else 0)
            elif told is None:
                draft.add(*block)
            elif block[0].strip() not in told and any(map(str.isalpha, block[0])):
                told.add(block[0].strip())
                draft.add(*block)

    def end_paragraph(self, kind: BlockKind, level: int, *, in_table: bool) -> None:
        words = self._taken()
        if in_table:
            self.lines.append(words)
            return
        self._end_loose_row()
        if words.strip():
            self.blocks.append((words, kind, level))
        self._end_aside()

    def end_cell(self) -> None:
        self.lines.append(self._taken())
        self.cells.append(" ".join(" ".join(self.lines).split()))
        self.lines.clear()

    def end_row(self) -> None:
        if self.seen or self.lines:
            self.end_cell()
        if self.cells:
            table = self.blocks[-1] if self.blocks and isinstance(self.blocks[-1], Table) else Table()
            if not table.rows:
                self.blocks.append(table)
            if (self.names_columns or (self.bold and not table.rows)) and table.headers == len(table.rows):
                table.headers += 1
            table.rows.append(self.cells)
            self.cells = []
        self.bold = True
        self._end_aside()

    def _taken(self) -> str:
        words = _whole("".join(self.seen))
        self.seen.clear()
        return words

    def _end_loose_row(self) -> None:
        """A row that never ended: its words are text."""
        for words in (*self.cells, *self.lines):
            self.blocks.append((words, BlockKind.PARAGRAPH, 0))
        self.cells.clear()
        self.lines.clear()

    def _end_aside(self) -> None:
        """What hangs on a paragraph: its hidden words, notes and text boxes."""
        if any(words.strip() for words in self.hidden):
            self.blocks.append((_whole("".join(self.hidden)), BlockKind.HIDDEN, 0))
        self.hidden.clear()
        for story in self.aside:
            self.blocks += story.blocks
        self.aside.clear()


def _whole(text: str) -> str:
    """The text with the halves of pairs put together."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
