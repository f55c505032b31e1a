"""Every place where an entity stands, and none where it does not."""

import pytest

from documents.ai import citations, occurrences
from documents.ai.protocol import Claim, Reference, Result, Sentence, Source, StopReason, Task, Usage
from documents.values import CheckedResult
from tests.ai.builders import source


def everywhere(text: str, *claims: Claim, task: Task = Task.ENTITIES, shown: Source | None = None) -> CheckedResult:
    from_text = shown or source(text)
    result = Result(claims, StopReason.COMPLETE, Usage(), "claude", "claude-x", "entities-1")
    checked = citations.check(result, (from_text,), (text,))
    return occurrences.everywhere(task, checked, from_text, text)


def named(words: str, quote: str = "") -> Claim:
    return Claim(words + "\n", (Reference(0, 0, 1, quote),), label="person")


def quotes(checked: CheckedResult, text: str) -> list[list[str]]:
    return [
        [text[citation.start : citation.end] for at in claim.citations if (citation := checked.citations[at]).verified]
        for claim in checked.claims
    ]


def test_every_place_is_cited_with_the_words_themselves() -> None:
    text = "Ann Lee rents. Nobody else does.\n\nThe landlord likes Ann\nLee, not Ann Leeds."

    assert quotes(everywhere(text, named("Ann Lee", "Ann Lee rents.")), text) == [["Ann Lee", "Ann\nLee"]]


@pytest.mark.parametrize(
    ("text", "words", "count"),
    [
        ("It costs €4,800. It did cost €4,800 before. €4,8000 is more.", "€4,800", 2),
        ("王明签了合同。合同由王明保管。", "王明", 2),
        ("Write to a.b@c.example or a.b@c.example.org.", "a.b@c.example", 2),
        ("A (plus) B and C (plus) B are firms.", "A (plus) B", 1),
    ],
)
def test_words_are_found_as_they_are_written(text: str, words: str, count: int) -> None:
    assert len(quotes(everywhere(text, named(words, text)), text)[0]) == count


def test_an_entity_that_stands_nowhere_keeps_what_the_model_cited() -> None:
    text = "Ann Lee rents a flat."

    checked = everywhere(text, named("A. Lee", "Ann Lee rents a flat."), named("Bob", "Bob pays."))

    assert [[checked.citations[at].quote for at in claim.citations] for claim in checked.claims] == [
        ["Ann Lee rents a flat."],
        ["Bob pays."],
    ]
    assert [citation.verified for citation in checked.citations] == [True, False]


def test_words_within_longer_ones_are_another_entity() -> None:
    text = "It begins on 1 April 2026 and ends on 1 April. Rent is due on 1 April 2026."

    checked = everywhere(text, named("1 April", text), named("1 April 2026", text))

    assert [len(claim.citations) for claim in checked.claims] == [1, 2]


def test_words_that_no_reader_sees_are_no_place() -> None:
    text = "Ann rents. Ann hides. Ann pays."
    shown = Source("key", "Title", (Sentence(0, 10, "Ann rents."), Sentence(22, 31, "Ann pays.")))

    starts = [citation.start for citation in everywhere(text, named("Ann", "Ann rents."), shown=shown).citations]

    assert starts == [0, 22]


def test_a_name_on_every_line_has_a_limit() -> None:
    text = "Ann pays.\n\n" * 500

    assert len(everywhere(text, named("Ann", "Ann pays.")).citations) == occurrences.MOST_OF_ONE


def test_other_tasks_cite_what_they_cite() -> None:
    text = "Ann rents. Ann pays."

    assert len(everywhere(text, named("Ann", "Ann rents."), task=Task.KEY_POINTS).citations) == 1
