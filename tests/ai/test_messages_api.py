"""The local Messages API is held to what the SDK understands."""

import anthropic
import httpx2
import pytest

from tests.ai.builders import CONTRACT
from tests.claude import MessagesAPI, Script

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
    ],
)
def test_what_the_real_one_refuses_is_refused(sdk: anthropic.Anthropic, wrong: dict[str, object]) -> None:
    with pytest.raises(anthropic.BadRequestError):
        sdk.messages.create(**PARAMETERS, extra_body=wrong)  # type: ignore[call-overload]
