"""A text that came without a file: it stays as it is, so that offsets count in what was sent."""

import re

from documents.reading.language import detect
from documents.values import Block, BlockKind, PageKind, ReadDocument, ReadPage

_PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:\n[^\S\n]*\S(?:.*\S)?)*")


def structure(text: str) -> ReadDocument:
    """The text with its paragraphs, which stand between blank lines."""
    blocks = tuple(Block(found.start(), found.end(), BlockKind.PARAGRAPH) for found in _PARAGRAPH.finditer(text))
    page = ReadPage(1, 0, len(text), PageKind.TEXT if blocks else PageKind.EMPTY)
    return ReadDocument(text, (page,), blocks, language=detect(text))
