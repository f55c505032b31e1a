"""The sentence that answers, chosen on this machine from all that somebody may see."""

import pytest

from accounts.models import User
from documents import questions
from documents.ai.answering import Considered, Vocabulary, answer
from documents.ai.embedding import MiniLM
from documents.search.scope import Scope
from tests.library import Commit
from tests.search.library import shelver

pytestmark = pytest.mark.django_db

HARBOUR = """The harbour library was founded in 1931 by Ada Okoye. It lent 48,210 items last year.

It stands beside the old customs house in Port Street. The roof was repaired because water came in."""
BAKERY = "The bakery on the square opens at six. Its owner is Tom Reed, who learned the trade in Lyon."


@pytest.fixture
def scope(alice: User, commit: Commit) -> Scope:
    shelve = shelver(commit)
    shelve(alice, "Harbour library", HARBOUR)
    shelve(alice, "Bakery", BAKERY)
    return Scope.of(alice)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When was the harbour library founded?", "founded in 1931"),
        ("Who owns the bakery?", "Tom Reed"),
        ("How many items did the library lend last year?", "48,210"),
        ("Why was the roof repaired?", "because water came in"),
        ("Where does the library stand?", "beside the old customs house"),
    ],
)
def test_the_sentence_with_the_answer_is_chosen(scope: Scope, question: str, words: str) -> None:
    found = questions.extract(scope, question)

    assert found is not None
    assert words in found.text


def test_a_sentence_with_all_that_is_asked_is_taken_for_an_answer(scope: Scope) -> None:
    found = questions.extract(scope, "When was the harbour library founded?")

    assert found is not None
    assert found.answers


@pytest.mark.parametrize(
    "question", ["What is the capital of Mongolia?", "How many trains does the swimming pool of Berlin 1987 have?"]
)
def test_a_question_about_something_else_has_no_answer(scope: Scope, question: str) -> None:
    found = questions.extract(scope, question)

    assert found is None or not found.answers


def test_bob_gets_nothing_of_alices(scope: Scope, bob: User) -> None:
    assert questions.extract(Scope.of(bob), "When was the harbour library founded?") is None


@pytest.mark.parametrize("question", ["", " ", "?", "x" * 5_000, "的", "\x00", "it is the"])
def test_no_question_is_an_error(scope: Scope, question: str) -> None:
    questions.extract(scope, question)


def test_without_passages_there_is_no_answer() -> None:
    vocabulary = Vocabulary(str.split, str.split, lambda term: 1.0)

    assert answer("Who?", [], vocabulary, MiniLM()) is None
    assert answer("Who?", [Considered("Title", (), 1.0)], vocabulary, MiniLM()) is None


def test_a_row_of_a_table_about_something_else_does_not_answer(alice: User, commit: Commit) -> None:
    rows = "Rent | €1,180 | monthly\n\nHeating | €140 | with the rent"
    terms = f"The rent is €1,180 a month and is due on the third working day.\n\n{rows}"
    shelver(commit)(alice, "Terms", terms)

    found = questions.extract(Scope.of(alice), "How much is the rent?")

    assert found is not None
    assert "€1,180" in found.text
