"""Reads a file with one parser in this process, as the sandbox would."""

from pathlib import Path

from documents.reading import binding, word_boxes
from documents.reading.items import Note, Title
from documents.reading.limits import DEFAULT, Limits
from documents.reading.parsers.registry import Parser
from documents.values import Block, Leaf, Part, ReadDocument, Word


def read_with(parse: Parser, path: Path, limits: Limits = DEFAULT) -> ReadDocument:
    """The document the parser makes of the file; the contents of its parts are left out."""
    items = list(parse(path, limits))
    return binding.bind(
        (item for item in items if isinstance(item, Leaf)),
        title=next((item.text for item in items if isinstance(item, Title) and item.text), ""),
        notes=[item.text for item in items if isinstance(item, Note)],
        parts=[item for item in items if isinstance(item, Part)],
    )


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
