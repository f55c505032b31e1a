"""Dates, obligations and summaries in another language, as Claude gives them."""

from dataclasses import replace

import pytest

from documents.ai.claude import Claude
from documents.ai.fields import NOT_IN_QUOTE
from documents.ai.protocol import Claim, Task
from tests.ai.builders import CONTRACT, analyse, request
from tests.claude import MessagesAPI, Script
from tests.claude_answers import cited, text

DUE = cited("Payment is due on 1 May 2026.", 2, 3)
RENT = cited("The rent is 900 EUR a month.", 1, 2)


def labelled(claims: tuple[Claim, ...]) -> list[tuple[str, str]]:
    return [(claim.label, claim.text) for claim in claims]


def dates(api: MessagesAPI, claude: Claude, *lines: str) -> tuple[Claim, ...]:
    """The answer in these lines, each citing that payment is due on 1 May 2026."""
    api.script.append(Script(blocks=[text(line + "\n", DUE) for line in lines]))
    return claude.complete(request(Task.DATES, CONTRACT)).claims


def test_dates_carry_their_day_and_stay_in_their_order(api: MessagesAPI, claude: Claude) -> None:
    lines = ["deadline 2026-05-01: pay the rent", "Date 2026-05: the term begins", "DEADLINE: tell of defects"]

    found = dates(api, claude, *lines)

    assert labelled(found) == [
        ("deadline 2026-05-01", "pay the rent\n"),
        ("date 2026-05", "the term begins\n"),
        ("deadline", "tell of defects\n"),
    ]


@pytest.mark.parametrize(
    "line", ["- **deadline 2026-05-01:** pay", "1. deadline 2026-05-01: pay", "deadline 2026-05-01：pay"]
)
def test_a_date_is_read_however_its_line_is_decorated(api: MessagesAPI, claude: Claude, line: str) -> None:
    assert labelled(dates(api, claude, line)) == [("deadline 2026-05-01", "pay\n")]


@pytest.mark.parametrize(
    "line",
    [
        "deadline 2026-02-31: pay",
        "deadline 2026-13: pay",
        "deadline 1 May 2026: pay",
        "date: pay",
        "rent 2026-05-01: pay",
        "There are none.",
    ],
)
def test_what_is_no_date_has_no_label_and_loses_no_word(api: MessagesAPI, claude: Claude, line: str) -> None:
    assert labelled(dates(api, claude, line)) == [("", line + "\n")]


@pytest.mark.parametrize(
    ("day", "doubt"),
    [
        ("2026-05-01", ""),
        ("2026-01-05", NOT_IN_QUOTE),
        ("2026-05-02", NOT_IN_QUOTE),
        ("2026-05", ""),
        ("2026", ""),
        ("2027-05", NOT_IN_QUOTE),
        ("2027", NOT_IN_QUOTE),
    ],
)
def test_a_date_that_does_not_stand_in_the_words_cited_is_doubted(
    api: MessagesAPI, claude: Claude, day: str, doubt: str
) -> None:
    assert [claim.doubt for claim in dates(api, claude, f"date {day}: payment")] == [doubt]


def test_a_date_that_one_of_several_citations_gives_is_not_doubted(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(blocks=[text("deadline 2026-05-01: pay 900 EUR", RENT, DUE)]))

    result = claude.complete(request(Task.DATES, CONTRACT))

    assert [claim.doubt for claim in result.claims] == [""]


def test_a_date_without_a_citation_is_doubted_and_an_event_is_not(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(blocks=[text("date 2026-05-01: payment\ndeadline: four weeks after the end")]))

    result = claude.complete(request(Task.DATES, CONTRACT))

    assert [claim.doubt for claim in result.claims] == [NOT_IN_QUOTE, ""]


def test_obligations_carry_who_has_to_meet_them_as_it_is_written(api: MessagesAPI, claude: Claude) -> None:
    lines = [
        "Acme Ltd. (the “Tenant”): pays 900 EUR, by 1 May 2026\n",
        "- **Beta GmbH & Co. KG**: returns the deposit\n",
    ]
    api.script.append(Script(blocks=[text(line, RENT) for line in lines]))

    result, checked = analyse(claude, request(Task.OBLIGATIONS, CONTRACT), [CONTRACT])

    assert labelled(result.claims) == [
        ("Acme Ltd. (the “Tenant”)", "pays 900 EUR, by 1 May 2026\n"),
        ("Beta GmbH & Co. KG", "returns the deposit\n"),
    ]
    assert all(citation.verified for citation in checked.citations)


def test_a_line_without_a_party_has_no_label(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(blocks=[text("The documents oblige nobody.")]))

    result = claude.complete(request(Task.OBLIGATIONS, CONTRACT))

    assert labelled(result.claims) == [("", "The documents oblige nobody.\n")]


def test_a_summary_in_another_language_cites_the_original_words(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(blocks=[text("A renda é de 900 EUR. ", RENT), text("Vence em 1 de maio de 2026.", DUE)]))

    asked = replace(request(Task.TRANSLATION, CONTRACT), language="Portuguese")
    result, checked = analyse(claude, asked, [CONTRACT])

    assert "Portuguese" in api.requests[0].body["messages"][0]["content"][-1]["text"]
    assert result.text == "A renda é de 900 EUR. Vence em 1 de maio de 2026."
    assert [citation.quote for citation in checked.citations] == [RENT["cited_text"], DUE["cited_text"]]
