"""The local Messages API is held to what the SDK understands."""

from typing import Any

import anthropic
import httpx2
import pytest

from tests.ai.builders import CONTRACT
from tests.claude import BatchScript, MessagesAPI, Script

DOCUMENT = {
    "type": "document",
    "source": {"type": "content", "content": [{"type": "text", "text": CONTRACT}]},
    "citations": {"enabled": True},
}
PARAMETERS = {
    "model": "claude-haiku-4-5-20251001",
    "max_tokens": 200,
    "messages": [{"role": "user", "content": [DOCUMENT, {"type": "text", "text": "What is it?"}]}],
}


@pytest.fixture
def sdk(api: MessagesAPI) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key=api.api_key, base_url=api.url, max_retries=0)


def marked(text: str) -> dict[str, Any]:
    """A request about a text that is to be kept ready."""
    document = {"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}
    return PARAMETERS | {
        "model": "claude-haiku-5-5",
        "messages": [{"role": "user", "content": [document, {"type": "text", "text": "What is it?"}]}],
    }


def batch(sdk: anthropic.Anthropic, *names: str) -> anthropic.types.messages.MessageBatch:
    requests = [{"custom_id": name, "params": PARAMETERS} for name in names]
    return sdk.messages.batches.create(requests=requests)  # type: ignore[arg-type]


def streamed(sdk: anthropic.Anthropic) -> anthropic.types.Message:
    with sdk.messages.stream(**PARAMETERS) as stream:  # type: ignore[arg-type]
        return stream.get_final_message()


def test_a_stream_adds_up_to_the_same_answer(sdk: anthropic.Anthropic) -> None:
    whole = sdk.messages.create(**PARAMETERS)  # type: ignore[call-overload]

    cited = [(block.text, block.citations) for block in streamed(sdk).content if block.type == "text"]
    assert cited == [(block.text, block.citations) for block in whole.content]
    assert cited[1][0] == CONTRACT


def test_a_quietly_cut_stream_has_no_stop_reason(api: MessagesAPI, sdk: anthropic.Anthropic) -> None:
    api.script.append(Script(cut="within", quiet_cut=True))

    assert streamed(sdk).stop_reason is None


def test_a_cut_stream_is_an_error_of_the_connection(api: MessagesAPI, sdk: anthropic.Anthropic) -> None:
    api.script.append(Script(cut="within"))

    with pytest.raises(httpx2.HTTPError):
        streamed(sdk)


def test_an_error_within_a_stream_has_its_type(api: MessagesAPI, sdk: anthropic.Anthropic) -> None:
    api.script.append(Script(error_event="overloaded_error"))

    with pytest.raises(anthropic.APIStatusError) as error:
        streamed(sdk)

    assert error.value.type == "overloaded_error"


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": 1},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": " "}]}]},
        {"messages": [{"role": "user", "content": []}]},
        {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object", "properties": {}}}}},
        {"messages": [{"role": "user", "content": [marked("x")["messages"][0]["content"][0]] * 5}]},
    ],
)
def test_what_the_real_one_refuses_is_refused(sdk: anthropic.Anthropic, wrong: dict[str, object]) -> None:
    with pytest.raises(anthropic.BadRequestError):
        sdk.messages.create(**PARAMETERS, extra_body=wrong)  # type: ignore[call-overload]


def test_a_prompt_is_written_to_the_cache_once_and_read_from_then_on(sdk: anthropic.Anthropic) -> None:
    used = [sdk.messages.create(**marked("word " * 600)).usage for _ in range(3)]

    counts = [(usage.cache_creation_input_tokens, usage.cache_read_input_tokens) for usage in used]
    written = counts[0][0]
    assert written
    assert counts == [(written, 0), (0, written), (0, written)]
    assert len({usage.input_tokens for usage in used}) == 1


def test_a_short_prompt_and_another_prompt_are_not_read_from_the_cache(sdk: anthropic.Anthropic) -> None:
    texts = ["word " * 600, "word " * 10, "other " * 600]

    used = [sdk.messages.create(**marked(text)).usage for text in texts]

    assert [bool(usage.cache_creation_input_tokens) for usage in used] == [True, False, True]
    assert [usage.cache_read_input_tokens for usage in used] == [0, 0, 0]


def test_a_batch_is_what_the_sdk_takes_for_one(api: MessagesAPI, sdk: anthropic.Anthropic) -> None:
    api.batch_script.append(BatchScript(polls=1, outcomes={1: "expired", 2: "api_error"}))

    made = batch(sdk, "a", "b", "c")
    looks = [sdk.messages.batches.retrieve(made.id) for _ in range(2)]

    assert [look.processing_status for look in looks] == ["in_progress", "ended"]
    assert [look.request_counts.processing for look in looks] == [3, 0]
    results = {line.custom_id: line.result.type for line in sdk.messages.batches.results(made.id)}
    assert list(results.items()) == [("c", "errored"), ("b", "expired"), ("a", "succeeded")]


def test_batches_are_listed_and_called_off(api: MessagesAPI, sdk: anthropic.Anthropic) -> None:
    api.batch_script.append(BatchScript(polls=5))
    made = batch(sdk, "a")

    called_off = sdk.messages.batches.cancel(made.id)

    assert called_off.cancel_initiated_at
    assert [one.id for one in sdk.messages.batches.list()] == [made.id]
    assert [line.result.type for line in sdk.messages.batches.results(made.id)] == ["canceled"]


@pytest.mark.parametrize("names", [[], ["a", "a"], ["a b"], ["x" * 65]])
def test_batches_the_real_one_refuses_are_refused(sdk: anthropic.Anthropic, names: list[str]) -> None:
    with pytest.raises(anthropic.BadRequestError):
        batch(sdk, *names)


def test_a_lesser_server_refuses_what_it_cannot_do() -> None:
    with MessagesAPI(features=("documents",)) as lesser:
        sdk = anthropic.Anthropic(api_key=lesser.api_key, base_url=lesser.url, max_retries=0)

        with pytest.raises(anthropic.BadRequestError, match="citations"):
            sdk.messages.create(**PARAMETERS)  # type: ignore[call-overload]
        with pytest.raises(anthropic.NotFoundError):
            batch(sdk, "a")
