"""Reads a file with one parser in this process, as the sandbox would."""

import time
from pathlib import Path

from documents.reading import binding, word_boxes
from documents.reading.items import Note, Title
from documents.reading.limits import DEFAULT, Limits
from documents.reading.parsers.registry import Parser
from documents.values import Block, Leaf, Part, ReadDocument, Word

# On a machine that is neither slow nor busy.
_PIECE_OF_WORK, _ITS_SECONDS = 5_000_000, 0.2


def read_with(parse: Parser, path: Path, limits: Limits = DEFAULT) -> ReadDocument:
    """The document the parser makes of the file; the contents of its parts are left out."""
    items = list(parse(path, limits))
    return binding.bind(
        (item for item in items if isinstance(item, Leaf)),
        title=next((item.text for item in items if isinstance(item, Title) and item.text), ""),
        notes=[item.text for item in items if isinstance(item, Note)],
        parts=[item for item in items if isinstance(item, Part)],
    )


def is_quick(began: float, seconds: float) -> bool:
    """Whether this process has worked no longer than so many seconds since, of a machine that is neither slow nor busy.

    `began` is of `time.process_time()`. On a slower machine, or one that others use, as much longer as a fixed piece of
    work takes there right now.
    """
    worked = time.process_time() - began
    return worked < seconds or worked < seconds * _slowness()


def _slowness() -> float:
    began = time.process_time()
    sum(number & 1 for number in range(_PIECE_OF_WORK))
    return (time.process_time() - began) / _ITS_SECONDS


def contents(parse: Parser, path: Path, limits: Limits = DEFAULT) -> dict[str, bytes]:
    """The bytes of each part that can be read, by its name."""
    found: dict[str, bytes] = {}
    name = ""
    for item in parse(path, limits):
        if isinstance(item, Part):
            name = item.name
        elif isinstance(item, bytes):
            found[name] = found.get(name, b"") + item
    return found


def blocks(document: ReadDocument) -> list[str]:
    return [words_of(document, block) for block in document.blocks]


def words_of(document: ReadDocument, block: Block) -> str:
    return document.text[block.start : block.end]


def placed(document: ReadDocument) -> list[tuple[str, Word]]:
    """Every word that has a place, with its letters."""
    return [
        (document.text[page.start + word.start : page.start + word.end], word)
        for page in document.pages
        for word in word_boxes.unpack(page.words)
    ]


def place(document: ReadDocument, words: str) -> Word:
    """Where the first such word stands."""
    return next(word for letters, word in placed(document) if letters == words)
