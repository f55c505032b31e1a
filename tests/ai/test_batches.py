"""Many requests handed over together, and what comes back for each."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from documents.ai.claude import Claude
from documents.ai.errors import (
    Ambiguous,
    Malformed,
    Misconfigured,
    ModelError,
    NotNow,
    OutOfBudget,
    Refused,
    Rejected,
)
from documents.ai.protocol import Batches, BatchState, Request, Result, Source, StopReason, Task, Usage
from tests.ai.builders import CONTRACT, request
from tests.claude import BatchScript, MessagesAPI, Script
from tests.claude_answers import text

NAMES = ["a" * 64, "B_2", "c-3"]
BLANK = Request(Task.SUMMARY, (Source("x", "Empty", ()),), "claude-haiku-4-5-20251001", 300)


@pytest.fixture
def batches(claude: Claude) -> Batches:
    assert claude.batches is not None
    return claude.batches


def asked(*names: str, task: Task = Task.SUMMARY) -> dict[str, Request]:
    return {name: request(task, CONTRACT, labels=("lease", "sale")) for name in names or NAMES}


def answered(
    api: MessagesAPI, batches: Batches, requests: dict[str, Request], script: BatchScript
) -> dict[str, Result | ModelError]:
    """What came back of a batch that went this way."""
    api.batch_script.append(script)
    return dict(batches.results(batches.send(requests).key, requests))


def outcome(api: MessagesAPI, batches: Batches, what: str | Script, task: Task = Task.SUMMARY) -> Result | ModelError:
    return answered(api, batches, asked("only", task=task), BatchScript(outcomes={0: what}))["only"]


def test_each_request_is_sent_under_its_name_as_it_would_be_alone(
    api: MessagesAPI, claude: Claude, batches: Batches
) -> None:
    requests = asked("one")

    batches.send(requests)
    claude.complete(requests["one"])

    (sent,) = api.requests[0].body["requests"]
    assert sent == {"custom_id": "one", "params": api.requests[1].body}


def test_a_batch_is_looked_up_until_it_ends(api: MessagesAPI, batches: Batches) -> None:
    api.batch_script.append(BatchScript(polls=3))

    sent = batches.send(asked())
    states = [batches.look_up(sent.key) for _ in range(4)]

    assert (sent.ended, sent.requests) == (False, 3)
    assert [state.ended for state in states] == [False, False, False, True]
    assert {state.key for state in states} == {sent.key}
    assert timedelta(0) <= datetime.now(UTC) - sent.created_at < timedelta(minutes=5)


def test_results_find_their_names_whatever_their_order(api: MessagesAPI, batches: Batches) -> None:
    results = answered(api, batches, asked(), BatchScript())

    assert list(results) == NAMES[::-1]
    assert all(isinstance(result, Result) and result.claims[0].references for result in results.values())


def test_an_answer_of_a_batch_is_the_one_that_would_come_alone(
    api: MessagesAPI, claude: Claude, batches: Batches
) -> None:
    result = outcome(api, batches, Script(usage={"input_tokens": 9}))

    alone = claude.complete(asked("only")["only"])
    assert isinstance(result, Result)
    assert result.request_id.startswith("msg_")
    assert result.usage == replace(alone.usage, input_tokens=9)
    assert (result.claims, result.prompt_version) == (alone.claims, alone.prompt_version)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("expired", NotNow),
        ("canceled", NotNow),
        ("overloaded_error", NotNow),
        ("api_error", NotNow),
        ("timeout_error", NotNow),
        ("error_of_tomorrow", NotNow),
        ("invalid_request_error", Rejected),
        ("request_too_large", Rejected),
        ("not_found_error", Misconfigured),
        ("billing_error", OutOfBudget),
    ],
)
def test_what_was_not_answered_says_why_and_was_not_charged(
    api: MessagesAPI, batches: Batches, what: str, kind: type[ModelError]
) -> None:
    error = outcome(api, batches, what)

    assert type(error) is kind
    assert isinstance(error, ModelError)
    assert (str(error) != "", error.usage) == (True, None)


@pytest.mark.parametrize(
    ("script", "task", "kind"),
    [
        (Script(blocks=[], stop_reason="refusal"), Task.SUMMARY, Refused),
        (Script(blocks=[text("A lease.")]), Task.CLASSIFY, Malformed),
        (Script(stop_reason="pause_turn"), Task.SUMMARY, Ambiguous),
    ],
)
def test_what_was_answered_in_vain_is_booked(
    api: MessagesAPI, batches: Batches, script: Script, task: Task, kind: type[ModelError]
) -> None:
    error = outcome(api, batches, replace(script, usage={"input_tokens": 40, "output_tokens": 2}), task)

    assert type(error) is kind
    assert isinstance(error, ModelError)
    assert error.usage == Usage(40, 2)


def test_a_truncated_answer_is_kept_and_marked(api: MessagesAPI, batches: Batches) -> None:
    result = outcome(api, batches, Script(blocks=[text("The depo")], stop_reason="max_tokens"))

    assert isinstance(result, Result)
    assert result.stop_reason is StopReason.TRUNCATED


def test_one_that_fails_leaves_the_others_alone(api: MessagesAPI, batches: Batches) -> None:
    results = answered(api, batches, asked(), BatchScript(outcomes={1: "expired"}))

    assert [type(results[name]) for name in NAMES] == [Result, NotNow, Result]


def test_an_answer_nobody_asked_for_is_told_with_what_it_cost(api: MessagesAPI, batches: Batches) -> None:
    key = batches.send(asked()).key

    results = dict(batches.results(key, asked("c-3")))

    assert isinstance(results["c-3"], Result)
    unasked = results["B_2"]
    assert isinstance(unasked, Rejected)
    assert unasked.usage is not None
    assert unasked.usage.input_tokens > 0


def test_what_is_not_among_the_answers_is_told_so(api: MessagesAPI, batches: Batches) -> None:
    key = batches.send(asked("one")).key

    results = dict(batches.results(key, asked("one", "other")))

    assert isinstance(results["one"], Result)
    assert type(results["other"]) is NotNow


def test_texts_without_words_are_answered_and_not_sent(api: MessagesAPI, batches: Batches) -> None:
    requests = asked("one") | {"blank": BLANK}

    results = answered(api, batches, requests, BatchScript())

    assert len(api.requests[0].body["requests"]) == 1
    blank = results["blank"]
    assert isinstance(blank, Result)
    assert (blank.claims, blank.usage) == ((), Usage())


def test_a_batch_of_nothing_is_not_sent(api: MessagesAPI, batches: Batches) -> None:
    with pytest.raises(Rejected):
        batches.send({"blank": BLANK})

    assert not api.requests


def test_results_that_are_not_there_yet_can_be_asked_for_later(api: MessagesAPI, batches: Batches) -> None:
    with pytest.raises(NotNow) as error:
        answered(api, batches, asked(), BatchScript(polls=9))

    assert error.value.retry_after_seconds == 60


@pytest.mark.parametrize("cut", ["within", "quietly"])
def test_results_that_are_cut_off_are_asked_for_again(api: MessagesAPI, batches: Batches, cut: str) -> None:
    api.batch_script.append(BatchScript(cut=cut))
    key = batches.send(asked()).key
    came: list[tuple[str, Result | ModelError]] = []

    with pytest.raises(Ambiguous):
        came.extend(batches.results(key, asked()))

    assert len(came) == 1


@pytest.mark.parametrize("line", [b"nonsense", b"[]", b'{"custom_id": "x"}', b"\xff"])
def test_a_line_that_is_none_does_not_lose_the_others(api: MessagesAPI, batches: Batches, line: bytes) -> None:
    api.batch_script.append(BatchScript(lines=[line]))
    key = batches.send(asked()).key
    came: list[tuple[str, Result | ModelError]] = []

    with pytest.raises(Ambiguous):
        came.extend(batches.results(key, asked()))

    assert len(came) == 3


def test_an_outcome_of_a_kind_to_come_counts_as_lost(api: MessagesAPI, batches: Batches) -> None:
    strange = json.dumps({"custom_id": "strange", "result": {"type": "postponed"}}).encode()

    results = answered(api, batches, asked("one"), BatchScript(lines=[strange, b""]))

    assert type(results["strange"]) is Ambiguous


def test_lines_end_where_json_lines_do(api: MessagesAPI, batches: Batches) -> None:
    reply = {"model": "m", "content": [text("One.\u2028Two.\u0085")], "usage": {}, "stop_reason": "end_turn"}
    line = json.dumps({"custom_id": "x", "result": {"type": "succeeded", "message": reply}}, ensure_ascii=False)
    api.batch_script.append(BatchScript(lines=[line.encode()]))
    key = batches.send(asked("one")).key

    result = dict(batches.results(key, asked("one", "x")))["x"]

    assert isinstance(result, Result)
    assert result.text == "One.\u2028Two."


def test_batches_are_listed_with_the_newest_first(batches: Batches) -> None:
    sent = [batches.send(asked()) for _ in range(3)]

    assert [state.key for state in batches.recent()] == [state.key for state in reversed(sent)]


@pytest.mark.parametrize("script", [Script(delay_seconds=1.5), Script(cut="before"), Script(cut="within")])
def test_a_batch_whose_key_was_lost_on_the_way_is_found_again(
    api: MessagesAPI, batches: Batches, script: Script
) -> None:
    api.script.append(script)

    with pytest.raises(Ambiguous):
        batches.send(asked())

    (state,) = batches.recent()
    assert dict(batches.results(state.key, asked())).keys() == set(NAMES)


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (Script(status=529), NotNow),
        (Script(status=402), OutOfBudget),
        (Script(status=413), Rejected),
        (Script(page=b"<html>Sign in</html>"), Misconfigured),
    ],
)
def test_a_batch_that_is_not_taken_says_why(
    api: MessagesAPI, batches: Batches, script: Script, kind: type[ModelError]
) -> None:
    api.script.append(script)

    with pytest.raises(ModelError) as error:
        batches.send(asked())

    assert type(error.value) is kind
    assert len(api.requests) == 1


@pytest.mark.parametrize("script", [Script(status=500), Script(cut="before"), Script(delay_seconds=1.5)])
def test_a_look_that_fails_is_no_end(api: MessagesAPI, batches: Batches, script: Script) -> None:
    key = batches.send(asked()).key
    api.batch_faults.append(script)

    with pytest.raises(NotNow):
        batches.look_up(key)

    assert batches.look_up(key).ended


def test_a_batch_that_is_called_off_ends_unanswered(api: MessagesAPI, batches: Batches) -> None:
    api.batch_script.append(BatchScript(polls=9))
    key = batches.send(asked()).key

    batches.cancel(key)

    assert batches.look_up(key).ended
    assert {type(result) for _, result in batches.results(key, asked())} == {NotNow}


def test_a_batch_nobody_knows_is_gone(batches: Batches) -> None:
    for ask in (batches.look_up, batches.cancel, lambda key: list(batches.results(key, {}))):
        with pytest.raises(Rejected, match="does not know this batch"):
            ask("msgbatch_0")


def test_a_server_without_batches_names_the_setting() -> None:
    with MessagesAPI(features=("documents", "citations", "forms", "counting")) as api:
        batches = Claude("sk-test", base_url=api.url).batches
        assert batches is not None

        for ask in (lambda: batches.send(asked()), batches.recent):
            with pytest.raises(Misconfigured, match="AI_FEATURES"):
                ask()


def test_a_batch_without_counts_has_its_state(api: MessagesAPI, batches: Batches) -> None:
    key = batches.send(asked()).key
    page = json.dumps(
        {"id": key, "processing_status": "canceling", "created_at": "2026-11-26T10:00:00Z", "request_counts": {}}
    )
    api.batch_faults.append(Script(page=page.encode(), page_type="application/json"))

    assert batches.look_up(key) == BatchState(key, False, datetime(2026, 11, 26, 10, tzinfo=UTC), 0)
