"""From leaves to a document and back: the text of the pages one after another, and every offset moved along."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from documents.reading import headings
from documents.values import Block, BlockKind, Leaf, Look, Part, ReadDocument, ReadPage

_BETWEEN_PAGES = "\n\n"


def bind(
    leaves: Iterable[Leaf], *, title: str = "", notes: Sequence[str] = (), parts: Sequence[Part] = ()
) -> ReadDocument:
    """The document of these leaves, in their order; without a title, its first heading of the highest level is it."""
    texts: list[str] = []
    pages: list[ReadPage] = []
    blocks: list[Block] = []
    looks: list[Look | None] = []
    position = 0
    for leaf in leaves:
        gap = _BETWEEN_PAGES if leaf.text and position else ""
        start = position + len(gap)
        if leaf.text:
            texts += (gap, leaf.text)
            position = start + len(leaf.text)
        pages.append(_page(leaf, start if leaf.text else position))
        blocks += (replace(block, start=block.start + start, end=block.end + start) for block in leaf.blocks)
        looks += leaf.looks or [None] * len(leaf.blocks)
    text = "".join(texts)
    marked = headings.marked(blocks, looks, text)
    return ReadDocument(
        text, tuple(pages), marked, title or _first_heading(marked, text), notes=tuple(notes), parts=tuple(parts)
    )


def unbind(document: ReadDocument) -> list[Leaf]:
    """The leaves that make the document again; how its blocks were set is not known any more."""
    starts = [page.start for page in document.pages]
    blocks: list[list[Block]] = [[] for _ in document.pages]
    for block in document.blocks:
        index = max(bisect_right(starts, block.start) - 1, 0)
        start = starts[index]
        blocks[index].append(replace(block, start=block.start - start, end=block.end - start))
    return [
        Leaf(
            number=page.number,
            kind=page.kind,
            text=document.text[page.start : page.end],
            blocks=tuple(on_page),
            words=page.words,
            width=page.width,
            height=page.height,
            label=page.label,
            reason=page.reason,
            confidence=page.confidence,
        )
        for page, on_page in zip(document.pages, blocks, strict=True)
    ]


def _page(leaf: Leaf, start: int) -> ReadPage:
    return ReadPage(
        number=leaf.number,
        start=start,
        end=start + len(leaf.text),
        kind=leaf.kind,
        width=leaf.width,
        height=leaf.height,
        words=leaf.words,
        label=leaf.label,
        reason=leaf.reason,
        confidence=leaf.confidence,
    )


def _first_heading(blocks: Sequence[Block], text: str) -> str:
    found = [block for block in blocks if block.kind is BlockKind.HEADING]
    if not found:
        return ""
    block = min(found, key=lambda heading: heading.level)
    return " ".join(text[block.start : block.end].split())[:300]
