"""The reading process may be under a stranger's control: what it says is checked."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.reports import parsed
from documents.values import Block, BlockKind, PageKind, ReadDocument, ReadPage, Word

LIMITS = Limits(pages=3, text_chars=100)
PAGE = ReadPage(1, 0, 11, PageKind.TEXT, 600, 800, (Word(0, 5, 0.1, 0.1, 0.2, 0.2), Word(6, 11, 0.2, 0.1, 0.3, 0.2)))
GOOD = ReadDocument("Hello world", (PAGE,), (Block(0, 11, BlockKind.PARAGRAPH),))


def with_word(**changes: Any) -> ReadDocument:
    return replace(GOOD, pages=(replace(PAGE, words=(replace(PAGE.words[0], **changes),)),))


def with_block(**changes: Any) -> ReadDocument:
    return replace(GOOD, blocks=(replace(GOOD.blocks[0], **changes),))


def test_a_good_document_comes_through_unchanged() -> None:
    assert parsed(orjson.dumps({"document": GOOD}), LIMITS).document == GOOD


def test_progress_and_refusals_come_through() -> None:
    refused = parsed(b'{"refused": {"code": "encrypted", "message": "Locked.", "detail": ""}}', LIMITS).refused

    assert parsed(b'{"page": 1, "pages": 2}', LIMITS).pages == 2
    assert refused is not None
    assert refused.code is Code.ENCRYPTED


@pytest.mark.parametrize(
    "document",
    [
        replace(GOOD, text="Hello\x00world"),
        replace(GOOD, text="Hello world" * 20),
        replace(GOOD, title="t" * 301),
        replace(GOOD, pages=()),
        replace(GOOD, pages=(replace(PAGE, number=2),)),
        replace(GOOD, pages=(replace(PAGE, end=12),)),
        replace(GOOD, pages=(replace(PAGE, start=-1),)),
        replace(GOOD, pages=(PAGE, replace(PAGE, number=2))),
        replace(GOOD, pages=(replace(PAGE, end=5, words=()),)),
        replace(GOOD, pages=(replace(PAGE, width=-1.0),)),
        replace(GOOD, pages=(replace(PAGE, width=float("nan")),)),
        with_word(x1=1.5),
        with_word(x0=0.9),
        with_word(y0=float("nan")),
        with_word(start=7),
        with_word(end=40),
        with_block(start=5),
        with_block(end=12),
        with_block(start=3, end=3),
        with_block(level=7),
        replace(GOOD, blocks=GOOD.blocks * 2),
    ],
)
def test_a_document_that_breaks_a_promise_is_refused(document: ReadDocument) -> None:
    with pytest.raises(UnreadableFile) as refused:
        parsed(orjson.dumps({"document": document}), LIMITS)

    assert refused.value.code == Code.DAMAGED


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"Segmentation fault",
        b"[]",
        b'{"document": {}}',
        b'{"page": 9, "pages": 2}',
        b'{"page": 1, "pages": 99999}',
        b'{"refused": {"code": "invented", "message": "x", "detail": ""}}',
        b'{"refused": {"code": "damaged", "message": "%s", "detail": ""}}' % (b"x" * 1000),
    ],
)
def test_rubbish_is_refused(line: bytes) -> None:
    with pytest.raises(UnreadableFile):
        parsed(line, LIMITS)
