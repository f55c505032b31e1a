"""From the lines of a page to its leaf: text, blocks, and where each word stands."""

from collections.abc import Callable, Iterator, Sequence

from documents.reading import columns, layout, tables
from documents.reading.draft import Draft
from documents.reading.layout import Line, Paragraph, PlacedWord
from documents.reading.limits import Limits
from documents.values import BlockKind, Leaf, Look, PageKind, Word

# The word's box in fractions of the page; None when it stands wholly outside.
Fractions = Callable[[PlacedWord], tuple[float, float, float, float] | None]
# So many rows, and most of the letters in them, make a page a table.
_FEWEST_ROWS = 3


class Setting:
    """A page being set: takes its lines, those turned alike at a time, and gives the leaf."""

    def __init__(self, limits: Limits) -> None:
        self._draft = Draft(limits)
        self._looks: list[Look] = []
        self._words: list[Word] = []

    def add(self, lines: Sequence[Line], fractions: Fractions) -> None:
        """The paragraphs, list items and table rows these lines make."""
        for paragraph in layout.paragraphs(columns.in_reading_order(lines), tables.rows):
            self._append(paragraph, paragraph.kind, fractions)

    def add_hidden(self, lines: Sequence[Line], fractions: Fractions) -> None:
        """Words a reader of the page cannot see, after all that can be seen."""
        for paragraph in layout.paragraphs(lines, tables.rows):
            self._append(paragraph, BlockKind.HIDDEN, fractions)

    def leaf(self, *, number: int, kind: PageKind, width: float, height: float) -> Leaf:
        """The page; one of text that is mostly rows of a table is a table."""
        if kind is PageKind.TEXT and self._is_table():
            kind = PageKind.TABLE
        return self._draft.leaf(number, kind, words=self._words, width=width, height=height, looks=self._looks)

    def _append(self, paragraph: Paragraph, kind: BlockKind, fractions: Fractions) -> None:
        text = "".join(joint + word.text for joint, word in paragraph.words) + paragraph.tail
        start = self._draft.add(text, kind)
        if start is not None:
            self._looks.append(Look(paragraph.size, paragraph.bold, paragraph.lines))
            self._words += _placed(paragraph, start, fractions)

    def _is_table(self) -> bool:
        lengths = {True: 0, False: 0}
        rows = 0
        for block in self._draft.blocks:
            if block.kind is not BlockKind.HIDDEN:
                lengths[block.kind is BlockKind.TABLE_ROW] += block.end - block.start
                rows += block.kind is BlockKind.TABLE_ROW
        return rows >= _FEWEST_ROWS and lengths[True] > lengths[False]


def set_page(
    lines: Sequence[Line],
    fractions: Fractions,
    limits: Limits,
    *,
    number: int,
    kind: PageKind,
    width: float,
    height: float,
) -> Leaf:
    """The page these lines stand on; empty without any."""
    setting = Setting(limits)
    setting.add(lines, fractions)
    return setting.leaf(number=number, kind=kind, width=width, height=height)


def _placed(paragraph: Paragraph, start: int, fractions: Fractions) -> Iterator[Word]:
    for joint, word in paragraph.words:
        start += len(joint)
        end = start + len(word.text)
        box = fractions(word)
        if box:
            yield Word(start, end, *box, confidence=word.confidence)
        start = end
