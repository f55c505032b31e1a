"""What the real Messages API checks of a request, and how it is taken apart."""

import html
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from documents.ai.models import FEATURES

ACCEPTED = {
    "model",
    "max_tokens",
    "messages",
    "system",
    "stream",
    "stop_sequences",
    "tools",
    "tool_choice",
    "thinking",
    "metadata",
    "output_config",
    "cache_control",
    "service_tier",
}
MOST_MARKS = 4
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Refusal(Exception):
    """What the real API would not accept."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def check(body: Mapping[str, Any], *, required: Sequence[str], features: Collection[str] = FEATURES) -> None:
    for name in required:
        if name not in body:
            raise Refusal(400, f"{name}: Field required")
    for name in body:
        if name not in ACCEPTED:
            raise Refusal(400, f"{name}: Extra inputs are not permitted")
    # Another server than Anthropic's has models of its own.
    if set(features) == set(FEATURES) and not body["model"].startswith("claude-"):
        raise Refusal(404, f"model: {body['model']}")
    if not body["messages"] or body["messages"][0]["role"] != "user":
        raise Refusal(400, 'messages.0: first message must use the "user" role')
    for number, content in enumerate(turn["content"] for turn in body["messages"]):
        _check_content(number, content)
    _check_citations(body)
    _check_features(body, features)


def check_batch(body: Mapping[str, Any]) -> None:
    names = [one["custom_id"] for one in body.get("requests", ())]
    if not names:
        raise Refusal(400, "requests: List should have at least 1 item")
    if len(set(names)) < len(names) or not all(_NAME.fullmatch(name) for name in names):
        raise Refusal(400, "requests: custom_id must be unique and match ^[a-zA-Z0-9_-]{1,64}$")


def _check_content(number: int, content: Any) -> None:
    if content in ("", []):
        raise Refusal(400, f"messages.{number}: all messages must have non-empty content")
    for text in texts(content):
        if not text.strip():
            raise Refusal(400, "messages: text content blocks must be non-empty")
    for document in _documents(content):
        if document["source"].get("content") in ("", []):
            raise Refusal(400, f"messages.{number}: documents must have non-empty content")
    if json.dumps(content).count('"cache_control"') > MOST_MARKS:
        raise Refusal(400, f"A maximum of {MOST_MARKS} blocks with cache_control may be provided")


def _check_citations(body: Mapping[str, Any]) -> None:
    citing = {cites(document) for document in documents(body)}
    if len(citing) > 1:
        raise Refusal(400, "messages: citations must be enabled on all or none of the documents")
    if True in citing and output_schema(body):
        raise Refusal(400, "output_config.format: citations are not supported with structured outputs")


def _check_features(body: Mapping[str, Any], features: Collection[str]) -> None:
    if documents(body) and "documents" not in features:
        raise Refusal(400, "unsupported content block type: document")
    if any("citations" in document for document in documents(body)) and "citations" not in features:
        raise Refusal(400, "citations: Extra inputs are not permitted")
    if "output_config" in body and "forms" not in features:
        raise Refusal(400, "output_config: Extra inputs are not permitted")


def documents(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [document for turn in body["messages"] for document in _documents(turn["content"])]


def _documents(content: Any) -> list[dict[str, Any]]:
    return [block for block in content if block["type"] == "document"] if isinstance(content, list) else []


def shown(body: Mapping[str, Any]) -> list[list[str]]:
    """The texts of each document, also of those that are written into the message."""
    blocks = [block for turn in body["messages"] if isinstance(turn["content"], list) for block in turn["content"]]
    return [list(_lines(block)) for block in blocks if block["type"] == "document" or _is_written_in(block)]


def _is_written_in(block: Mapping[str, Any]) -> bool:
    return block["type"] == "text" and str(block["text"]).startswith("<document>\n")


def _lines(block: Mapping[str, Any]) -> Iterator[str]:
    if block["type"] == "document":
        yield from texts(block["source"]["content"])
    else:
        lines = block["text"].split("\n")[1:-1]
        yield from (html.unescape(line) for line in lines if not line.startswith("Title: "))


def cites(document: Mapping[str, Any]) -> bool:
    return bool((document.get("citations") or {}).get("enabled"))


def texts(content: Any) -> Iterator[str]:
    """Every text of a message's content, those of its documents included."""
    if isinstance(content, str):
        yield content
        return
    for block in content:
        if block["type"] == "text":
            yield block["text"]
        elif block["type"] == "document":
            yield from texts(block["source"]["content"])


def question(body: Mapping[str, Any]) -> str:
    """The last text of the last message."""
    return list(texts(body["messages"][-1]["content"]))[-1]


def output_schema(body: Mapping[str, Any]) -> dict[str, Any] | None:
    schema: dict[str, Any] | None = ((body.get("output_config") or {}).get("format") or {}).get("schema")
    return schema
