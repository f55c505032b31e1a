"""What a model cites is held against the stored text."""

from hypothesis import given
from hypothesis import strategies as st

from documents.ai.citations import check
from documents.ai.matching import normalise
from documents.ai.protocol import Claim, Reference, Result, StopReason, Usage
from documents.values import CheckedResult
from tests.ai.builders import CONTRACT, source


def checked(*references: Reference, text: str = CONTRACT) -> CheckedResult:
    result = Result((Claim("So it is.", references),), StopReason.COMPLETE, Usage(), "test", "test", "test-1")
    return check(result, (source(text),), [text])


def test_a_cited_sentence_is_verified_where_it_stands() -> None:
    citation = checked(Reference(0, 1, 2, "The rent is 900 EUR a month.")).citations[0]

    assert (citation.verified, CONTRACT[citation.start : citation.end]) == (True, "The rent is 900 EUR a month.")


def test_words_inside_the_cited_sentence_are_marked_exactly() -> None:
    citation = checked(Reference(0, 1, 2, "900 EUR")).citations[0]

    assert CONTRACT[citation.start : citation.end] == "900 EUR"


def test_a_quote_from_another_sentence_is_found_there() -> None:
    citation = checked(Reference(0, 0, 1, "due on 1 May 2026")).citations[0]

    assert (citation.verified, CONTRACT[citation.start : citation.end]) == (True, "due on 1 May 2026")


def test_a_quote_that_stands_nowhere_links_nowhere() -> None:
    citation = checked(Reference(0, 1, 2, "The rent is 9,000 EUR a month.")).citations[0]

    assert (citation.verified, citation.start, citation.end) == (False, None, None)


def test_citations_of_one_place_are_one() -> None:
    sentence = Reference(0, 1, 2, "The rent is 900 EUR a month.")

    result = checked(sentence, Reference(0, 0, 1, "The rent is  900 EUR\na month."))

    assert len(result.citations) == 1
    assert result.claims[0].citations == (0,)


def test_the_stored_text_counts_not_what_the_model_was_shown() -> None:
    changed = CONTRACT.replace("900", "700")
    result = Result(
        (Claim("So.", (Reference(0, 1, 2, "The rent is 900 EUR a month."),)),),
        StopReason.COMPLETE,
        Usage(),
        "t",
        "t",
        "t",
    )

    assert not check(result, (source(CONTRACT),), [changed]).citations[0].verified


@given(
    st.integers(-3, 3),
    st.integers(-3, 9),
    st.integers(-3, 9),
    st.one_of(st.text(max_size=20), st.sampled_from(CONTRACT.split(". ")), st.sampled_from(CONTRACT.split())),
)
def test_no_reference_breaks_it_and_verified_means_quoted(number: int, first: int, last: int, quote: str) -> None:
    citation = checked(Reference(number, first, last, quote)).citations[0]

    if citation.verified:
        assert normalise(CONTRACT[citation.start : citation.end]) == normalise(quote)
        assert citation.quote == CONTRACT[citation.start : citation.end]
    else:
        assert citation.start is citation.end is None
