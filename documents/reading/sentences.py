"""Where sentences begin and end. Whatever finds the borders only says where to cut: nothing is ever left out."""

import re
from collections.abc import Iterable, Iterator

from syntok import segmenter

from documents.values import Block, BlockKind, Span

_LONGEST = 2_000
# Beyond this a paragraph is no prose, and the simple rule does.
_LONGEST_PROSE = 50_000
_OTHER_SCRIPTS = re.compile("[\u0530-\u1fff\u2e80-\ua4cf\ua960-\ud7ff\uf900-\ufaff\ufe30-\uffef]")
# A full stop of any script with the quotes and brackets that close after it; Latin ones need a space behind.
_FULL_STOP = re.compile(r"""(?:[。！？｡．]+[”’」』）】》〉"')\]]*|(?:[.!?…।॥؟۔։။។]+[”’»"')\]]*(?=\s)))""")
_LINE = re.compile(r"[^\n]+")


def in_block(text: str, block: Block) -> Iterator[Span]:
    """The sentences of one block of the text."""
    content = text[block.start : block.end]
    for start, end in _pieces(_borders(content, block.kind), len(content)):
        for part_start, part_end in _bounded(content, start, end):
            span = _stripped(content, part_start, part_end, block.start)
            if span is not None:
                yield span


def _borders(content: str, kind: BlockKind) -> Iterable[int]:
    """Where sentences begin, in any order, the first one aside."""
    if kind in (BlockKind.HEADING, BlockKind.TABLE_ROW):
        return ()
    if kind is BlockKind.CODE:
        return (line.start() for line in _LINE.finditer(content))
    if len(content) > _LONGEST_PROSE or _is_other_script(content):
        return (stop.end() for stop in _FULL_STOP.finditer(content))
    return _prose_borders(content)


def _is_other_script(content: str) -> bool:
    return len(_OTHER_SCRIPTS.findall(content)) > 0.2 * len(content)


def _prose_borders(content: str) -> Iterator[int]:
    """By syntok, which knows abbreviations, initials and ordinals of languages written in Latin letters."""
    for paragraph in segmenter.analyze(content):
        for tokens in paragraph:
            yield tokens[0].offset


def _pieces(borders: Iterable[int], length: int) -> Iterator[tuple[int, int]]:
    start = 0
    for border in borders:
        if start < border < length:
            yield start, border
            start = border
    yield start, length


def _bounded(content: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence too long to be one, in parts cut at white space where there is any."""
    while end - start > _LONGEST:
        space = max(content.rfind(" ", start, start + _LONGEST), content.rfind("\n", start, start + _LONGEST))
        middle = space if space > start else start + _LONGEST
        yield start, middle
        start = middle
    yield start, end


def _stripped(content: str, start: int, end: int, offset: int) -> Span | None:
    part = content[start:end]
    kept = part.strip()
    if not kept:
        return None
    start += len(part) - len(part.lstrip())
    return Span(offset + start, offset + start + len(kept))
