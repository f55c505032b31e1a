"""What the reading process says, checked: it has touched a stranger's file and may be under a stranger's control."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from documents.reading.draft import clean
from documents.reading.errors import DAMAGED, Code, UnreadableFile
from documents.reading.limits import Limits
from documents.values import Block, ReadDocument, ReadPage, Word


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the file was not read."""

    code: Code
    message: Annotated[str, Field(min_length=1, max_length=600)]
    detail: Annotated[str, Field(max_length=300)]


@dataclass(frozen=True, slots=True)
class Report:
    """One line: a page that is done, or the end, which is a document or a refusal."""

    page: int = 0
    pages: int = 0
    document: ReadDocument | None = None
    refused: Refusal | None = None


_REPORT = TypeAdapter(Report)


def parsed(line: bytes, limits: Limits) -> Report:
    """The report on the line; a document in it keeps all the promises of `documents.values`."""
    try:
        report = _REPORT.validate_json(line)
    except ValidationError as error:
        raise broken("not a report") from error
    if not 0 <= report.page <= report.pages <= limits.pages:
        raise broken("progress")
    if report.document is not None:
        _check(report.document, limits)
    return report


def broken(what: str) -> UnreadableFile:
    return UnreadableFile(Code.DAMAGED, DAMAGED, detail=f"the reading process broke its promise: {what}")


def _check(document: ReadDocument, limits: Limits) -> None:
    text, pages = document.text, document.pages
    if len(text) > limits.text_chars or clean(text) != text or len(document.title) > 300:
        raise broken("text")
    if not pages or len(pages) > limits.pages or not _in_order(pages, len(text)):
        raise broken("pages")
    if not all(_is_page(page, number) for number, page in enumerate(pages, start=1)):
        raise broken("a page")
    if not _in_order(document.blocks, len(text)) or not all(_is_block(block, text) for block in document.blocks):
        raise broken("blocks")
    if not _cover(pages, document.blocks):
        raise broken("a block outside of pages")


def _in_order(stretches: Sequence[ReadPage | Block | Word], end: int, start: int = 0) -> bool:
    """Whether none overlaps the next and all lie between start and end."""
    if not stretches:
        return True
    ordered = all(first.end <= second.start for first, second in pairwise(stretches))
    inside = start <= stretches[0].start and stretches[-1].end <= end
    return ordered and inside and all(stretch.start <= stretch.end for stretch in stretches)


def _is_page(page: ReadPage, number: int) -> bool:
    measured = isfinite(page.width) and isfinite(page.height) and page.width >= 0 and page.height >= 0
    return (
        page.number == number
        and measured
        and _in_order(page.words, page.end, page.start)
        and all(map(_fits, page.words))
    )


def _fits(word: Word) -> bool:
    # Also false for what is no number.
    return word.start < word.end and 0 <= word.x0 <= word.x1 <= 1 and 0 <= word.y0 <= word.y1 <= 1


def _is_block(block: Block, text: str) -> bool:
    if not block.start < block.end or not 0 <= block.level <= 6:
        return False
    return not text[block.start].isspace() and not text[block.end - 1].isspace()


def _cover(pages: Sequence[ReadPage], blocks: Sequence[Block]) -> bool:
    """Whether every block lies on one page. Both are in order, so one walk does."""
    upcoming = iter(pages)
    page = next(upcoming)
    for block in blocks:
        while page.end < block.end:
            following = next(upcoming, None)
            if following is None:
                return False
            page = following
        if block.start < page.start:
            return False
    return True
