"""A text that came without a file: it stays as it is, so that offsets count in what was sent."""

import re
from collections.abc import Iterator
from itertools import groupby

from documents.reading.language import detect
from documents.values import Block, BlockKind, PageKind, ReadDocument, ReadPage

_PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:\n[^\S\n]*\S(?:.*\S)?)*")
_LINE = re.compile(r"[^\n]+")
# A bullet or number set off by a tab begins an item of a list, not a row.
_ITEM = re.compile(r"(?:[•‣◦▪●○■□–—*·-]|\(?\w{1,3}[.)])\t[^\t]*")


def structure(text: str) -> ReadDocument:
    """The text with its paragraphs, which stand between blank lines, and its rows."""
    blocks = tuple(block for found in _PARAGRAPH.finditer(text) for block in _blocks(text, found))
    page = ReadPage(1, 0, len(text), PageKind.TEXT if blocks else PageKind.EMPTY)
    return ReadDocument(text, (page,), blocks, language=detect(text))


def is_table_row(line: str) -> bool:
    """Whether tabs part the line into cells; tabs at its edges only set it in."""
    line = line.strip()
    return "\t" in line and not _ITEM.fullmatch(line)


def _blocks(text: str, paragraph: re.Match[str]) -> Iterator[Block]:
    lines = _LINE.finditer(text, paragraph.start(), paragraph.end())
    for is_row, run in groupby(lines, key=lambda line: is_table_row(line.group())):
        spans = [_stripped(line) for line in run]
        if is_row:
            yield from (Block(start, end, BlockKind.TABLE_ROW) for start, end in spans)
        else:
            yield Block(spans[0][0], spans[-1][1], BlockKind.PARAGRAPH)


def _stripped(line: re.Match[str]) -> tuple[int, int]:
    words = line.group()
    return line.start() + len(words) - len(words.lstrip()), line.start() + len(words.rstrip())
