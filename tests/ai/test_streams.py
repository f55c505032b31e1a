"""An answer as it is written: what comes, in what order, and how it ends."""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from documents.ai.claude import Claude
from documents.ai.errors import Ambiguous, Malformed, Misconfigured, ModelError, NotNow, OutOfBudget, Refused, Rejected
from documents.ai.protocol import Delta, Reference, Request, Result, Source, StopReason, Task, Usage
from tests.ai.builders import CONTRACT, request
from tests.claude import MessagesAPI, Script
from tests.claude_answers import cited, text

SUMMARY = request(Task.SUMMARY, CONTRACT)
RENT = cited("The rent is 900 EUR a month.", 1, 2)
DUE = cited("Payment is due on 1 May 2026.", 2, 3)
ANSWER = Script(blocks=[text("The rent is "), text("900 EUR", RENT), text(". "), text("Due on 1 May.", DUE, RENT)])
# message_start, ping, content_block_start, then a delta for every word.
BEFORE_THE_FIRST_WORD, AFTER_THE_FIRST_WORD = 2, 4


@pytest.fixture
def claude(api: MessagesAPI) -> Claude:
    return Claude(api.api_key, base_url=api.url, timeout_seconds=5.0, stall_seconds=1.0)


def failure(claude: Claude, asked: Request = SUMMARY) -> tuple[list[object], ModelError]:
    """What came, and how it broke off."""
    came: list[object] = []
    with pytest.raises(ModelError) as error:
        came.extend(claude.stream(asked))
    return came, error.value


def kinds(claude: Claude, asked: Request = SUMMARY) -> type[ModelError]:
    return type(failure(claude, asked)[1])


def test_words_come_first_then_what_they_rest_on_and_the_result_last(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(ANSWER)

    pieces = list(claude.stream(SUMMARY))

    words = "".join(piece.text for piece in pieces if isinstance(piece, Delta))
    shown = [piece if isinstance(piece, Reference) else type(piece) for piece in pieces if not isinstance(piece, Delta)]
    assert words == "The rent is 900 EUR. Due on 1 May."
    assert shown == [
        Reference(0, 1, 2, "The rent is 900 EUR a month."),
        Reference(0, 2, 3, "Payment is due on 1 May 2026."),
        Reference(0, 1, 2, "The rent is 900 EUR a month."),
        Result,
    ]


def test_a_reference_follows_the_words_it_is_for(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(ANSWER)

    pieces = list(claude.stream(SUMMARY))

    first = next(number for number, piece in enumerate(pieces) if isinstance(piece, Reference))
    assert "".join(piece.text for piece in pieces[:first] if isinstance(piece, Delta)) == "The rent is 900 EUR"


@pytest.mark.parametrize("task", Task)
def test_the_result_is_the_one_that_asking_for_it_whole_gives(api: MessagesAPI, claude: Claude, task: Task) -> None:
    asked = request(task, CONTRACT, instruction="Who pays?", labels=("lease", "sale"))

    streamed = list(claude.stream(asked))[-1]

    whole = claude.complete(asked)
    assert isinstance(streamed, Result)
    assert replace(streamed, request_id="", raw={}) == replace(whole, request_id="", raw={})
    assert streamed.request_id.startswith("req_")


@pytest.mark.parametrize("task", [Task.CLASSIFY, Task.EXTRACT])
def test_an_answer_in_a_form_comes_only_as_its_result(claude: Claude, task: Task) -> None:
    pieces = list(claude.stream(request(task, CONTRACT, labels=("lease", "sale"))))

    assert [type(piece) for piece in pieces] == [Result]


def test_nothing_is_held_back_until_the_end(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(replace(ANSWER, waits=True, after=AFTER_THE_FIRST_WORD))
    stream = claude.stream(SUMMARY)

    first = next(stream)
    api.go_on.set()

    assert first == Delta("The ")
    assert isinstance(list(stream)[-1], Result)


def test_nothing_to_read_is_not_sent(api: MessagesAPI, claude: Claude) -> None:
    (result,) = claude.stream(Request(Task.SUMMARY, (Source("a", "Empty", ()),), claude.default_model, 300))

    assert isinstance(result, Result)
    assert result.claims == ()
    assert not api.requests


def test_leaving_closes_the_connection(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(blocks=[text("word " * 2_000)], chunk_delay_seconds=0.01))
    stream = claude.stream(SUMMARY)
    next(stream)

    assert isinstance(stream, Iterator)
    stream.close()  # type: ignore[attr-defined]

    assert api.left.wait(timeout=20)


def test_what_comes_after_the_end_does_not_matter(api: MessagesAPI, claude: Claude) -> None:
    last_but_one = 2 + 3 + 2
    api.script.append(Script(blocks=[text("Short.")], cut="within", after=last_but_one - 1))

    result = list(claude.stream(SUMMARY))[-1]

    assert isinstance(result, Result)
    assert result.text == "Short."


def test_thinking_is_not_shown(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(blocks=[{"type": "thinking", "thinking": "Hm.", "signature": "x"}, text("A lease.")]))

    pieces = list(claude.stream(SUMMARY))

    assert pieces[:2] == [Delta("A "), Delta("lease.")]


def test_a_citation_of_what_was_never_sent_is_told_with_the_rest(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(blocks=[text("So it is.", cited("No such words.", 7, 9))]))

    assert Reference(0, -1, -1, "No such words.") in list(claude.stream(SUMMARY))


def test_tokens_are_booked_as_counted_at_the_end(api: MessagesAPI, claude: Claude) -> None:
    used = {"input_tokens": 5, "output_tokens": 6, "cache_read_input_tokens": 7, "cache_creation_input_tokens": 8}
    api.script.append(Script(usage=used))

    result = list(claude.stream(SUMMARY))[-1]

    assert isinstance(result, Result)
    assert result.usage == Usage(5, 6, 7, 8)


def test_a_truncated_answer_is_kept_and_marked(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(blocks=[text("The depo")], stop_reason="max_tokens"))

    result = list(claude.stream(SUMMARY))[-1]

    assert isinstance(result, Result)
    assert (result.stop_reason, result.text) == (StopReason.TRUNCATED, "The depo")


@pytest.mark.parametrize(
    "script",
    [
        replace(ANSWER, cut="within"),
        replace(ANSWER, cut="within", quiet_cut=True),
        replace(ANSWER, cut="within", quiet_cut=True, after=0),
        replace(ANSWER, waits=True),
        replace(ANSWER, waits=True, after=0),
        replace(ANSWER, error_event="overloaded_error"),
        replace(ANSWER, error_event="billing_error"),
        replace(ANSWER, stop_reason=None),
        replace(ANSWER, stop_reason="pause_turn"),
        Script(cut="before"),
        Script(status=504),
        Script(page=b"event: message_start\ndata: {\n\n", page_type="text/event-stream"),
        Script(page=b"event: error\ndata: nothing\n\n", page_type="text/event-stream"),
        Script(page=b"\xff\xfe\n\n", page_type="text/event-stream"),
        Script(
            page=b'data: {"type": "content_block_delta", "index": 0, "delta": {}}\n\n', page_type="text/event-stream"
        ),
        Script(page=b'data: {"type": "message_delta", "delta": {}}\n\n', page_type="text/event-stream"),
        Script(page=b'data: {"type": "error"}\n\n', page_type="text/event-stream"),
    ],
)
def test_an_answer_that_breaks_off_may_have_been_charged(api: MessagesAPI, claude: Claude, script: Script) -> None:
    api.script.append(script)

    assert kinds(claude) is Ambiguous
    assert len(api.requests) == 1


def test_what_came_before_it_broke_off_was_told(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(replace(ANSWER, cut="within", after=AFTER_THE_FIRST_WORD))

    came, error = failure(claude)

    assert came == [Delta("The ")]
    assert error.usage is None


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("overloaded_error", NotNow),
        ("api_error", NotNow),
        ("timeout_error", NotNow),
        ("rate_limit_error", NotNow),
        ("billing_error", OutOfBudget),
        ("invalid_request_error", Rejected),
        ("authentication_error", Misconfigured),
    ],
)
def test_an_error_before_the_first_word_is_what_it_says(
    api: MessagesAPI, claude: Claude, event: str, kind: type[ModelError]
) -> None:
    api.script.append(replace(ANSWER, error_event=event, after=BEFORE_THE_FIRST_WORD))

    came, error = failure(claude)

    assert (came, type(error)) == ([], kind)
    assert error.request_id.startswith("req_")


def test_signs_of_life_without_end_are_no_answer(api: MessagesAPI) -> None:
    pings = b'event: ping\ndata: {"type": "ping"}\n\n' * 3
    api.script.append(Script(page=pings, page_type="text/event-stream"))
    claude = Claude(api.api_key, base_url=api.url, timeout_seconds=0.0, stall_seconds=5.0)

    assert kinds(claude) is Ambiguous


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (Script(status=400), Rejected),
        (Script(status=401), Misconfigured),
        (Script(status=402), OutOfBudget),
        (Script(status=429), NotNow),
        (Script(status=529), NotNow),
        (Script(page=b"<html>Sign in</html>"), Misconfigured),
        (Script(page=b"{}", page_type="application/json"), Misconfigured),
        (Script(stop_reason="refusal", blocks=[]), Refused),
    ],
)
def test_errors_are_the_same_as_for_a_whole_answer(
    api: MessagesAPI, claude: Claude, script: Script, kind: type[ModelError]
) -> None:
    api.script.append(script)

    assert kinds(claude) is kind


def test_a_refusal_is_booked(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(blocks=[], stop_reason="refusal", usage={"input_tokens": 40, "output_tokens": 2}))

    assert failure(claude)[1].usage == Usage(40, 2)


def test_an_answer_out_of_form_can_be_asked_for_once_more(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(blocks=[text("A lease, I think.")]))

    assert kinds(claude, request(Task.CLASSIFY, CONTRACT)) is Malformed


def test_a_server_that_is_not_there_was_never_asked() -> None:
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"

        assert kinds(Claude("sk-test", base_url=address)) is NotNow
