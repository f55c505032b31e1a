"""A Messages API on this machine, for tests: checks requests as the real one does, cites, counts, and fails to order.

    with MessagesAPI() as api:
        api.script.append(Script(status=529))
        Claude(api_key=api.api_key, base_url=api.url)...
        api.requests[-1].body

Each request takes the next `Script`; without one it is answered well. It listens on 127.0.0.1 only.
"""

import itertools
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

DERIVED = "derived"

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "invalid_request_error",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
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
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Script:
    """One answer, in order. What is left out is derived from the request."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "scripted"
    error_code: str = ""
    blocks: Sequence[Mapping[str, Any]] | None = None
    stop_reason: str | None = DERIVED
    usage: Mapping[str, Any] | None = None
    page: bytes | None = None
    """Sent instead of JSON, as a proxy's page would be."""
    delay_seconds: float = 0.0
    chunk_delay_seconds: float = 0.0
    cut: str = ""
    """`before` the first byte, or `within` the answer: half of the JSON, half of the events."""
    quiet_cut: bool = False
    """A stream cut within ends as if it were whole, but for its last events."""
    error_event: str = ""
    """Half-way through a stream comes this error, such as `overloaded_error`."""


@dataclass(frozen=True)
class Recorded:
    """A request as it came in, header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


class Refusal(Exception):
    """What the real API would not accept."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class MessagesAPI(ThreadingHTTPServer):
    """The server; `script` and `requests` are plain lists for the test to fill and read."""

    daemon_threads = True

    def __init__(self, api_key: str = "sk-test", port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.api_key = api_key
        self.script: list[Script] = []
        self.requests: list[Recorded] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests and no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: MessagesAPI

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.partition("?")[0]
        try:
            self._authenticate()
            body = json.loads(raw)
            self.server.requests.append(Recorded(path, {k.lower(): v for k, v in self.headers.items()}, body))
            self._answer(path, body)
        except Refusal as refusal:
            self._send_error(Script(status=refusal.status, message=str(refusal)))

    def _authenticate(self) -> None:
        key = self.headers.get("x-api-key") or (self.headers.get("authorization") or "").removeprefix("Bearer ")
        if key != self.server.api_key:
            raise Refusal(401, "invalid x-api-key")
        if not self.headers.get("anthropic-version"):
            raise Refusal(400, "anthropic-version: header is required")

    def _answer(self, path: str, body: dict[str, Any]) -> None:
        if path == "/v1/messages/count_tokens":
            check(body, required=("model", "messages"))
            self._send_json(200, {"input_tokens": input_tokens(body)})
        elif path == "/v1/messages":
            self._answer_message(body, self.server.script.pop(0) if self.server.script else Script())
        else:
            raise Refusal(404, "Not found")

    def _answer_message(self, body: dict[str, Any], script: Script) -> None:
        time.sleep(script.delay_seconds)
        if script.cut == "before":
            self._hang_up()
        elif script.page is not None:
            self._send(200, "text/html", script.page, script.headers)
        elif script.status != 200:
            self._send_error(script)
        else:
            check(body, required=("model", "messages", "max_tokens"))
            answer = message(body, script)
            if body.get("stream"):
                self._send_stream(list(events(answer)), script)
            else:
                self._send_json(200, answer, script)

    def _send_error(self, script: Script) -> None:
        error: dict[str, Any] = {"type": ERROR_TYPES.get(script.status, "api_error"), "message": script.message}
        if script.error_code:
            error["details"] = {"error_code": script.error_code}
        self._send_json(script.status, {"type": "error", "error": error}, script)

    def _send_json(self, status: int, content: Mapping[str, Any], script: Script | None = None) -> None:
        raw = json.dumps(content).encode()
        cut_at = len(raw) // 2 if script and script.cut == "within" else None
        self._send(status, "application/json", raw, script.headers if script else {}, cut_at)

    def _send(self, status: int, kind: str, raw: bytes, headers: Mapping[str, str], cut_at: int | None = None) -> None:
        self._start(status, kind, {"content-length": str(len(raw)), **headers})
        self.wfile.write(raw[:cut_at])
        if cut_at is not None:
            self._hang_up()

    def _start(self, status: int, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("request-id", f"req_{next(_numbers):024d}")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.close()

    def _send_stream(self, whole: list[dict[str, Any]], script: Script) -> None:
        half = len(whole) // 2
        sent = whole[:half] if script.cut == "within" or script.error_event else whole
        if script.error_event:
            sent.append({"type": "error", "error": {"type": script.error_event, "message": "scripted"}})
        self._start(200, "text/event-stream; charset=utf-8", {"transfer-encoding": "chunked", **script.headers})
        for event in sent:
            raw = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))
            self.wfile.flush()
            time.sleep(script.chunk_delay_seconds)
        if script.cut == "within" and not script.quiet_cut:
            self._hang_up()
        else:
            self.wfile.write(b"0\r\n\r\n")


# What the real API checks.


def check(body: Mapping[str, Any], *, required: Sequence[str]) -> None:
    for name in required:
        if name not in body:
            raise Refusal(400, f"{name}: Field required")
    for name in body:
        if name not in ACCEPTED:
            raise Refusal(400, f"{name}: Extra inputs are not permitted")
    if not body["model"].startswith("claude-"):
        raise Refusal(404, f"model: {body['model']}")
    if not body["messages"] or body["messages"][0]["role"] != "user":
        raise Refusal(400, 'messages.0: first message must use the "user" role')
    for number, content in enumerate(turn["content"] for turn in body["messages"]):
        _check_content(number, content)
    _check_citations(body)


def _check_content(number: int, content: Any) -> None:
    if content in ("", []):
        raise Refusal(400, f"messages.{number}: all messages must have non-empty content")
    for text in _texts(content):
        if not text.strip():
            raise Refusal(400, "messages: text content blocks must be non-empty")
    for document in _documents(content):
        if document["source"].get("content") in ("", []):
            raise Refusal(400, f"messages.{number}: documents must have non-empty content")


def _check_citations(body: Mapping[str, Any]) -> None:
    citing = {_cites(document) for document in documents(body)}
    if len(citing) > 1:
        raise Refusal(400, "messages: citations must be enabled on all or none of the documents")
    if True in citing and output_schema(body):
        raise Refusal(400, "output_config.format: citations are not supported with structured outputs")


# What it answers.


def documents(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [document for turn in body["messages"] for document in _documents(turn["content"])]


def _documents(content: Any) -> list[dict[str, Any]]:
    return [block for block in content if block["type"] == "document"] if isinstance(content, list) else []


def _cites(document: Mapping[str, Any]) -> bool:
    return bool((document.get("citations") or {}).get("enabled"))


def _texts(content: Any) -> Iterator[str]:
    """Every text of a message's content, those of its documents included."""
    if isinstance(content, str):
        yield content
        return
    for block in content:
        if block["type"] == "text":
            yield block["text"]
        elif block["type"] == "document":
            yield from _texts(block["source"]["content"])


def output_schema(body: Mapping[str, Any]) -> dict[str, Any] | None:
    schema: dict[str, Any] | None = ((body.get("output_config") or {}).get("format") or {}).get("schema")
    return schema


def tokens(text: str) -> int:
    """A stand-in for the real tokenizer: as monotonous, not as exact."""
    return len(re.findall(r"\w+|[^\w\s]", text)) * 4 // 3


def input_tokens(body: Mapping[str, Any]) -> int:
    system = body.get("system") or ""
    contents = [system, *(turn["content"] for turn in body["messages"])]
    return 8 + sum(tokens(text) for content in contents for text in _texts(content))


def message(body: Mapping[str, Any], script: Script) -> dict[str, Any]:
    blocks = list(script.blocks) if script.blocks is not None else _blocks(body)
    output = sum(tokens(block.get("text", "")) for block in blocks)
    derived = "max_tokens" if output > body["max_tokens"] else "end_turn"
    usage = {"input_tokens": input_tokens(body), "output_tokens": output}
    return {
        "id": f"msg_{next(_numbers):024d}",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": blocks,
        "stop_reason": derived if script.stop_reason == DERIVED else script.stop_reason,
        "stop_sequence": None,
        "usage": {**usage, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, **(script.usage or {})},
    }


def _blocks(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    schema = output_schema(body)
    if schema:
        return [{"type": "text", "text": json.dumps(example(schema))}]
    cited = [_cited(index, document) for index, document in enumerate(documents(body)) if _cites(document)]
    if not cited:
        return [{"type": "text", "text": "There is no document to speak of."}]
    connected = [block for pair in cited for block in (pair, {"type": "text", "text": " "})]
    return [{"type": "text", "text": "According to the document, "}, *connected[:-1]]


def _cited(index: int, document: Mapping[str, Any]) -> dict[str, Any]:
    """A text block that repeats the document's first block and cites it."""
    return {"type": "text", "text": _first(document).strip(), "citations": [citation(index, document, 0, 1)]}


def _first(document: Mapping[str, Any]) -> str:
    text: str = document["source"]["content"][0]["text"]
    return text


def citation(index: int, document: Mapping[str, Any], first: int, last: int) -> dict[str, Any]:
    """A citation of blocks [first:last), quoting them joined, as the real API does."""
    return {
        "type": "content_block_location",
        "cited_text": "".join(block["text"] for block in document["source"]["content"][first:last]),
        "document_index": index,
        "document_title": document.get("title"),
        "start_block_index": first,
        "end_block_index": last,
        "file_id": None,
    }


def example(schema: Mapping[str, Any]) -> Any:
    """The plainest value a schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {name: example(inner) for name, inner in schema.get("properties", {}).items()}
    return {"string": "text", "integer": 1, "number": 0.5, "boolean": True, "array": []}.get(schema.get("type", ""))


def events(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The answer as the events of a stream."""
    yield {"type": "message_start", "message": {**answer, "content": [], "stop_reason": None}}
    for index, block in enumerate(answer["content"]):
        start = {**block, "text": ""} | ({"citations": []} if "citations" in block else {})
        yield {"type": "content_block_start", "index": index, "content_block": start}
        for piece in re.findall(r"\S+\s*|\s+", block.get("text", "")):
            yield {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": piece}}
        for cited in block.get("citations") or []:
            yield {
                "type": "content_block_delta",
                "index": index,
                "delta": {"type": "citations_delta", "citation": cited},
            }
        yield {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": answer["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": answer["usage"]}
    yield {"type": "message_stop"}
