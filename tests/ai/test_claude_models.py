"""What is known of each model decides what it is sent, and what it can take."""

from dataclasses import replace
from typing import Any

import pytest

from documents.ai.claude import Claude
from documents.ai.protocol import Request, Task
from tests.ai.builders import CONTRACT, request
from tests.claude import MessagesAPI

HAIKU, NEW_HAIKU = "claude-haiku-4-5-20251001", "claude-haiku-5-5"
LONG = " ".join(f"Room {number} is let for {number} EUR a month." for number in range(200))
VERY_LONG = " ".join([LONG] * 12)
CITING = [task for task in Task if task not in (Task.CLASSIFY, Task.EXTRACT)]


def again(task: Task, text: str = LONG, model: str = NEW_HAIKU) -> Request:
    return replace(request(task, text, instruction="Who pays?", model=model), again_soon=True)


def prefix(api: MessagesAPI, number: int = -1) -> tuple[str, list[Any]]:
    """What stands before the question."""
    body = api.requests[number].body
    return body["system"], body["messages"][0]["content"][:-1]


def is_marked(api: MessagesAPI, number: int = -1) -> bool:
    return bool(prefix(api, number)[1][-1].get("cache_control") == {"type": "ephemeral"})


@pytest.mark.parametrize(
    ("model", "thinking"),
    [
        (HAIKU, None),
        (NEW_HAIKU, {"type": "disabled"}),
        ("claude-sonnet-5-5", {"type": "between_tools"}),
        ("claude-opus-5-5", None),
        ("claude-unheard-of", None),
    ],
)
def test_models_that_think_unasked_are_told_not_to(
    api: MessagesAPI, claude: Claude, model: str, thinking: dict[str, str] | None
) -> None:
    claude.complete(request(Task.SUMMARY, CONTRACT, model=model))

    assert api.requests[0].body.get("thinking") == thinking


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        (HAIKU, 200_000),
        (NEW_HAIKU, 1_000_000),
        ("claude-sonnet-5-5", 1_000_000),
        ("claude-opus-5-5-20260922", 1_000_000),
        ("qwen3:8b", 200_000),
    ],
)
def test_the_window_goes_by_the_models_name(claude: Claude, model: str, tokens: int) -> None:
    assert claude.window(model) == tokens


def test_a_window_that_is_set_holds_for_every_model() -> None:
    claude = Claude("sk-test", context_tokens=8_192)

    assert {claude.window(HAIKU), claude.window("qwen3:8b")} == {8_192}


@pytest.mark.parametrize(("model", "sent"), [(HAIKU, 64_000), ("claude-unheard-of", 90_000)])
def test_no_more_is_asked_for_than_a_model_can_say(api: MessagesAPI, claude: Claude, model: str, sent: int) -> None:
    claude.complete(replace(request(Task.SUMMARY, CONTRACT, model=model), max_tokens=90_000))

    assert api.requests[0].body["max_tokens"] == sent


@pytest.mark.parametrize("tasks", [CITING, [Task.CLASSIFY, Task.EXTRACT]], ids=["citing", "quoting"])
def test_all_tasks_of_a_kind_begin_with_the_same_bytes(api: MessagesAPI, claude: Claude, tasks: list[Task]) -> None:
    for task in tasks:
        claude.complete(again(task))

    assert all(prefix(api, number) == prefix(api, 0) for number in range(len(tasks)))


def test_documents_that_are_wanted_again_are_read_from_the_cache(claude: Claude) -> None:
    first = claude.complete(again(Task.SUMMARY)).usage
    second = claude.complete(again(Task.DATES)).usage

    assert (first.cache_read_tokens, second.cache_write_tokens) == (0, 0)
    assert first.cache_write_tokens == second.cache_read_tokens > 0
    assert second.input_tokens < second.cache_read_tokens


def test_other_documents_and_other_models_are_not_in_the_cache(claude: Claude) -> None:
    claude.complete(again(Task.SUMMARY))

    others = [again(Task.SUMMARY, LONG + " The end."), again(Task.SUMMARY, model="claude-sonnet-5-5")]
    assert [claude.complete(other).usage.cache_read_tokens for other in others] == [0, 0]


def test_only_the_last_document_is_marked(api: MessagesAPI, claude: Claude) -> None:
    claude.complete(replace(request(Task.SUMMARY, LONG, LONG, model=NEW_HAIKU), again_soon=True))

    assert ["cache_control" in document for document in prefix(api)[1]] == [False, True]


def test_documents_that_are_not_wanted_again_are_not_paid_for_twice(api: MessagesAPI, claude: Claude) -> None:
    claude.complete(request(Task.SUMMARY, LONG, model=NEW_HAIKU))

    assert not is_marked(api)


@pytest.mark.parametrize(
    ("text", "model", "marked"),
    [
        (CONTRACT, NEW_HAIKU, False),
        (LONG, NEW_HAIKU, True),
        (LONG, HAIKU, False),
        (VERY_LONG, HAIKU, True),
        (VERY_LONG, "claude-unheard-of", False),
    ],
)
def test_a_prompt_is_marked_when_its_model_keeps_one_so_short(
    api: MessagesAPI, claude: Claude, text: str, model: str, marked: bool
) -> None:
    usage = claude.complete(again(Task.SUMMARY, text, model)).usage

    assert is_marked(api) is marked
    assert (usage.cache_write_tokens > 0) is marked


def test_an_answer_in_a_form_is_not_marked_because_the_form_is_part_of_what_is_kept(
    api: MessagesAPI, claude: Claude
) -> None:
    claude.complete(again(Task.CLASSIFY))

    assert not is_marked(api)
