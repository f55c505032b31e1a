"""The frozen shapes one stage hands the next. Read this first.

Every offset counts code points of a document's canonical text (`content`), end exclusive.
Every box is given in fractions of its page, origin at the top left.
"""

from dataclasses import dataclass
from enum import StrEnum


class PageKind(StrEnum):
    """How the text of a page was come by."""

    TEXT = "text"
    OCR = "ocr"
    TABLE = "table"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


class BlockKind(StrEnum):
    """What a stretch of text is. Sentences never cross a block."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CODE = "code"


class Task(StrEnum):
    """What is asked of a model. The built-in provider knows each; Claude gets a prompt for each."""

    SUMMARY = "summary"
    KEY_POINTS = "key_points"
    ENTITIES = "entities"
    CLASSIFY = "classify"
    QUESTIONS = "questions"
    INSTRUCTION = "instruction"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the canonical text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in fractions of its width and height."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text and where it stands on its page."""

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table row or code block; `level` is 1–6 for headings, else 0."""

    start: int
    end: int
    kind: BlockKind
    level: int = 0


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page: its number (from 1), its stretch of the text, its size in points (0 when it has none)."""

    number: int
    start: int
    end: int
    kind: PageKind
    width: float = 0.0
    height: float = 0.0
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What reading a file gives: the canonical text, and where everything in it stands.

    Pages are ordered, do not overlap and cover every block. Formats without pages give one page.
    """

    text: str
    pages: tuple[ReadPage, ...]
    blocks: tuple[Block, ...]
    title: str = ""
    language: str = ""
    hidden_text: bool = False


@dataclass(frozen=True, slots=True)
class CutPassage:
    """A passage: whole sentences of one part of the document, with the headings above it."""

    ordinal: int
    start: int
    end: int
    pages: tuple[int, ...]
    heading_path: tuple[str, ...]
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """A citation after it was held against the text.

    Verified: the text at [start:end] is the quote. Not verified: it links nowhere, start and end are None.
    """

    source: int
    quote: str
    verified: bool
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A statement shown to a person, and the indexes of its citations in `CheckedResult.citations`."""

    text: str
    citations: tuple[int, ...] = ()
    label: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True)
class CheckedResult:
    """What an analysis says, each claim with its evidence."""

    text: str
    claims: tuple[CheckedClaim, ...]
    citations: tuple[CheckedCitation, ...]
