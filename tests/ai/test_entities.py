"""What has a form of its own is recognised, and what only looks like it is not."""

import pytest

from documents.ai import entities
from documents.ai.protocol import Sentence, Source
from tests.ai.builders import source


def named(text: str) -> list[tuple[str, str]]:
    whole = Source("document-1", "", (Sentence(0, len(text), text),))
    return [(entity.kind, entity.text) for entity in entities.find([whole])]


@pytest.mark.parametrize(
    "text",
    [
        "1 May 2026",
        "May 1, 2026",
        "2026-05-01",
        "1.5.2026",
        "01/05/2026",
        "31st December",
        "1. Mai 2026",
        "1er mai 2026",
        "3 de mayo de 2026",
        "March 2026",
        "2026年5月1日",
    ],
)
def test_dates_are_recognised(text: str) -> None:
    assert named(f"Payable on {text} at noon") == [("date", text)]


@pytest.mark.parametrize(
    "text",
    [
        "€500",
        "€ 1.250,00",
        "1,250.00 EUR",
        "CHF 1'250.50",
        "$3.5 million",
        "£20",
        "US$ 7 billion",
        "10 000 €",
        "12 Mio. Euro",
        "50 cents",
        "CHF 20.–",
        "$1,500K",
        "€2.5m",
        "12k EUR",
    ],
)
def test_amounts_are_recognised(text: str) -> None:
    assert named(f"It comes to {text} in all") == [("amount", text)]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("percentage", "3.5%"),
        ("percentage", "12 Prozent"),
        ("e-mail", "max.muster+x@post.example.org"),
        ("web address", "https://example.org/a?b=c"),
        ("IBAN", "DE89 3704 0044 0532 0130 00"),
        ("IBAN", "GB82WEST12345698765432"),
        ("phone", "+41 44 123 45 67"),
        ("phone", "(555) 123-4567"),
        ("person", "Dr. Ada Lovelace"),
        ("person", "Frau Prof. Dr. Müller"),
        ("organisation", "Beta Holding GmbH"),
        ("organisation", "Acme, Inc."),
    ],
)
def test_other_kinds_are_recognised(kind: str, text: str) -> None:
    assert named(f"see {text} for more") == [(kind, text)]


@pytest.mark.parametrize(
    "text",
    [
        "version 1.2.3",
        "you may 2 of them",
        "section 12.3",
        "DE00 3704 0044 0532 0130 00",
        "a@b",
        "1234567890123",
        "$1,500kg",
        "€1,5000",
    ],
)
def test_what_only_looks_alike_is_not(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    "text",
    ["built in 1868 by hand", "sold since 1935, then", "until 2030.", "a machine (1964)", "gebaut im Jahr 1910."],
)
def test_a_bare_year_is_a_date_after_a_word_of_time(text: str) -> None:
    assert [kind for kind, _ in named(text)] == ["date"]


@pytest.mark.parametrize("text", ["in 2000 cases", "by 1900 people", "the 1960s", "room 1984", "in 1,935 homes"])
def test_a_number_like_a_year_is_none(text: str) -> None:
    assert named(text) == []


def test_an_address_ends_before_the_full_stop() -> None:
    assert named("Look at www.example.org/terms.") == [("web address", "www.example.org/terms")]


def test_one_thing_named_twice_is_one_with_two_places() -> None:
    found = entities.find([source("Pay 900 EUR. Then pay 900\nEUR again.")])

    assert [entity.text for entity in found] == ["900 EUR"]
    assert [reference.quote for reference in found[0].references] == ["Pay 900 EUR.", "Then pay 900\nEUR again."]


def test_a_table_of_amounts_is_not_listed_whole() -> None:
    text = " ".join(f"Row {number} is {number} EUR." for number in range(1_000))

    assert len(named(text)) == entities.MOST_OF_A_KIND


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("Made between HARBOUR CRANES, INC. and its customers.", "HARBOUR CRANES, INC."),
        ("Beijing Water Information Service Co., Ltd. delivers.", "Beijing Water Information Service Co., Ltd."),
        ("The fund E-Boat (China) Holdings Limited pays.", "E-Boat (China) Holdings Limited"),
        ("Sold by iCrane, Inc. on the same day.", "iCrane, Inc."),
        ("On May 5, 2026 Sphere 3D Corp. signed.", "Sphere 3D Corp."),
        ("North Sea Broadcasting of Emden, L.L.C. sends.", "North Sea Broadcasting of Emden, L.L.C."),
        ("The North Harbour Life Insurance Company insures it.", "North Harbour Life Insurance Company"),
    ],
)
def test_firms_are_known_by_their_legal_forms(text: str, firm: str) -> None:
    assert [entity.text for entity in entities.find([source(text)]) if entity.kind == "organisation"] == [firm]


def test_shouted_rules_name_no_firm() -> None:
    text = "IN NO EVENT SHALL ANY OFFICER OF THE CORPORATION BE LIABLE, AND ITS WARRANTY IS LIMITED."

    assert [entity for entity in entities.find([source(text)]) if entity.kind == "organisation"] == []
