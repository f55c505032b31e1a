"""The reading process may be under a stranger's control: what it says is checked."""

from dataclasses import asdict, replace
from typing import Any

import orjson
import pytest

from documents.reading import word_boxes
from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.reports import check_words, parsed
from documents.values import Block, BlockKind, Leaf, Look, PageKind, Part, Word

LIMITS = Limits(pages=3, text_chars=100, unpacked_bytes=1_000)
WORDS = (Word(0, 5, 0.1, 0.1, 0.2, 0.2), Word(6, 11, 0.2, 0.1, 0.3, 0.2, confidence=0.9))
GOOD = Leaf(1, PageKind.TEXT, "Hello world", (Block(0, 11, BlockKind.PARAGRAPH),), width=600, height=800)


def said(**fields: Any) -> bytes:
    return orjson.dumps(fields, default=lambda _: "")


def with_block(**changes: Any) -> Leaf:
    return replace(GOOD, blocks=(replace(GOOD.blocks[0], **changes),))


def test_a_good_page_comes_through_unchanged() -> None:
    assert parsed(said(leaf=GOOD), LIMITS).leaf == GOOD


def test_progress_and_refusals_come_through() -> None:
    refused = parsed(b'{"refused": {"code": "encrypted", "message": "Locked.", "detail": ""}}', LIMITS).refused

    assert parsed(b'{"expected": 2}', LIMITS).expected == 2
    assert refused is not None
    assert refused.code is Code.ENCRYPTED


@pytest.mark.parametrize(
    "leaf",
    [
        replace(GOOD, text="Hello\x00world"),
        replace(GOOD, text="Hello world" * 20),
        replace(GOOD, text=" Hello worl"),
        replace(GOOD, number=0),
        replace(GOOD, number=4),
        replace(GOOD, width=-1.0),
        replace(GOOD, width=float("nan")),
        replace(GOOD, kind=PageKind.EMPTY),
        replace(GOOD, kind=PageKind.UNREADABLE),
        replace(GOOD, label="x" * 601),
        replace(GOOD, reason="\x00"),
        replace(GOOD, confidence=1.5),
        replace(GOOD, looks=(Look(1, False, 1), Look(1, False, 1))),
        replace(GOOD, looks=(Look(float("inf"), False, 1),)),
        with_block(start=-1),
        with_block(start=5),
        with_block(end=12),
        with_block(start=3, end=3),
        with_block(level=7),
        with_block(anchor="x" * 301),
        replace(GOOD, blocks=GOOD.blocks * 2),
    ],
)
def test_a_page_that_breaks_a_promise_is_refused(leaf: Leaf) -> None:
    with pytest.raises(UnreadableFile) as refused:
        parsed(said(leaf=leaf), LIMITS)

    assert refused.value.code == Code.DAMAGED


@pytest.mark.parametrize(
    "part",
    [
        Part("", 1, "application/pdf"),
        Part("x" * 301, 1, "application/pdf"),
        Part("a\x00b", 1, "application/pdf"),
        Part("a", -1, "application/pdf"),
        Part("a", 2_000, "application/pdf"),
        Part("a", 1, "application/x-invented"),
    ],
)
def test_a_part_that_breaks_a_promise_is_refused(part: Part) -> None:
    with pytest.raises(UnreadableFile):
        parsed(said(part=asdict(part)), LIMITS)


@pytest.mark.parametrize(
    "table",
    [
        b"half a row",
        word_boxes.pack([Word(0, 12, 0.1, 0.1, 0.2, 0.2)]),
        word_boxes.pack([Word(5, 5, 0.1, 0.1, 0.2, 0.2)]),
        word_boxes.pack([Word(0, 5, 0.3, 0.1, 0.2, 0.2)]),
        word_boxes.pack([Word(0, 5, 0.1, 0.3, 0.2, 0.2)]),
        word_boxes.pack([Word(0, 7, 0.1, 0.1, 0.2, 0.2), WORDS[1]]),
        word_boxes.pack([Word(0, 5, 0.1, 0.1, 0.2, 0.2)])[:-1] + b"\x65",
    ],
)
def test_words_that_break_a_promise_are_refused(table: bytes) -> None:
    with pytest.raises(UnreadableFile):
        check_words(replace(GOOD, words=table))


def test_good_words_come_through_with_their_places() -> None:
    leaf = replace(GOOD, words=word_boxes.pack(WORDS))

    check_words(leaf)

    first, second = word_boxes.unpack(leaf.words)
    assert (first.start, first.end, first.confidence) == (0, 5, None)
    assert second.x0 == pytest.approx(0.2, abs=1e-4)
    assert second.confidence == 0.9


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"Segmentation fault",
        b"[]",
        b'{"leaf": {}}',
        b'{"expected": 0}',
        b'{"expected": 99999}',
        b'{"sniffed": {"format": "Invented"}}',
        b'{"title": "%s"}' % (b"x" * 1000),
        b'{"refused": {"code": "invented", "message": "x", "detail": ""}}',
        b'{"refused": {"code": "damaged", "message": "%s", "detail": ""}}' % (b"x" * 1000),
    ],
)
def test_rubbish_is_refused(line: bytes) -> None:
    with pytest.raises(UnreadableFile):
        parsed(line, LIMITS)
