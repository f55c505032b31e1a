"""What the reading process says, checked: it has touched a stranger's file and may be under a stranger's control."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from documents.reading import word_boxes
from documents.reading.draft import LONGEST_SENTENCE, clean
from documents.reading.errors import DAMAGED, Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.parsers import registry
from documents.values import UNREAD, Block, Leaf, PageKind, Part

# No page is drawn longer than so many pixels.
LONGEST_EDGE = 4_000
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\0\0\0\0IEND\xaeB`\x82"

Line = Annotated[str, Field(max_length=LONGEST_SENTENCE)]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the file, or a page of it, was not read. `resumable`: the pages after the troubled one may be readable."""

    code: Code
    message: Annotated[str, Field(min_length=1, max_length=600)]
    detail: Annotated[str, Field(max_length=300)]
    resumable: bool = False


@dataclass(frozen=True, slots=True)
class SniffedAs:
    """The name of the format the file is read as, and what is odd about its own name."""

    format: str
    note: Line = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One thing said; all but one field are empty."""

    sniffed: SniffedAs | None = None
    expected: int | None = None
    leaf: Leaf | None = None
    title: Line | None = None
    note: Line | None = None
    part: Part | None = None
    probed: Line | None = None
    picture: bytes | None = None
    refused: Refusal | None = None
    end: bool = False


_REPORT = TypeAdapter(Report)


def parsed(line: bytes, limits: Limits) -> Report:
    """The report on the line; a leaf in it keeps all the promises of `documents.values`, its words aside."""
    try:
        report = _REPORT.validate_json(line)
    except ValidationError as error:
        raise broken("not a report") from error
    if report.expected is not None and not 0 < report.expected <= limits.pages:
        raise broken("number of pages")
    if report.sniffed and all(format_.name != report.sniffed.format for format_ in registry.FORMATS):
        raise broken("format")
    if report.part and not _is_part(report.part, limits):
        raise broken("a part")
    if report.leaf:
        _check(report.leaf, limits)
    return report


def check_picture(data: bytes, limits: Limits) -> None:
    """Refuses what is not a PNG of the size asked for."""
    if not is_picture(data, limits.picture_width):
        raise broken("a picture")


def is_picture(data: bytes, widest: int) -> bool:
    """Whether it is a whole PNG no wider than this, as far as its two ends tell."""
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    is_whole = data.startswith(_PNG) and data.endswith(_PNG_END)
    return is_whole and 0 < width <= widest and 0 < height <= LONGEST_EDGE


def broken(what: str) -> UnreadableFile:
    return UnreadableFile(Code.DAMAGED, DAMAGED, detail=f"the reading process broke its promise: {what}")


def check_words(leaf: Leaf) -> None:
    """Refuses a table of words that does not fit the leaf."""
    if not word_boxes.is_sound(leaf.words, len(leaf.text)):
        raise broken("words")


def _check(leaf: Leaf, limits: Limits) -> None:
    text = leaf.text
    if len(text) > limits.text_chars or clean(text) != text or text != text.strip():
        raise broken("text")
    if not 0 < leaf.number <= limits.pages or not _is_measured(leaf):
        raise broken("a page")
    if (leaf.kind in UNREAD or leaf.kind is PageKind.EMPTY) and text:
        raise broken("text on a page without any")
    if (
        max(len(leaf.label), len(leaf.reason)) > LONGEST_SENTENCE
        or clean(leaf.label + leaf.reason) != leaf.label + leaf.reason
    ):
        raise broken("words about a page")
    if not _in_order(leaf.blocks, len(text)) or not all(_is_block(block, text) for block in leaf.blocks):
        raise broken("blocks")
    if leaf.looks and len(leaf.looks) != len(leaf.blocks):
        raise broken("looks")


def _in_order(blocks: Sequence[Block], end: int) -> bool:
    """Whether none overlaps the next and all lie within the text."""
    if not blocks:
        return True
    ordered = all(first.end <= second.start for first, second in pairwise(blocks))
    return ordered and blocks[0].start >= 0 and blocks[-1].end <= end


def _is_measured(leaf: Leaf) -> bool:
    measures = [leaf.width, leaf.height, *(look.size for look in leaf.looks)]
    sure = leaf.confidence is None or 0 <= leaf.confidence <= 1
    return sure and all(isfinite(measure) for measure in measures) and leaf.width >= 0 and leaf.height >= 0


def _is_block(block: Block, text: str) -> bool:
    if not block.start < block.end or not 0 <= block.level <= 6 or len(block.anchor) > 300:
        return False
    return not text[block.start].isspace() and not text[block.end - 1].isspace()


def _is_part(part: Part, limits: Limits) -> bool:
    if not part.name or len(part.name) > 300 or clean(part.name) != part.name or len(part.reason) > LONGEST_SENTENCE:
        return False
    readable = bool(part.reason) or registry.by_media_type(part.media_type) is not None
    return readable and part.size >= 0 and (bool(part.reason) or part.size <= limits.unpacked_bytes)
