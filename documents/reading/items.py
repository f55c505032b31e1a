"""What a parser yields while it reads a file: how many pages there will be, the pages, the files inside of it, a title,
and sentences for the owner."""

from dataclasses import dataclass

from documents.values import Leaf, Part


@dataclass(frozen=True, slots=True)
class Expected:
    """How many pages there are, before the first of them is read."""

    pages: int


@dataclass(frozen=True, slots=True)
class Title:
    """What the file says it is called."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for the owner about how the file was read."""

    text: str


# A Part without a reason is followed by its contents as bytes, in pieces of at most PIECE_BYTES.
Item = Expected | Leaf | Title | Note | Part | bytes
PIECE_BYTES = 1_048_576
