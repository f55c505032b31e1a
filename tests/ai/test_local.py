"""The built-in provider answers every task with the document's own sentences."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.ai.embedding import MiniLM
from documents.ai.local import Local
from documents.ai.protocol import Embedder, Request, Result, Sentence, Source, StopReason, Task
from documents.values import CheckedResult
from tests.ai.builders import CONTRACT, analyse, request

GERMAN = (
    "Die Acme AG mietet ein Büro von der Beta GmbH. Die Miete beträgt 900 EUR im Monat. Sie ist am 1. Mai 2026 fällig. "
    "Der Vertrag endet, wenn er nicht verlängert wird."
)
REVIEW = "I loved this hotel. The staff were wonderful and the breakfast was delicious. We will come back."


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return MiniLM()


def answer(task: Task, text: str, *, by: Embedder | None = None, **asked: object) -> tuple[Result, CheckedResult]:
    return analyse(Local(by), request(task, text, **asked), [text])  # type: ignore[arg-type]


@pytest.mark.parametrize("task", [Task.SUMMARY, Task.KEY_POINTS, Task.ENTITIES, Task.QUESTIONS, Task.DATES])
def test_everything_said_is_verified(task: Task) -> None:
    result, checked = answer(task, CONTRACT)

    assert result.claims
    assert all(claim.citations for claim in checked.claims)
    assert all(citation.verified for citation in checked.citations)


ANSWERED = [task for task in Task if task is not Task.TRANSLATION]
SCRAPS = (
    *("$1,500K", "€2.5m", "900 EUR", "12k", "3.5%kg", "1 May 2026", "in 1868", "Anna Smith", "IBM’s", "Beta GmbH"),
    *(
        "a@b.example",
        "www.example.org",
        "must pay",
        "if the rent is late,",
        "|",
        "•",
        "\t",
        "ﬁ",
        "\u00ad",
        "—",
        ".",
        "“So.”",
    ),
)
texts = st.lists(st.sampled_from(SCRAPS) | st.text(max_size=8), min_size=1, max_size=40).map(" ".join)


@pytest.mark.parametrize("task", ANSWERED)
@given(texts)
@settings(max_examples=60, deadline=None)
def test_whatever_the_text_everything_said_is_verified(task: Task, text: str) -> None:
    _, checked = answer(task, text, instruction="Who must pay the rent?")

    assert [citation.quote for citation in checked.citations if not citation.verified] == []


def test_a_summary_is_some_of_the_sentences_in_their_order() -> None:
    result, _ = answer(Task.SUMMARY, CONTRACT)

    sentences = [claim.text.strip() for claim in result.claims]
    assert sentences[0] == "Acme Ltd rents an office from Beta GmbH."
    assert sentences == sorted(sentences, key=CONTRACT.index)
    assert 3 <= len(sentences) <= 6


def test_headings_table_rows_and_boilerplate_are_no_summary() -> None:
    text = f"ANNUAL REPORT\n\nTotal | 1 | 2 | 3.\n\n{CONTRACT}\n\n© 2026 Acme Ltd, all rights reserved by its owners."

    result, _ = answer(Task.SUMMARY, text)

    assert not any(word in result.text for word in ("REPORT", "Total", "©"))


def test_a_text_without_sentences_still_has_a_summary() -> None:
    result, checked = answer(Task.SUMMARY, "apples\n\npears\n\nplums")

    assert checked.text == "apples pears plums"
    assert result.stop_reason is StopReason.COMPLETE


def test_entities_have_a_kind_and_point_at_their_sentences() -> None:
    result, checked = answer(Task.ENTITIES, CONTRACT)

    kinds = {claim.text.strip(): claim.label for claim in result.claims}
    assert kinds["900 EUR"] == "amount"
    assert kinds["1 May 2026"] == "date"
    assert kinds["office@beta.example"] == "e-mail"
    quotes = {citation.quote for citation in checked.citations}
    assert quotes >= {"The rent is 900 EUR a month.", "Payment is due on 1 May 2026."}


def test_questions_are_about_what_the_text_names_in_its_language() -> None:
    english, _ = answer(Task.QUESTIONS, CONTRACT)
    german, _ = answer(Task.QUESTIONS, GERMAN)

    assert "What happens on or by 1 May 2026?" in english.text
    assert "Was geschieht zum Datum 1. Mai 2026?" in german.text


def test_questions_ask_each_thing_once_and_end_well() -> None:
    text = (
        "• Marguerite Vance, the landlord, must repair the roof. The tenant shall pay the deposit of 900 EUR. "
        "If the rent is late, the landlord may charge interest of 5 % a year. "
        "They received 300 EUR in 1999. It ends in June 2030."
    )

    result, _ = answer(Task.QUESTIONS, text)

    assert result.text.split("\n") == [
        "What happens on or by June 2030?",
        "What happened in 1999?",
        "What is the amount of 900 EUR for, and who pays it?",
        "What does the figure of 5 % apply to?",
        "What is the role of Marguerite Vance?",
        "Who or what must repair the roof?",
        "Who or what may charge interest of 5 % a year?",
        "What happens if the rent is late?",
    ]


def test_where_nothing_can_be_asked_nothing_is() -> None:
    result, _ = answer(Task.QUESTIONS, "Knowledge grows fractally. From a distance its edges look smooth to the eye.")

    assert result.claims == ()


def test_a_summary_is_never_one_giant_sentence() -> None:
    result, checked = answer(Task.SUMMARY, "and so it goes on " * 100)

    assert len(result.text) <= 502
    assert result.text.endswith(" …")
    assert all(citation.verified for citation in checked.citations)


def test_a_weak_lead_is_not_told_as_certain(embedder: Embedder) -> None:
    result, _ = answer(Task.CLASSIFY, CONTRACT, by=embedder)

    assert 0.34 < (result.claims[0].score or 0) < 0.95


def test_the_label_that_fits_is_chosen_and_shown(embedder: Embedder) -> None:
    result, checked = answer(Task.CLASSIFY, REVIEW, by=embedder, labels=("invoice", "hotel review", "timetable"))

    assert result.claims[0].label == "hotel review"
    assert 0.5 < (result.claims[0].score or 0) <= 1
    assert checked.citations[0].verified


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (REVIEW, "positive"),
        ("The box was broken and nobody answered. Terrible service, I want my money back.", "negative"),
        ("The train is scheduled at nine. It stops in Bern. Tickets are sold at the counter.", "neutral"),
    ],
)
def test_without_labels_the_feeling_is_told(embedder: Embedder, text: str, label: str) -> None:
    result, _ = answer(Task.CLASSIFY, text, by=embedder)

    assert result.claims[0].label == label


def test_an_instruction_is_answered_with_the_sentence_it_is_about(embedder: Embedder) -> None:
    result, checked = answer(Task.INSTRUCTION, CONTRACT, by=embedder, instruction="When does the contract end?")

    assert "The contract ends on 30 April 2028" in result.text
    assert checked.citations[0].verified


@pytest.mark.parametrize("with_embedder", [True, False])
def test_an_instruction_about_something_else_is_declined(embedder: Embedder, with_embedder: bool) -> None:
    by = embedder if with_embedder else None

    result, checked = answer(Task.INSTRUCTION, CONTRACT, by=by, instruction="Who won the world cup in football?")

    assert result.text.startswith("Nothing in the text answers this directly.")
    assert checked.citations == ()


@pytest.mark.parametrize(
    "instruction", ["", "?", "Who?", "the", "Compare the rents.", "x" * 5_000, "(?:[", "Who must pay? " * 400]
)
def test_no_instruction_is_an_error(embedder: Embedder, instruction: str) -> None:
    result, checked = answer(Task.INSTRUCTION, CONTRACT, by=embedder, instruction=instruction)

    assert result.claims
    assert all(citation.verified for citation in checked.citations)


def test_a_question_about_a_german_text_is_answered_by_its_words(embedder: Embedder) -> None:
    result, _ = answer(Task.INSTRUCTION, GERMAN, by=embedder, instruction="Wie hoch ist die Miete im Monat?")

    assert "Die Miete beträgt 900 EUR im Monat." in result.text


def test_a_long_text_is_searched_to_its_end(embedder: Embedder) -> None:
    text = " ".join(f"Chapter {number} tells of the sea." for number in range(3_000)) + " The cook was Ada Okoye."

    result, _ = answer(Task.INSTRUCTION, text, by=embedder, instruction="Who was the cook?")

    assert result.text == "The cook was Ada Okoye."


@pytest.mark.parametrize("task", Task)
def test_nothing_gives_nothing(task: Task) -> None:
    blank = Source("a", "Blank", (Sentence(0, 1, " "), Sentence(1, 2, "…")))

    result = Local().complete(Request(task, (Source("b", "Empty", ()), blank), "", 300, "Who?"))

    assert result.claims == ()


@pytest.mark.parametrize("task", ANSWERED)
@pytest.mark.parametrize(
    "text",
    [
        "这是第一句话。这是第二句话，说的是别的事情。第三句话在这里。",
        "هذه جملة أولى عن العقد. وهذه جملة ثانية عن الإيجار.",
        "ประโยคแรกเกี่ยวกับสัญญา ประโยคที่สองเกี่ยวกับค่าเช่า",
        "!!! ??? 12 {}",
        "a",
    ],
)
def test_any_script_and_any_scrap_is_answered(task: Task, text: str) -> None:
    _, checked = answer(task, text, instruction="{} (")

    assert checked.claims or task in (Task.ENTITIES, Task.QUESTIONS, Task.EXTRACT, Task.DATES, Task.OBLIGATIONS)
    assert all(citation.verified for citation in checked.citations)


def test_a_book_is_sampled_and_its_end_is_reached() -> None:
    words = random.Random(7)
    sentences = [
        f"Chapter {number} tells of {words.choice(['war', 'peace', 'love'])} at length." for number in range(5_000)
    ]

    result, checked = answer(Task.KEY_POINTS, " ".join(sentences))

    assert len(result.claims) == 8
    assert all(citation.verified for citation in checked.citations)


def test_the_books_show_words_and_no_cost() -> None:
    local = Local()

    result = local.complete(request(Task.SUMMARY, CONTRACT))

    assert result.usage.input_tokens == local.count(request(Task.SUMMARY, CONTRACT)) == len(CONTRACT.split())
    assert (result.provider, result.model, local.capabilities.charges) == ("local", "local-extractive-1", False)
