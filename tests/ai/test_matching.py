"""Words are found although white space, hyphens and quotation marks differ, and only then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.ai.matching import Matched, normalise, same

SIGNS = st.text(alphabet="ab c1-\n\u00ad\u00a0é“\"'’ﬁ½½.,—界文\u200be\u0301", max_size=40)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Payment is due\non 1 May.", "Payment is due on 1 May."),
        ("the infor-\nmation given", "information given"),
        ("a well-\nknown fact", "a well-known fact"),
        ("a soft\u00adhyphen here", "softhyphen"),
        ("he said “no”, she didn’t", 'he said "no", she didn\'t'),
        ("pages 3–5 of it", "pages 3-5"),
        ("the ﬁrst ofﬁce", "first office"),
        ("caf\u00e9 au lait", "cafe\u0301 au lait"),
        ("本文は\nここ。次の文", "本文はここ。次の文"),
        ("ends here. Next one", "ends here.Next one"),
    ],
)
def test_the_same_words_are_found(text: str, quote: str) -> None:
    span = Matched(text).find(quote)

    assert span is not None
    assert same(text[span.start : span.end], quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The rent is 900 EUR.", "The rent is 90 EUR."),
        ("not now here", "nowhere"),
        ("in the year 2025", "5"),
        ("a party to it", "art"),
        ("10² metres", "102 metres"),
        ("The Rent", "the rent"),
        ("some text", ""),
        ("some text", " \n"),
        ("", "some"),
    ],
)
def test_other_words_are_not(text: str, quote: str) -> None:
    assert Matched(text).find(quote) is None


def test_the_span_holds_the_quote_and_nothing_more() -> None:
    text = "x  The infor-\n mation   is “here”.  y"

    span = Matched(text).find('The information is "here".')

    assert span is not None
    assert text[span.start : span.end] == "The infor-\n mation   is “here”."


@given(SIGNS, SIGNS)
def test_what_is_found_is_the_quote(text: str, quote: str) -> None:
    span = Matched(text).find(quote)

    assert span is None or normalise(text[span.start : span.end]) == normalise(quote)


@given(SIGNS, st.integers(0, 40), st.integers(1, 40))
def test_a_stretch_of_whole_words_is_always_found(text: str, start: int, length: int) -> None:
    words = f" {text[start : start + length]} "
    padded = f"{text[:start]} {words} {text[start + length :]}"

    assert Matched(padded).find(words.strip()) is not None or not normalise(words)


def test_a_long_text_full_of_beginnings_is_searched_in_reasonable_steps() -> None:
    text = "ab " * 50_000

    assert Matched(text).find("ab  ab x") is None
