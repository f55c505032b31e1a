"""Text to weighted terms: words by their stems, identifiers whole and in parts, every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.search import terms


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "agreements", "Agreement"),
        ("de", "Verträgen", "Vertrags"),
        ("fr", "contrats", "contrat"),
        ("es", "contratos", "contrato"),
        ("en", "ﬁles", "FILE"),
    ],
)
def test_forms_of_a_word_are_one_term(language: str, one: str, other: str) -> None:
    assert terms.analyse(one, language) == terms.analyse(other, language)


def test_identifiers_are_found_whole_and_in_parts() -> None:
    assert terms.analyse("INV-2024-001", "en") == ["inv-2024-001", "inv", "2024", "001"]
    assert terms.analyse("1,250.00", "en") == ["1,250.00", "1", "250", "00"]


def test_compounds_are_found_by_their_parts() -> None:
    assert terms.analyse("and/or well-known", "") == ["and", "or", "well", "known"]


def test_scripts_without_spaces_are_pairs_of_characters() -> None:
    assert terms.analyse("合同编号A7", "zh") == ["合同", "同编", "编号", "a7"]
    assert terms.analyse("文", "zh") == ["文"]


def test_an_unknown_language_keeps_words_as_they_are() -> None:
    assert terms.analyse("Running dogs", "xx") == ["running", "dogs"]


def test_a_passage_and_a_query_share_their_numbers() -> None:
    passage, query = terms.index("The rent is due in May.", "en").weights, terms.index("rents", "en").weights

    assert query.keys() <= passage.keys()


def test_numbers_of_terms_never_change() -> None:
    assert terms.identify("rent") == 301_355_280


def test_repeating_a_word_helps_less_each_time() -> None:
    once, twice, often = (terms.index("rent " * times, "en").weights[terms.identify("rent")] for times in (1, 2, 50))

    assert once < twice < often < 2.2
    assert twice - once > (often - twice) / 48


def test_a_word_says_more_in_a_short_passage() -> None:
    short, long = (
        terms.index("rent due", "en").weights,
        terms.index("rent due " + "filler words here " * 100, "en").weights,
    )

    assert short[terms.identify("rent")] > long[terms.identify("rent")]


def test_a_passage_of_very_many_words_stays_within_what_can_be_stored() -> None:
    assert len(terms.index(" ".join(f"w{number}" for number in range(20_000)), "en").weights) <= terms.MOST_TERMS


@given(st.text(max_size=200), st.sampled_from(["en", "de", "zh", ""]))
def test_any_text_gives_terms_that_can_be_stored(text: str, language: str) -> None:
    for number, weight in terms.index(text, language).weights.items():
        assert 1 <= number < terms.DIMENSIONS
        assert 0 < weight < 2.2
