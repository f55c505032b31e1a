"""The formats that are read: one line each. A new format is a line here and a module beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePath
from typing import cast

from documents.reading.limits import Limits
from documents.reading.progress import Progress
from documents.values import ReadDocument

Parser = Callable[[Path, Limits, Progress], ReadDocument]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file, and the module whose `parse` reads it."""

    name: str
    label: str
    media_type: str
    extensions: tuple[str, ...]
    module: str


PDF = Format("PDF", "PDF", "application/pdf", (".pdf",), "documents.reading.parsers.pdf")
DOCX = Format(
    "DOCX",
    "Word (DOCX)",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    (".docx",),
    "documents.reading.parsers.docx",
)
HTML = Format("HTML", "web pages (HTML)", "text/html", (".html", ".htm", ".xhtml"), "documents.reading.parsers.html")
MARKDOWN = Format("Markdown", "Markdown", "text/markdown", (".md", ".markdown"), "documents.reading.parsers.markdown")
PLAIN = Format("plain text", "plain text", "text/plain", (".txt", ".text"), "documents.reading.parsers.plain")

FORMATS: tuple[Format, ...] = (PDF, DOCX, HTML, MARKDOWN, PLAIN)


def supported_list() -> str:
    """The formats as words in a sentence: "PDF, Word (DOCX), … and plain text"."""
    *first, last = (format_.label for format_ in FORMATS)
    return f"{', '.join(first)} and {last}"


def by_extension(filename: str) -> Format | None:
    """The format a file's name promises, if it is one that is read."""
    suffix = PurePath(filename).suffix.lower()
    return next((format_ for format_ in FORMATS if suffix in format_.extensions), None)


def parser(format_: Format) -> Parser:
    """The function that reads a format. Parsers are loaded when used: each brings a large library."""
    return cast(Parser, import_module(format_.module).parse)
