"""The pieces of an answer become statements: sentences of prose, lines of a list."""

from documents.ai import claims
from documents.ai.protocol import Claim, Reference

RENT = Reference(0, 1, 2, "The rent is 900 EUR a month.")
DATE = Reference(0, 2, 3, "Payment is due on 1 May 2026.")


def texts(found: tuple[Claim, ...]) -> list[str]:
    return [claim.text for claim in found]


def test_uncited_words_join_the_sentence_they_belong_to() -> None:
    pieces = [
        Claim("According to the lease, "),
        Claim("the rent is 900 EUR", (RENT,)),
        Claim(". It adds that "),
        Claim("it is due on 1 May", (DATE,)),
        Claim("."),
    ]

    found = claims.of_prose(pieces)

    assert texts(found) == ["According to the lease, the rent is 900 EUR. ", "It adds that it is due on 1 May."]
    assert [claim.references for claim in found] == [(RENT,), (DATE,)]


def test_a_sentence_without_a_source_stands_alone() -> None:
    found = claims.of_prose([Claim("The rent is fair. "), Claim("It is 900 EUR.", (RENT,))])

    assert [claim.references for claim in found] == [(), (RENT,)]


def test_two_sources_of_one_sentence_are_both_its_own() -> None:
    found = claims.of_prose([Claim("900 EUR", (RENT,)), Claim(" are due on "), Claim("1 May.", (DATE,))])

    assert found == (Claim("900 EUR are due on 1 May.", (RENT, DATE)),)


def test_abbreviations_end_no_sentence() -> None:
    found = claims.of_prose([Claim("Dr. A. Smith, No. 7, pays. She is late.")])

    assert texts(found) == ["Dr. A. Smith, No. 7, pays. ", "She is late."]


def test_joined_prose_is_the_answer_unchanged() -> None:
    pieces = [Claim("One. Two! "), Claim("Three?", (RENT,)), Claim("\n\nFour "), Claim("five", (DATE,))]

    assert "".join(texts(claims.of_prose(pieces))) == "One. Two! Three?\n\nFour five"


def test_a_line_is_one_statement_whatever_it_is_made_of() -> None:
    pieces = [
        Claim("Here they are:\n- "),
        Claim("Rent. It is 900 EUR.", (RENT,)),
        Claim("\n- "),
        Claim("Due in May.", (DATE,)),
    ]

    found = claims.of_list(pieces)

    assert texts(found) == ["Rent. It is 900 EUR.\n", "Due in May.\n"]
    assert [claim.references for claim in found] == [(RENT,), (DATE,)]


def test_numbers_that_count_lines_go_and_dates_stay() -> None:
    found = claims.of_list([Claim("1. Miete\n2. Kaution\n1. Mai 2026 ist Stichtag")])

    assert texts(found) == ["Miete\n", "Kaution\n", "1. Mai 2026 ist Stichtag\n"]


def test_labels_come_before_a_colon() -> None:
    found = claims.of_list([Claim("- amount: 900 EUR\nhttps://x.example\nE-Mail: a@b.example")], labelled=True)

    assert [(claim.label, claim.text) for claim in found] == [
        ("amount", "900 EUR\n"),
        ("", "https://x.example\n"),
        ("e-mail", "a@b.example\n"),
    ]


def test_nothing_is_no_statement() -> None:
    assert claims.of_prose([Claim(" \n")]) == claims.of_list([Claim("\n- \n")]) == ()
