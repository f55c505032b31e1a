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
    TOO_LARGE = "too_large"


UNREAD = (PageKind.UNREADABLE, PageKind.TOO_LARGE)


class BlockKind(StrEnum):
    """What a stretch of text is. Sentences cross blocks only where a page or column ends within one."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CODE = "code"
    # Words a reader of the page cannot see. They are kept and shown as such, and never sent to a model.
    HIDDEN = "hidden"


class Task(StrEnum):
    """What is asked of a model. The built-in provider knows each; Claude gets a prompt for each."""

    SUMMARY = "summary"
    KEY_POINTS = "key_points"
    ENTITIES = "entities"
    CLASSIFY = "classify"
    QUESTIONS = "questions"
    INSTRUCTION = "instruction"
    EXTRACT = "extract"
    DATES = "dates"
    OBLIGATIONS = "obligations"
    TRANSLATION = "translation"


class FieldType(StrEnum):
    """What the value of a field is. A date is given as 2026-05-12, a number with a point, a choice as it is offered."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One value to be found in a text; `choices` are those of a CHOICE."""

    name: str
    type: FieldType = FieldType.TEXT
    description: str = ""
    choices: tuple[str, ...] = ()


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
    """A word of a page and where it stands there; offsets count the page's own text.

    `confidence` is how sure text recognition is of it, 0 to 1; None for words that were text already.
    """

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table row or code block; `level` is 1–6 for headings, else 0.

    `anchor` is the place as the program of the file names it: "Budget!A5:F5" for a row of a spreadsheet.
    """

    start: int
    end: int
    kind: BlockKind
    level: int = 0
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a block is set: the size of its type in points, its weight, its lines."""

    size: float
    bold: bool
    lines: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page by itself, as a parser yields it: offsets count its own text. `binding.bind` makes a document of leaves.

    `words` are packed (`word_boxes`). `label` is what people call the page (a sheet's name, "Slide 3"), `reason` why it
    could not be read. `confidence` is the mean of text recognition, 0 to 1. `looks` stand beside `blocks`, or are none.
    """

    number: int
    kind: PageKind
    text: str = ""
    blocks: tuple[Block, ...] = ()
    words: bytes = b""
    width: float = 0.0
    height: float = 0.0
    label: str = ""
    reason: str = ""
    confidence: float | None = None
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A file inside a file: an attachment, or a member of an archive.

    Without a `reason` it can be read as a document of its own, as `media_type`; with one it is only listed.
    """

    name: str
    size: int
    media_type: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page: its number (from 1), its stretch of the text, its size in points (0 when it has none).

    The other fields are those of a `Leaf`; `words` count from the page's start.
    """

    number: int
    start: int
    end: int
    kind: PageKind
    width: float = 0.0
    height: float = 0.0
    words: bytes = b""
    label: str = ""
    reason: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What reading a file gives: the canonical text, and where everything in it stands.

    Pages are ordered, do not overlap and cover every block. Formats without pages give one page. `notes` are sentences
    for the owner about how the file was read.
    """

    text: str
    pages: tuple[ReadPage, ...]
    blocks: tuple[Block, ...]
    title: str = ""
    language: str = ""
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def hidden_text(self) -> bool:
        return any(block.kind is BlockKind.HIDDEN for block in self.blocks)


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
    """A statement shown to a person, and the indexes of its citations in `CheckedResult.citations`.

    `doubt` says why it does not follow from what it cites, though that was verified.
    """

    text: str
    citations: tuple[int, ...] = ()
    label: str = ""
    score: float | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class CheckedResult:
    """What an analysis says, each claim with its evidence."""

    text: str
    claims: tuple[CheckedClaim, ...]
    citations: tuple[CheckedCitation, ...]
