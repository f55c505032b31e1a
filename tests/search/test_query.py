"""What is written into the search box, and what it stands for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.search.query import Query, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("late payment", Query("late payment")),
        ('rent "net assets" due', Query("rent net assets due", phrases=("net assets",))),
        ("“net assets”", Query("net assets", phrases=("net assets",))),
        ("lease -draft", Query("lease", excluded=("draft",))),
        ('lease -"first draft"', Query("lease", excluded=("first draft",))),
        ("title:lease rent", Query("rent", titles=("lease",))),
        ('title:"harbour house"', Query(titles=("harbour house",))),
        ("type:PDF type:.docx", Query(types=("pdf", "docx"))),
        ("before:2026-01-31 after:2025-06-01", Query(before=date(2026, 1, 31), after=date(2025, 6, 1))),
        ('in:"Old contracts" rent', Query("rent", collections=("Old contracts",))),
    ],
)
def test_each_sign_has_its_meaning(text: str, expected: Query) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("before:soon", "before:soon"),
        ("before:2026-02-30", "before:2026-02-30"),
        ("author:me", "author:me"),
        ("title:", "title:"),
        ('an "open quote', "an open quote"),
        ('""', ""),
        ("well-known", "well-known"),
        ("a - b", "a - b"),
        ("INV-2024-001", "INV-2024-001"),
        ("http://example.org/in:x", "http://example.org/in:x"),
    ],
)
def test_what_is_no_sign_is_searched_as_it_stands(text: str, words: str) -> None:
    assert parse(text) == Query(words)


def test_a_word_still_being_typed_is_open() -> None:
    assert parse("late paym").is_open
    assert not parse("late payment ").is_open
    assert not parse('"late payment"').is_open


@given(st.text(max_size=300))
def test_no_text_is_an_error(text: str) -> None:
    assert isinstance(parse(text), Query)
