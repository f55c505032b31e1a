"""Blocks one sentence runs through: a page or a column ended in the middle of it.

Only pages whose paragraphs were told by where they stand have such breaks; other formats say themselves where a
paragraph ends.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from documents.values import Block, BlockKind, ReadDocument

_MOST_HEADS = 4
_LONGEST_HEAD = 120
# So many words make a line of prose; labels of drawings have fewer.
_PROSE_WORDS = 6
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"\W*(?:[^\W\d]{1,6}\.?\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|von|de|/)\s*\d{1,4})?\W*", re.I
)
_OPEN_END = re.compile(r"[\w,–—-]$")


@dataclass(frozen=True, slots=True)
class Run:
    """One block, or several of which the outer ones hold parts of one sentence; `heads` stand between pages."""

    parts: tuple[Block, ...]

    @property
    def first(self) -> Block:
        return self.parts[0]

    @property
    def start(self) -> int:
        return self.parts[0].start

    @property
    def end(self) -> int:
        return self.parts[-1].end


def runs(document: ReadDocument) -> Iterator[Run]:
    """Every block of the document once, in order, but for the running heads and feet that a sentence runs over."""
    joiner = _Joiner(document)
    index = 0
    while index < len(document.blocks):
        parts = [index]
        while (following := joiner.continuation(parts[-1])) is not None:
            parts.append(following)
        yield Run(tuple(document.blocks[part] for part in parts))
        index = parts[-1] + 1


class _Joiner:
    def __init__(self, document: ReadDocument) -> None:
        self.text = document.text
        self.blocks = document.blocks
        self.pages = document.pages
        self.starts = [page.start for page in document.pages]
        self.repeated = _repeated(document)

    def continuation(self, index: int) -> int | None:
        """The block in which the sentence that this one leaves open goes on."""
        block = self.blocks[index]
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) or not self._is_open(block):
            return None
        page = self._page(block)
        for following in range(index + 1, min(index + 2 + _MOST_HEADS, len(self.blocks))):
            candidate = self.blocks[following]
            turned = self._page(candidate) != page
            if self._goes_on(candidate) and (turned or following == index + 1):
                return following
            if not self._is_head(candidate):
                return None
        return None

    def _page(self, block: Block) -> int:
        return bisect_right(self.starts, block.start) - 1

    def _is_open(self, block: Block) -> bool:
        words = self.text[block.start : block.end]
        is_set = self.pages[self._page(block)].width > 0
        return is_set and bool(_OPEN_END.search(words)) and len(words.split()) >= _PROSE_WORDS

    def _goes_on(self, block: Block) -> bool:
        return block.kind is BlockKind.PARAGRAPH and self.text[block.start].islower() and not self._is_head(block)

    def _is_head(self, block: Block) -> bool:
        words = self.text[block.start : block.end]
        if block.kind is BlockKind.HIDDEN or len(words) > _LONGEST_HEAD:
            return False
        return bool(_PAGE_NUMBER.fullmatch(words)) or _DIGITS.sub("0", words) in self.repeated


def _repeated(document: ReadDocument) -> frozenset[str]:
    """Short blocks that come again, whatever numbers are in them."""
    short = (block for block in document.blocks if block.end - block.start <= _LONGEST_HEAD)
    times = Counter(_DIGITS.sub("0", document.text[block.start : block.end]) for block in short)
    return frozenset(words for words, count in times.items() if count > 1)


def unbroken(text: str, parts: Sequence[Block]) -> str:
    """The text of a run with blanks, as many as there are characters, for all that stands between its parts."""
    pieces = [text[parts[0].start : parts[0].end]]
    for before, part in pairwise(parts):
        pieces += (" " * (part.start - before.end), text[part.start : part.end])
    return "".join(pieces)
