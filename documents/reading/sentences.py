"""Where sentences begin and end. Whatever finds the borders only says where to cut: nothing is ever left out."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from syntok import segmenter

from documents.reading.runs import Run, unbroken
from documents.values import BlockKind, Span

_LONGEST = 2_000
# Beyond this a paragraph is no prose, and the simple rule does.
_LONGEST_PROSE = 50_000
_OTHER_SCRIPTS = re.compile("[\u0530-\u1fff\u2e80-\ua4cf\ua960-\ud7ff\uf900-\ufaff\ufe30-\uffef]")
# A full stop of any script with the quotes and brackets that close after it; Latin ones need a space behind.
# Possessive, and never begun within a row of stops: a text of nothing but stops is looked at once.
_FULL_STOP = re.compile(
    r"""(?<![。！？｡．])[。！？｡．]++[”’」』）】》〉"')\]]*+|(?<![.!?…।॥؟۔։።។])[.!?…।॥؟۔։።។]++[”’»"')\]]*+(?=\s)"""
)
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\S+")
# An e-mail or web address with the full stop after it, which syntok takes for a part of the address.
_ENDING_ADDRESS = re.compile(r"(?:[^@]+@|.{0,9}://|[(\[\"'“]?www\.)\S*[.!?][”’»\"')\]]*")
# A row up to this long is read at a glance; a longer one is cut between cells and sentences, none of them too short.
_LONGEST_ROW = 240
_SHORTEST_OF_ROW = 80
_CELL_GAP = re.compile(r" \| |\t|; ")


def in_run(text: str, run: Run) -> Iterator[Span]:
    """The sentences of one block of the text, or of several that one sentence runs through."""
    content = unbroken(text, run.parts)
    for start, end in _pieces(_borders(content, run.first.kind), len(content)):
        for part_start, part_end in _bounded(content, start, end):
            span = _stripped(content, part_start, part_end, run.start)
            if span is not None:
                yield span


def _borders(content: str, kind: BlockKind) -> Iterable[int]:
    """Where sentences begin, in any order, the first one aside."""
    if kind is BlockKind.HEADING:
        return ()
    if kind is BlockKind.TABLE_ROW:
        return _row_borders(content)
    if kind is BlockKind.CODE:
        return (line.start() for line in _LINE.finditer(content))
    return _prose_borders(content)


def _is_other_script(content: str) -> bool:
    return len(_OTHER_SCRIPTS.findall(content)) > 0.2 * len(content)


def _prose_borders(content: str) -> Iterable[int]:
    if len(content) > _LONGEST_PROSE or _is_other_script(content):
        return (stop.end() for stop in _FULL_STOP.finditer(content))
    return sorted({*_latin_borders(content), *_borders_after_addresses(content)})


def _latin_borders(content: str) -> Iterator[int]:
    """By syntok, which knows abbreviations, initials and ordinals of languages written in Latin letters."""
    for paragraph in segmenter.analyze(content):
        for tokens in paragraph:
            yield tokens[0].offset


def _borders_after_addresses(content: str) -> Iterator[int]:
    for word, following in pairwise(_WORD.finditer(content)):
        if content[following.start()].isupper() and _ENDING_ADDRESS.fullmatch(word.group()):
            yield following.start()


def _row_borders(content: str) -> Iterator[int]:
    if len(content) <= _LONGEST_ROW:
        return
    start = 0
    for border in sorted({*_prose_borders(content), *(gap.end() for gap in _CELL_GAP.finditer(content))}):
        if border - start >= _SHORTEST_OF_ROW:
            yield border
            start = border


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
