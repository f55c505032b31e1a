"""The text of a page while it is being written. Every parser writes through here, so all formats obey the same rules:
blocks are stripped, never empty, and stand apart by a blank line (rows and items of one list by a line break)."""

import re
from collections.abc import Iterable, Sequence

from documents.reading import word_boxes
from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits
from documents.values import Block, BlockKind, Leaf, Look, PageKind, Word

# What no text may hold: PostgreSQL refuses NUL, UTF-8 has no lone surrogates, and the rest is never printed.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|\x0b|\x0c|\u2028|\u2029|\x85")
_EMPTY_CELL = "–"
LONGEST_SENTENCE = 600
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
    """The text of one page: takes its blocks in reading order and gives the leaf they make."""

    def __init__(self, limits: Limits) -> None:
        self.blocks: list[Block] = []
        self.position = 0
        self._parts: list[str] = []
        self._limit = limits.text_chars

    def add(self, text: str, kind: BlockKind = BlockKind.PARAGRAPH, level: int = 0, *, anchor: str = "") -> int | None:
        """Appends a block and says where it starts; None when there was nothing to append."""
        text = clean(text).strip()
        if not text:
            return None
        gap = self._gap_before(kind)
        start = self.position + len(gap)
        self._parts += (gap, text)
        self.position = start + len(text)
        check_size(self.position, self._limit)
        self.blocks.append(Block(start, self.position, kind, level, anchor))
        return start

    def leaf(
        self,
        number: int = 1,
        kind: PageKind = PageKind.TEXT,
        *,
        label: str = "",
        words: Iterable[Word] = (),
        width: float = 0.0,
        height: float = 0.0,
        looks: Sequence[Look] = (),
    ) -> Leaf:
        """The page with what was written on it; empty when nothing was."""
        return Leaf(
            number=number,
            kind=kind if self.blocks else PageKind.EMPTY,
            text="".join(self._parts),
            blocks=tuple(self.blocks),
            words=word_boxes.pack(words),
            width=width,
            height=height,
            label=one_line(label),
            looks=tuple(looks),
        )

    def _gap_before(self, kind: BlockKind) -> str:
        if not self.blocks:
            return ""
        return "\n" if kind in _TIGHT and self.blocks[-1].kind is kind else "\n\n"


def one_line(words: str, most: int = 300) -> str:
    """The words as a title or label may be: in one line and not endless."""
    return " ".join(clean(words).split())[:most]


def check_size(length: int, most: int) -> None:
    """Refuses a text that is longer than one document may be."""
    if length > most:
        raise UnreadableFile(
            Code.TOO_LARGE,
            f"The document holds more than {most:,} characters of text. "
            "Split it into several files and upload them one by one.",
        )
