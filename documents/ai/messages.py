"""What is sent to a Messages API: each sentence of ours as one block, so that block numbers are sentences of ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from documents.ai import models, prompts
from documents.ai.protocol import Capabilities, Request, Source

# For deciding whether a prompt is long enough to be kept ready: what is usual.
_BYTES_A_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Sent:
    """Which of a source's sentences were sent: the API refuses blank ones, so its numbers may not be ours."""

    source: int
    sentences: tuple[int, ...]


def sent(sources: Sequence[Source]) -> tuple[Sent, ...]:
    """What of the sources can be sent; nothing where there is nothing to read."""
    readable = [
        Sent(number, tuple(index for index, sentence in enumerate(source.sentences) if sentence.text.strip()))
        for number, source in enumerate(sources)
    ]
    return tuple(part for part in readable if part.sentences)


def asking(request: Request, parts: Sequence[Sent], able: Capabilities) -> dict[str, Any]:
    """The whole request."""
    longest = models.known(request.model).longest_answer or request.max_tokens
    return parameters(request, parts, able) | {"max_tokens": min(request.max_tokens, longest)}


def parameters(request: Request, parts: Sequence[Sent], able: Capabilities) -> dict[str, Any]:
    """The request but for `max_tokens`, which counting takes no notice of."""
    system = prompts.system(request, able)
    content = [_document(request, part, able) for part in parts]
    schema = prompts.schema(request, able)
    # A form is part of what is kept ready: with another form, which is the rule, it would be paid for in vain.
    if request.again_soon and schema is None and _is_worth_keeping(request.model, [system, *_texts(content)]):
        content[-1]["cache_control"] = {"type": "ephemeral"}
    content.append({"type": "text", "text": prompts.question(request, able)})
    return {
        "model": request.model,
        "system": system,
        "messages": [{"role": "user", "content": content}],
        **({"output_config": {"format": {"type": "json_schema", "schema": schema}}} if schema else {}),
        **_thinking(request.model),
    }


def size(parameters: dict[str, Any]) -> int:
    """The bytes of all texts of a request."""
    content = [part for message in parameters["messages"] for part in message["content"]]
    return _bytes([parameters["system"], *_texts(content)])


def _thinking(model: str) -> dict[str, Any]:
    """Models refuse a setting that is not theirs, so it is sent to those alone that have to be told."""
    setting = models.known(model).thinking
    return {"thinking": {"type": setting}} if setting else {}


def _is_worth_keeping(model: str, texts: Sequence[str]) -> bool:
    shortest = models.known(model).cached_from
    return shortest is not None and _bytes(texts) >= shortest * _BYTES_A_TOKEN


def _bytes(texts: Sequence[str]) -> int:
    return sum(len(text.encode()) for text in texts)


def _texts(content: Sequence[dict[str, Any]]) -> Iterator[str]:
    for part in content:
        if part["type"] == "document":
            yield from _texts(part["source"]["content"])
        else:
            yield part["text"]


def _document(request: Request, part: Sent, able: Capabilities) -> dict[str, Any]:
    source = request.sources[part.source]
    texts = [source.sentences[index].text for index in part.sentences]
    if not able.documents:
        return {"type": "text", "text": _inlined(source.title, texts)}
    document: dict[str, Any] = {
        "type": "document",
        "source": {"type": "content", "content": [{"type": "text", "text": text} for text in texts]},
    }
    if able.citations:
        # The API refuses citations together with a JSON form of the answer.
        document["citations"] = {"enabled": prompts.cites(request, able)}
    return document | ({"title": source.title} if source.title.strip() else {})


def _inlined(title: str, texts: Sequence[str]) -> str:
    """The document between marks; its own text can hold no mark, for it holds no sign that one begins with."""
    named = [f"Title: {title}"] if title.strip() else []
    return "\n".join(["<document>", *(_escaped(text) for text in [*named, *texts]), "</document>"])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
