"""Claude, or any server that speaks the Messages API with documents and citations.

Each sentence of ours is sent as one block, so the block numbers of a citation are sentences of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic import Field as Bounded

from documents.ai import claims, fields, prompts
from documents.ai.citations import locate
from documents.ai.errors import Ambiguous, Malformed, Misconfigured, Refused
from documents.ai.protocol import (
    Capabilities,
    Claim,
    Field,
    Reference,
    Request,
    Result,
    Source,
    StopReason,
    Task,
    Usage,
)
from documents.ai.wire import Received, Wire

DEFAULT_MODEL = "claude-haiku-4-5-20251001"

# Models that think before they answer unless told not to. Others refuse the setting, so it is sent to these alone.
_QUIET = {"claude-haiku-5-5": {"type": "disabled"}, "claude-sonnet-5-5": {"type": "between_tools"}}

_STOPS = {
    "end_turn": StopReason.COMPLETE,
    "stop_sequence": StopReason.COMPLETE,
    "tool_use": StopReason.COMPLETE,
    "max_tokens": StopReason.TRUNCATED,
    "model_context_window_exceeded": StopReason.TRUNCATED,
}


class _Checked(BaseModel):
    """What an answer must look like. Errors name the field and hold none of the text."""

    model_config = ConfigDict(hide_input_in_errors=True)


class _Location(_Checked):
    type: str
    cited_text: str = ""
    document_index: int = -1
    start_block_index: int = -1
    end_block_index: int = -1


class _Block(_Checked):
    type: str
    text: str = ""
    citations: list[_Location] | None = None


class _Usage(_Checked):
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None


class _Reply(_Checked):
    id: str = ""
    model: str
    content: list[_Block]
    usage: _Usage
    stop_reason: str | None = None

    @property
    def texts(self) -> list[_Block]:
        return [block for block in self.content if block.type == "text"]


class _Count(_Checked):
    input_tokens: int = Bounded(ge=0)


class _Classification(_Checked):
    label: str
    reason: str
    quote: str


class _Found(_Checked):
    value: Any
    quote: str


_Extraction = TypeAdapter(dict[str, _Found | None])


@dataclass(frozen=True, slots=True)
class _Sent:
    """Which of a source's sentences were sent: the API refuses blank ones, so its numbers may not be ours."""

    source: int
    sentences: tuple[int, ...]


class Claude:
    """Answers through the Messages API. One instance serves any number of threads."""

    name = "claude"
    capabilities = Capabilities(documents=True, citations=True, charges=True)

    def __init__(
        self,
        api_key: str,
        base_url: str = "",
        default_model: str = DEFAULT_MODEL,
        timeout_seconds: float = 600,
    ) -> None:
        self.default_model = default_model
        self._wire = Wire(api_key, base_url, timeout_seconds)

    def complete(self, request: Request) -> Result:
        sent = _sent(request.sources)
        if not sent:
            return _nothing_to_say(request)
        received = self._wire.create(_parameters(request, sent) | {"max_tokens": request.max_tokens})
        reply = _parsed(_Reply, received)
        usage = _usage(reply)
        stop_reason = _stop_reason(reply, usage, received.request_id)
        return Result(
            claims=_claims(request, reply, sent, usage, received.request_id),
            stop_reason=stop_reason,
            usage=usage,
            provider=self.name,
            model=reply.model,
            prompt_version=prompts.VERSIONS[request.task],
            request_id=received.request_id,
            raw={"id": reply.id, "stop_reason": reply.stop_reason, "usage": reply.usage.model_dump()},
        )

    def count(self, request: Request) -> int:
        sent = _sent(request.sources)
        return _parsed(_Count, self._wire.count(_parameters(request, sent))).input_tokens if sent else 0


def _sent(sources: Sequence[Source]) -> tuple[_Sent, ...]:
    readable = [
        _Sent(number, tuple(index for index, sentence in enumerate(source.sentences) if sentence.text.strip()))
        for number, source in enumerate(sources)
    ]
    return tuple(sent for sent in readable if sent.sentences)


def _nothing_to_say(request: Request) -> Result:
    return Result(
        claims=(),
        stop_reason=StopReason.COMPLETE,
        usage=Usage(),
        provider=Claude.name,
        model=request.model,
        prompt_version=prompts.VERSIONS[request.task],
    )


# What is sent.


def _parameters(request: Request, sent: Sequence[_Sent]) -> dict[str, Any]:
    """The request but for `max_tokens`, which counting takes no notice of."""
    documents = [_document(request, part) for part in sent]
    parameters: dict[str, Any] = {
        "model": request.model,
        "system": prompts.system(request),
        "messages": [{"role": "user", "content": [*documents, {"type": "text", "text": prompts.question(request)}]}],
    }
    if request.task in prompts.QUOTING:
        parameters["output_config"] = {"format": {"type": "json_schema", "schema": _schema(request)}}
    quiet = next((setting for model, setting in _QUIET.items() if request.model.startswith(model)), None)
    return parameters | ({"thinking": quiet} if quiet else {})


def _schema(request: Request) -> dict[str, Any]:
    if request.task is Task.EXTRACT:
        return fields.as_schema(request.fields)
    return prompts.classification_schema(prompts.labels(request))


def _document(request: Request, sent: _Sent) -> dict[str, Any]:
    source = request.sources[sent.source]
    blocks = [{"type": "text", "text": source.sentences[index].text} for index in sent.sentences]
    document: dict[str, Any] = {
        "type": "document",
        "source": {"type": "content", "content": blocks},
        # The API refuses citations together with a JSON form of the answer.
        "citations": {"enabled": request.task not in prompts.QUOTING},
    }
    return document | ({"title": source.title} if source.title.strip() else {})


# What comes back.


def _parsed[Shape: _Checked](shape: type[Shape], received: Received) -> Shape:
    try:
        return shape.model_validate_json(received.content)
    except ValidationError as error:
        raise Misconfigured(
            "What answered does not speak the Messages API. Check AI_BASE_URL.", request_id=received.request_id
        ) from error


def _usage(reply: _Reply) -> Usage:
    return Usage(
        input_tokens=reply.usage.input_tokens,
        output_tokens=reply.usage.output_tokens,
        cache_read_tokens=reply.usage.cache_read_input_tokens or 0,
        cache_write_tokens=reply.usage.cache_creation_input_tokens or 0,
    )


def _stop_reason(reply: _Reply, usage: Usage, request_id: str) -> StopReason:
    if reply.stop_reason == "refusal":
        raise Refused("The model declines to work on this text.", request_id=request_id, usage=usage)
    if reply.stop_reason not in _STOPS:
        raise Ambiguous("The model's answer broke off before its end.", request_id=request_id, usage=usage)
    return _STOPS[reply.stop_reason]


def _claims(request: Request, reply: _Reply, sent: Sequence[_Sent], usage: Usage, request_id: str) -> tuple[Claim, ...]:
    if request.task is Task.CLASSIFY:
        return (_classified(request, reply, usage, request_id),)
    if request.task is Task.EXTRACT:
        return _extracted(request, reply, usage, request_id)
    pieces = [Claim(block.text, _references(block, request.sources, sent)) for block in reply.texts]
    if request.task in (Task.SUMMARY, Task.INSTRUCTION):
        return claims.of_prose(pieces)
    return claims.of_list(pieces, labelled=request.task is Task.ENTITIES)


def _references(block: _Block, sources: Sequence[Source], sent: Sequence[_Sent]) -> tuple[Reference, ...]:
    locations = [location for location in block.citations or () if location.type == "content_block_location"]
    return tuple(_reference(location, sources, sent) for location in locations)


def _reference(location: _Location, sources: Sequence[Source], sent: Sequence[_Sent]) -> Reference:
    """Block numbers as sentences of ours; numbers we never sent stay for the check to find wanting."""
    first, last = location.start_block_index, location.end_block_index
    if not 0 <= location.document_index < len(sent):
        return Reference(-1, first, last, location.cited_text)
    part = sent[location.document_index]
    if not 0 <= first < last <= len(part.sentences):
        return Reference(part.source, -1, -1, location.cited_text)
    cited = [sources[part.source].sentences[index].text for index in part.sentences[first:last]]
    # The API joins blocks with nothing between them: put back the space that parts our sentences.
    quote = " ".join(cited) if location.cited_text == "".join(cited) else location.cited_text
    return Reference(part.source, part.sentences[first], part.sentences[last - 1] + 1, quote)


def _classified(request: Request, reply: _Reply, usage: Usage, request_id: str) -> Claim:
    answer = "".join(block.text for block in reply.texts)
    try:
        found = _Classification.model_validate_json(answer)
    except ValidationError as error:
        raise Malformed(
            "The model's answer is not in the form asked for. Allow it more tokens, or choose another model.",
            request_id=request_id,
            usage=usage,
        ) from error
    if found.label not in prompts.labels(request):
        raise Malformed("The model chose a label that was not offered.", request_id=request_id, usage=usage)
    return Claim(found.reason.strip(), (_quoted(found.quote, request.sources),), label=found.label)


def _extracted(request: Request, reply: _Reply, usage: Usage, request_id: str) -> tuple[Claim, ...]:
    """A claim for each value that was found. Raises Malformed with what is wrong with the answer."""
    answer = "".join(block.text for block in reply.texts)
    try:
        found = _Extraction.validate_json(answer)
        return tuple(
            _value(field, found[field.name], request.sources) for field in request.fields if found.get(field.name)
        )
    except ValidationError as error:
        raise Malformed("The answer is not in the form asked for.", request_id=request_id, usage=usage) from error
    except ValueError as error:
        raise Malformed(str(error), request_id=request_id, usage=usage) from error


def _value(field: Field, found: "_Found | None", sources: Sequence[Source]) -> Claim:
    assert found is not None
    value = fields.written(field, found.value)
    doubt = fields.doubt(field, value, found.quote)
    return Claim(value + "\n", (_quoted(found.quote, sources),), label=field.name, doubt=doubt)


def _quoted(quote: str, sources: Sequence[Source]) -> Reference:
    for number, source in enumerate(sources):
        sentences = locate(quote, source)
        if sentences:
            return Reference(number, *sentences, quote)
    return Reference(0, -1, -1, quote)
