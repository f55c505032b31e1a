"""What comes back from a Messages API, checked at the door, and the result it becomes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from pydantic import Field as Bounded
from pydantic import ValidationError

from documents.ai import claims, faults, fields, forms, normal, prompts
from documents.ai.errors import Ambiguous, Malformed, Refused
from documents.ai.forms import Checked, Text
from documents.ai.messages import Sent
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
from documents.ai.quotes import Quotes

PROVIDER = "claude"

_STOPS = {
    "end_turn": StopReason.COMPLETE,
    "stop_sequence": StopReason.COMPLETE,
    "tool_use": StopReason.COMPLETE,
    "max_tokens": StopReason.TRUNCATED,
    "model_context_window_exceeded": StopReason.TRUNCATED,
}
_PROSE = (Task.SUMMARY, Task.INSTRUCTION, Task.TRANSLATION)
# Lists whose lines begin with a label, and how it is told from the rest.
_LABELS: dict[Task, claims.Split] = {
    Task.ENTITIES: claims.kind,
    Task.DATES: claims.day,
    Task.OBLIGATIONS: claims.party,
}
_NOT_IN_FORM = "The model's answer is not in the form asked for. Allow it more tokens, or choose another model."


class Location(Checked):
    type: str
    cited_text: Text = ""
    document_index: int = -1
    start_block_index: int = -1
    end_block_index: int = -1


class Block(Checked):
    type: str
    text: Text = ""
    citations: list[Location] | None = None


_Tokens = Annotated[int, Bounded(ge=0)] | None


class Used(Checked):
    input_tokens: _Tokens = None
    output_tokens: _Tokens = None
    cache_read_input_tokens: _Tokens = None
    cache_creation_input_tokens: _Tokens = None


class Reply(Checked):
    id: str = ""
    model: str
    content: list[Block]
    usage: Used
    stop_reason: str | None = None

    @property
    def texts(self) -> list[Block]:
        return [block for block in self.content if block.type == "text"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as it was sent, and the name its answer has with the provider."""

    request: Request
    sent: tuple[Sent, ...]
    able: Capabilities
    request_id: str = ""


def parsed[Shape: Checked](shape: type[Shape], content: bytes, request_id: str = "") -> Shape:
    """The content in its shape. Raises Ambiguous when it came damaged, and Misconfigured when it has another."""
    try:
        return shape.model_validate_json(content)
    except ValidationError as error:
        is_damaged = content.startswith(b"{") and error.errors()[0]["type"] == "json_invalid"
        raise faults.lost(request_id) if is_damaged else faults.foreign(request_id) from error


def nothing_to_say(request: Request, able: Capabilities) -> Result:
    """The answer about sources without text, which are not sent."""
    return Result((), StopReason.COMPLETE, Usage(), PROVIDER, request.model, prompts.version(request, able))


def result(reply: Reply, exchange: Exchange) -> Result:
    """The reply as an answer of ours. Raises Refused, Ambiguous and Malformed with what it cost."""
    usage = used(reply)
    stop_reason = _stop_reason(reply, usage, exchange.request_id)
    try:
        found = _claims(reply, exchange)
    except ValueError as error:
        # Not chained: what it came from may repeat words of the answer, and would be logged with it.
        raise Malformed(str(error), request_id=exchange.request_id, usage=usage) from None
    return Result(
        claims=found,
        stop_reason=stop_reason,
        usage=usage,
        provider=PROVIDER,
        model=reply.model,
        prompt_version=prompts.version(exchange.request, exchange.able),
        request_id=exchange.request_id,
        raw={"id": reply.id, "stop_reason": reply.stop_reason, "usage": reply.usage.model_dump()},
    )


def used(reply: Reply) -> Usage:
    """The tokens of a reply."""
    return Usage(
        input_tokens=reply.usage.input_tokens or 0,
        output_tokens=reply.usage.output_tokens or 0,
        cache_read_tokens=reply.usage.cache_read_input_tokens or 0,
        cache_write_tokens=reply.usage.cache_creation_input_tokens or 0,
    )


def _stop_reason(reply: Reply, usage: Usage, request_id: str) -> StopReason:
    if reply.stop_reason == "refusal":
        raise Refused("The model declines to work on this text.", request_id=request_id, usage=usage)
    if reply.stop_reason not in _STOPS:
        raise Ambiguous("The model's answer broke off before its end.", request_id=request_id, usage=usage)
    return _STOPS[reply.stop_reason]


def _claims(reply: Reply, exchange: Exchange) -> tuple[Claim, ...]:
    request = exchange.request
    if request.task is Task.CLASSIFY:
        return (_classified(request, _answer(reply)),)
    if request.task is Task.EXTRACT:
        return _extracted(request, _answer(reply))
    if prompts.cites(request, exchange.able):
        pieces = [Claim(block.text, references(block, request.sources, exchange.sent)) for block in reply.texts]
    else:
        pieces = list(_stated(request, _answer(reply)))
    return _cut(request.task, pieces)


def _cut(task: Task, pieces: Sequence[Claim]) -> tuple[Claim, ...]:
    """The pieces as the statements of their task."""
    if task in _PROSE:
        return claims.of_prose(pieces)
    found = claims.of_list(pieces, labelled=task in _LABELS, split=_LABELS.get(task, claims.kind))
    return tuple(_doubted(claim) for claim in found) if task is Task.DATES else found


def _answer(reply: Reply) -> str:
    return "".join(block.text for block in reply.texts)


# Answers that cite.


def references(block: Block, sources: Sequence[Source], sent: Sequence[Sent]) -> tuple[Reference, ...]:
    """What a block of text rests on."""
    return tuple(reference for location in block.citations or () for reference in refer(location, sources, sent))


def refer(location: Location, sources: Sequence[Source], sent: Sequence[Sent]) -> tuple[Reference, ...]:
    """Block numbers as sentences of ours; numbers we never sent stay for the check to find wanting."""
    if location.type != "content_block_location":
        return ()
    first, last = location.start_block_index, location.end_block_index
    if not 0 <= location.document_index < len(sent):
        return (Reference(-1, first, last, location.cited_text),)
    part = sent[location.document_index]
    if not 0 <= first < last <= len(part.sentences):
        return (Reference(part.source, -1, -1, location.cited_text),)
    cited = [sources[part.source].sentences[index].text for index in part.sentences[first:last]]
    # The API joins blocks with nothing between them: put back the space that parts our sentences.
    quote = " ".join(cited) if location.cited_text == "".join(cited) else location.cited_text
    return (Reference(part.source, part.sentences[first], part.sentences[last - 1] + 1, quote),)


# Answers that quote. They raise ValueError with a sentence that says what is wrong with them.


def _classified(request: Request, answer: str) -> Claim:
    try:
        found = forms.classification(answer)
    except ValueError as error:
        raise ValueError(_NOT_IN_FORM) from error
    if found.label not in prompts.labels(request):
        raise ValueError("The model chose a label that was not offered.")
    return Claim(found.reason.strip(), Quotes(request.sources).references(found.quote), label=found.label)


def _extracted(request: Request, answer: str) -> tuple[Claim, ...]:
    """A claim for each value that was found."""
    found, quotes = forms.extraction(answer), Quotes(request.sources)
    values = ((field, found.get(field.name)) for field in request.fields)
    return tuple(_value(field, value, quotes) for field, value in values if value is not None)


def _value(field: Field, found: forms.Found, quotes: Quotes) -> Claim:
    value = fields.written(field, found.value)
    doubt = fields.doubt(field, value, found.quote)
    return Claim(value + "\n", quotes.references(found.quote), label=field.name, doubt=doubt)


def _stated(request: Request, answer: str) -> Iterator[Claim]:
    """Statements as the pieces a citing answer would have come in."""
    quotes, end = Quotes(request.sources), " " if request.task in _PROSE else "\n"
    for statement in forms.statements(answer):
        text, label = " ".join(statement.text.split()), " ".join(statement.label.split())
        is_labelled = label and request.task in _LABELS
        yield Claim((f"{label}: {text}" if is_labelled else text) + end, quotes.references(statement.quote))


# Dates.


def _doubted(claim: Claim) -> Claim:
    """A date that stands in none of the words cited for it is doubted."""
    day = claim.label.partition(" ")[2]
    follows = not day or any(_holds(reference.quote, day) for reference in claim.references)
    return claim if follows else replace(claim, doubt=fields.NOT_IN_QUOTE)


def _holds(quote: str, day: str) -> bool:
    """Whether the words give the day, or, of a month or year, at least the year."""
    if len(day) == len("2026-05-12"):
        return date.fromisoformat(day) in normal.dates(quote)
    year = day[:4]
    return bool(re.search(rf"(?<!\d){year}(?!\d)", quote)) or any(str(one.year) == year for one in normal.dates(quote))
