"""A Messages API on this machine, for tests: checks requests as the real one does, cites, counts, keeps prompts ready,
takes batches, and fails to order. It listens on 127.0.0.1 only.

    with MessagesAPI() as api:
        api.script.append(Script(status=529))
        Claude(api_key=api.api_key, base_url=api.url)...
        api.requests[-1].body

Each message (and each batch, as it is sent) takes the next `Script`; without one it is answered well. Each batch takes
the next `BatchScript` for what becomes of it, each later look at one the next of `api.batch_faults`.

A server that can do less: `MessagesAPI(features=("forms",))` refuses the rest, and takes models of any name.

A model that misbehaves, once by `Script(…)` or always by `api.obey = True`, `api.fabricated = 3`:
- `obey`: it does what documents tell it. A block with "answer with: X" makes X the answer, to the sign; where no block
  has one, every block is repeated as it stands, HTML, Markdown and links included. It cites the block it obeyed. In a
  JSON form the words stand in every text (never in an enum).
- `fabricated`: so many statements are added whose quotes stand in no document (`claude_answers.FABRICATED`): their
  block numbers are by turns those of another block, out of range, of no document, and upside down. In a JSON form the
  quote is made up.
"""

import json
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from documents.ai.models import FEATURES
from tests import claude_batches
from tests.claude_answers import Cache, events, input_tokens, message, numbers
from tests.claude_batches import Batch
from tests.claude_rules import Refusal, check
from tests.claude_scripts import BatchScript as BatchScript
from tests.claude_scripts import Recorded
from tests.claude_scripts import Script as Script

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
LONGEST_WAIT_SECONDS = 30
_BATCHES = "/v1/messages/batches"


class MessagesAPI(ThreadingHTTPServer):
    """The server; scripts and `requests` are plain lists for the test to fill and read."""

    daemon_threads = True

    def __init__(self, api_key: str = "sk-test", port: int = 0, *, features: Collection[str] = FEATURES) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.api_key = api_key
        self.features = features
        self.script: list[Script] = []
        self.batch_script: list[BatchScript] = []
        self.batch_faults: list[Script] = []
        self.requests: list[Recorded] = []
        self.batches: dict[str, Batch] = {}
        self.cache = Cache()
        self.obey = False
        self.fabricated = 0
        self.go_on = threading.Event()
        """Set by a test, for streams that wait."""
        self.left = threading.Event()
        """Set when a client hung up in the middle of an answer."""
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.go_on.set()
        self.shutdown()
        self.server_close()

    def next_script(self) -> Script:
        return self.script.pop(0) if self.script else Script()

    def answer(self, body: dict[str, Any], script: Script) -> dict[str, Any]:
        """The message that answers, for a request the real API would take."""
        check(body, required=("model", "messages", "max_tokens"), features=self.features)
        fabricated = script.fabricated or self.fabricated
        return message(body, replace(script, obey=script.obey or self.obey, fabricated=fabricated), self.cache)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests and no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: MessagesAPI

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""

    def do_POST(self) -> None:
        self._take(self.rfile.read(int(self.headers.get("content-length") or 0)))

    def do_GET(self) -> None:
        self._take(b"")

    def _take(self, raw: bytes) -> None:
        path = self.path.partition("?")[0]
        try:
            self._authenticate()
            body = json.loads(raw or b"{}")
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.server.requests.append(Recorded(path, headers, body, self.command))
            self._answer(path, body)
        except Refusal as refusal:
            self._send_error(Script(status=refusal.status, message=str(refusal)))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
            self.server.left.set()

    def _authenticate(self) -> None:
        key = self.headers.get("x-api-key") or (self.headers.get("authorization") or "").removeprefix("Bearer ")
        if key != self.server.api_key:
            raise Refusal(401, "invalid x-api-key")
        if not self.headers.get("anthropic-version"):
            raise Refusal(400, "anthropic-version: header is required")

    def _answer(self, path: str, body: dict[str, Any]) -> None:
        features = self.server.features
        if path == "/v1/messages/count_tokens" and "counting" in features:
            check(body, required=("model", "messages"), features=features)
            self._send_json(200, {"input_tokens": input_tokens(body)})
        elif path == "/v1/messages":
            self._answer_message(body, self.server.next_script())
        elif path.startswith(_BATCHES) and "batches" in features:
            self._answer_batches(path.removeprefix(_BATCHES).strip("/"), body)
        else:
            raise Refusal(404, "Not found")

    def _answer_message(self, body: dict[str, Any], script: Script) -> None:
        time.sleep(script.delay_seconds)
        if self._fails(script):
            return
        answer = self.server.answer(body, script)
        if body.get("stream"):
            self._send_stream(list(events(answer)), script)
        else:
            self._send_json(200, answer, script)

    def _fails(self, script: Script) -> bool:
        """Whether it was answered with a fault that needs no answer to be made."""
        if script.cut == "before":
            self._hang_up()
        elif script.page is not None:
            self._send(script.status, script.page_type, script.page, script.headers)
        elif script.status != 200:
            self._send_error(script)
        else:
            return False
        return True

    # Batches.

    def _answer_batches(self, rest: str, body: dict[str, Any]) -> None:
        if self.command == "POST" and not rest:
            self._create_batch(body, self.server.next_script())
            return
        fault = self.server.batch_faults.pop(0) if self.server.batch_faults else Script()
        time.sleep(fault.delay_seconds)
        if self._fails(fault):
            return
        key, _, what = rest.partition("/")
        if not key:
            listed = [batch.described(self.server.url) for batch in reversed(self.server.batches.values())]
            self._send_json(200, {"data": listed, "has_more": False, "first_id": None, "last_id": None})
        elif key not in self.server.batches:
            raise Refusal(404, "Not found")
        else:
            self._answer_batch(self.server.batches[key], what)

    def _create_batch(self, body: dict[str, Any], script: Script) -> None:
        """It is made before the connection is lost or the client gives up."""
        if script.status != 200 and self._fails(script):
            return
        what = self.server.batch_script.pop(0) if self.server.batch_script else BatchScript()
        batch = claude_batches.create(body, what, self.server.answer)
        self.server.batches[batch.key] = batch
        time.sleep(script.delay_seconds)
        if not self._fails(script):
            self._send_json(200, batch.described(self.server.url), script)

    def _answer_batch(self, batch: Batch, what: str) -> None:
        if what == "results":
            raw = batch.results()
            cut_at = len(raw) // 2 if batch.script.cut == "within" else None
            self._send(200, "application/x-jsonl", raw, {}, cut_at)
            return
        if what == "cancel":
            batch.call_off()
        described = batch.described(self.server.url)
        batch.polls -= 1
        self._send_json(200, described)

    # Bytes.

    def _send_error(self, script: Script) -> None:
        kind = script.error_type or ERROR_TYPES.get(script.status, "api_error")
        error: dict[str, Any] = {"type": kind, "message": script.message}
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
        self.send_header("request-id", f"req_{next(numbers):024d}")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.close()

    def _send_stream(self, whole: list[dict[str, Any]], script: Script) -> None:
        part = len(whole) // 2 if script.after is None else script.after
        sent = whole[:part] if script.cut == "within" or script.error_event else whole
        if script.error_event:
            sent.append({"type": "error", "error": {"type": script.error_event, "message": "scripted"}})
        self._start(200, "text/event-stream; charset=utf-8", {"transfer-encoding": "chunked", **script.headers})
        for number, event in enumerate(sent):
            if script.waits and number == part:
                self.server.go_on.wait(LONGEST_WAIT_SECONDS)
            self._send_event(event)
            time.sleep(script.chunk_delay_seconds)
        if script.cut == "within" and not script.quiet_cut:
            self._hang_up()
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _send_event(self, event: Mapping[str, Any]) -> None:
        raw = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))
        self.wfile.flush()
