"""Which paragraphs of a document set in type are headings: they are short, and larger or bolder than the rest."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import inf

from documents.values import Block, BlockKind, Look

_MOST_LINES = 3
_MOST_CHARS = 200
_LEVELS = 6


def marked(blocks: Sequence[Block], looks: Sequence[Look | None], text: str) -> tuple[Block, ...]:
    """The blocks, with headings marked as such; the largest type is level 1. Blocks without a look stay as they are."""
    seen = [(block, look) for block, look in zip(blocks, looks, strict=True) if look is not None]
    body, mostly_bold = _body(seen)
    sizes: dict[int, float] = {}
    for index, (block, look) in enumerate(zip(blocks, looks, strict=True)):
        if look is None:
            continue
        bolder = look.bold and not mostly_bold
        if _can_be(block, look, text) and (look.size >= 1.15 * body or (bolder and look.size >= 0.95 * body)):
            sizes[index] = look.size
    levels = _levels(sizes.values())
    return tuple(
        replace(block, kind=BlockKind.HEADING, level=levels[sizes[index]]) if index in sizes else block
        for index, block in enumerate(blocks)
    )


def _body(seen: Iterable[tuple[Block, Look]]) -> tuple[float, bool]:
    """The size most of the text is set in, and whether most of it is bold."""
    sizes: Counter[float] = Counter()
    bold = 0
    for block, look in seen:
        sizes[round(look.size, 1)] += block.end - block.start
        bold += (block.end - block.start) * look.bold
    return (sizes.most_common(1)[0][0] if sizes else 0.0), 2 * bold > sizes.total()


def _levels(sizes: Iterable[float]) -> dict[float, int]:
    """The rank of each size from the largest down; sizes hardly apart share one."""
    levels: dict[float, int] = {}
    level, leader = 0, inf
    for size in sorted(set(sizes), reverse=True):
        if size < 0.92 * leader:
            level, leader = min(level + 1, _LEVELS), size
        levels[size] = level
    return levels


def _can_be(block: Block, look: Look, text: str) -> bool:
    words = text[block.start : block.end]
    if block.kind in (BlockKind.TABLE_ROW, BlockKind.HIDDEN) or look.lines > _MOST_LINES or len(words) > _MOST_CHARS:
        return False
    return sum(char.isalpha() for char in words) >= 3 and not words.endswith((".", ",", ";", ":"))
