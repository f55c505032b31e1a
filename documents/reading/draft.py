"""The canonical text while it is being written. Every parser writes through here, so all formats obey the same rules:
blocks are stripped, never empty, and stand apart by a blank line (rows and items of one list by a line break)."""

import re
from collections.abc import Sequence

from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits
from documents.values import Block, BlockKind, PageKind, ReadDocument, ReadPage

# What no text may hold: PostgreSQL refuses NUL, UTF-8 has no lone surrogates, and the rest is never printed.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|\x0b|\x0c|\u2028|\u2029|\x85")
_EMPTY_CELL = "–"
_TIGHT = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)


def clean(text: str) -> str:
    """The text with one kind of line end and without what cannot be stored."""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))


def table_row(header: Sequence[str], cells: Sequence[str]) -> str:
    """A row that can be read alone: each cell after the name of its column, or between bars when not all have names.

    Every cell keeps its place, an empty one as a dash; a row of empty cells is nothing.
    """
    if not any(cells):
        return ""
    shown = [cell or _EMPTY_CELL for cell in cells]
    if len(header) != len(cells) or not all(header):
        return " | ".join(shown)
    return "; ".join(f"{name}: {cell}" for name, cell in zip(header, shown, strict=True))


class Draft:
    """Takes blocks in reading order and gives the document they make."""

    def __init__(self, limits: Limits) -> None:
        self.blocks: list[Block] = []
        self.position = 0
        self._parts: list[str] = []
        self._limit = limits.text_chars

    def add(self, text: str, kind: BlockKind = BlockKind.PARAGRAPH, level: int = 0) -> int | None:
        """Appends a block and says where it starts; None when there was nothing to append."""
        text = clean(text).strip()
        if not text:
            return None
        gap = self._gap_before(kind)
        start = self.position + len(gap)
        self._parts += (gap, text)
        self.position = start + len(text)
        self._check_size()
        self.blocks.append(Block(start, self.position, kind, level))
        return start

    def document(
        self, pages: tuple[ReadPage, ...] | None = None, *, title: str = "", hidden_text: bool = False
    ) -> ReadDocument:
        """What was written; one page when the format has none."""
        title = " ".join(clean(title).split())[:300]
        return ReadDocument(
            text="".join(self._parts),
            pages=pages if pages is not None else (self._only_page(),),
            blocks=tuple(self.blocks),
            title=title,
            hidden_text=hidden_text,
        )

    def first_heading(self) -> str:
        """The words of the first heading of the highest level there is, or nothing."""
        headings = [block for block in self.blocks if block.kind is BlockKind.HEADING]
        if not headings:
            return ""
        block = min(headings, key=lambda heading: heading.level)
        return "".join(self._parts)[block.start : block.end]

    def _gap_before(self, kind: BlockKind) -> str:
        if not self.blocks:
            return ""
        return "\n" if kind in _TIGHT and self.blocks[-1].kind is kind else "\n\n"

    def _only_page(self) -> ReadPage:
        kind = PageKind.TEXT if self.blocks else PageKind.EMPTY
        return ReadPage(number=1, start=0, end=self.position, kind=kind)

    def _check_size(self) -> None:
        if self.position > self._limit:
            raise UnreadableFile(
                Code.TOO_LARGE,
                f"The document holds more than {self._limit:,} characters of text. "
                "Split it into several files and upload them one by one.",
            )
