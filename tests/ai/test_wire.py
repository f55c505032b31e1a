"""Whatever goes wrong on the way to a model becomes one of our errors, and is asked once only."""

import socket
from collections.abc import Mapping

import pytest

from documents.ai.claude import Claude
from documents.ai.errors import (
    Ambiguous,
    Misconfigured,
    ModelError,
    NotNow,
    OutOfBudget,
    Refused,
    Rejected,
)
from documents.ai.protocol import StopReason, Task
from tests.ai.builders import CONTRACT, request
from tests.claude import MessagesAPI, Script

SUMMARY = request(Task.SUMMARY, CONTRACT)


def failure(claude: Claude) -> ModelError:
    with pytest.raises(ModelError) as error:
        claude.complete(SUMMARY)
    return error.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (401, Misconfigured),
        (402, OutOfBudget),
        (403, Misconfigured),
        (404, Misconfigured),
        (405, Rejected),
        (408, NotNow),
        (409, NotNow),
        (413, Rejected),
        (418, Rejected),
        (422, Rejected),
        (429, NotNow),
        (500, NotNow),
        (502, Ambiguous),
        (503, NotNow),
        (504, Ambiguous),
        (529, NotNow),
    ],
)
def test_each_status_has_its_kind_and_is_not_sent_twice(
    api: MessagesAPI, claude: Claude, status: int, kind: type[ModelError]
) -> None:
    api.script.append(Script(status=status))

    error = failure(claude)

    assert type(error) is kind
    assert error.request_id.startswith("req_")
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "86400"}, 3600.0),
        ({"retry-after": "-5"}, 1.0),
        ({"retry-after": "nan"}, 15.0),
        ({"retry-after": "inf"}, 3600.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 15.0),
        ({}, 15.0),
    ],
)
def test_a_busy_model_is_left_alone_as_long_as_it_asks_within_reason(
    api: MessagesAPI, claude: Claude, headers: Mapping[str, str], seconds: float
) -> None:
    api.script.append(Script(status=429, headers=headers))

    error = failure(claude)

    assert isinstance(error, NotNow)
    assert error.retry_after_seconds == seconds


@pytest.mark.parametrize(
    "script",
    [
        Script(status=429, error_code="enforced_spend_limit_reached", headers={"retry-after": "5"}),
        Script(status=400, message="Your credit balance is too low to access the API."),
        Script(status=400, message="You have reached your specified API usage limits."),
        Script(status=402),
        Script(status=402, error_type="invalid_request_error"),
        Script(status=403, error_code="contract_spend_limit_reached"),
        Script(status=403, error_code="linked_organization_billing_unavailable"),
        Script(status=403, message="Your organization has reached its spend limit."),
        Script(status=400, error_code="user_profile_not_billable"),
        Script(status=400, error_type="billing_error"),
        Script(status=500, error_type="billing_error"),
    ],
)
def test_a_spent_budget_is_final(api: MessagesAPI, claude: Claude, script: Script) -> None:
    api.script.append(script)

    assert isinstance(failure(claude), OutOfBudget)
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    "script",
    [
        Script(cut="before"),
        Script(cut="within"),
        Script(delay_seconds=1.5),
        Script(stop_reason=None),
        Script(stop_reason="pause_turn"),
        Script(stop_reason="reason_of_tomorrow"),
        Script(status=502, page=b"<html>Bad Gateway</html>"),
        Script(status=504, error_type="timeout_error"),
        Script(page=b'{"id": "msg_1", "model": "cla', page_type="application/json"),
    ],
)
def test_an_answer_lost_on_the_way_may_have_been_charged(api: MessagesAPI, claude: Claude, script: Script) -> None:
    api.script.append(script)

    assert type(failure(claude)) is Ambiguous
    assert len(api.requests) == 1


def test_a_server_that_is_not_there_was_never_asked() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"

        error = failure(Claude("sk-test", base_url=address))

    assert type(error) is NotNow


@pytest.mark.parametrize("address", ["no address", "ftp://127.0.0.1", "127.0.0.1:8000"])
def test_an_address_that_is_none_says_which_setting_to_check(address: str) -> None:
    error = failure(Claude("sk-test", base_url=address))

    assert isinstance(error, Misconfigured)
    assert "AI_BASE_URL" in str(error)


@pytest.mark.parametrize("key", ["wrong", "schlüssel", "two words", "line\nend"])
def test_a_key_that_is_none_says_so_and_is_never_repeated(api: MessagesAPI, key: str) -> None:
    error = failure(Claude(key, base_url=api.url))

    assert isinstance(error, Misconfigured)
    assert key not in str(error)


def test_an_answer_that_comes_after_its_time_was_made_all_the_same(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(delay_seconds=1.5))

    error = failure(claude)

    assert type(error) is Ambiguous
    assert claude.complete(SUMMARY).claims
    assert len(api.requests) == 2


@pytest.mark.parametrize(
    ("status", "kind"), [(429, NotNow), (500, NotNow), (503, NotNow), (403, Misconfigured), (400, Rejected)]
)
def test_a_page_of_a_proxy_goes_by_its_status(
    api: MessagesAPI, claude: Claude, status: int, kind: type[ModelError]
) -> None:
    api.script.append(Script(status=status, page=b"<html>Sorry</html>"))

    assert type(failure(claude)) is kind


@pytest.mark.parametrize("reason", ["max_tokens", "model_context_window_exceeded"])
def test_an_answer_cut_short_by_a_limit_is_kept(api: MessagesAPI, claude: Claude, reason: str) -> None:
    api.script.append(Script(stop_reason=reason))

    assert claude.complete(SUMMARY).stop_reason is StopReason.TRUNCATED


def test_a_refusal_is_final(api: MessagesAPI, claude: Claude) -> None:
    api.script.append(Script(stop_reason="refusal", blocks=[]))

    assert type(failure(claude)) is Refused


@pytest.mark.parametrize(
    "script", [Script(status=400, message=CONTRACT), Script(status=500, message=CONTRACT), Script(stop_reason=None)]
)
def test_no_word_of_the_document_is_in_an_error(api: MessagesAPI, claude: Claude, script: Script) -> None:
    api.script.append(script)

    error = failure(claude)

    assert "Acme" not in f"{error!s}{error!r}"


@pytest.mark.parametrize(
    "page",
    [
        b"<html>Sign in</html>",
        b"",
        b"[]",
        b'{"hello": "world"}',
        b"\xff\xfe",
        b'{"model": "m", "content": [], "usage": {"input_tokens": -1}}',
    ],
)
@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_a_page_instead_of_an_answer_is_told_apart(api: MessagesAPI, claude: Claude, page: bytes, kind: str) -> None:
    api.script.append(Script(page=page, page_type=kind))

    error = failure(claude)

    assert isinstance(error, Misconfigured)
    assert "Messages API" in str(error)


def test_a_model_that_is_not_there_says_which_setting_to_check(api: MessagesAPI, claude: Claude) -> None:
    with pytest.raises(Misconfigured, match="AI_MODEL"):
        claude.complete(request(Task.SUMMARY, CONTRACT, model="gpt-4"))


def test_a_server_of_ones_own_needs_no_key() -> None:
    with MessagesAPI(api_key="none") as api:
        result = Claude("", base_url=api.url).complete(SUMMARY)

    assert result.claims
