"""A client without a network: speaks ASGI to an application in memory."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from asgiref.typing import ASGI3Application


@dataclass
class Answer:
    """What came back, and how much of the request was taken for it."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    blocks: list[bytes] = field(default_factory=list)
    taken: int = 0

    @property
    def body(self) -> bytes:
        return b"".join(self.blocks)


@dataclass
class Client:
    """Sends one request after the other; after `gone_after` blocks of a body it hangs up, or `full_after` of an
    answer."""

    application: ASGI3Application
    gone_after: int | None = None
    full_after: int | None = None

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | list[tuple[str, str]] | None = None,
        blocks: list[bytes] | None = None,
        **scope: Any,
    ) -> Answer:
        pairs = list(headers.items()) if isinstance(headers, dict) else headers or []
        return asyncio.run(self._request(method, path, pairs, blocks, scope))

    async def _request(
        self, method: str, path: str, headers: list[tuple[str, str]], blocks: list[bytes] | None, more: dict[str, Any]
    ) -> Answer:
        answer = Answer()
        events = self._events(answer, blocks or [b""])
        gone = asyncio.Event()

        async def receive() -> Any:
            event = next(events, None)
            if event is None:
                await gone.wait()
            return event or {"type": "http.disconnect"}

        async def send(event: Any) -> None:
            if event["type"] == "http.response.start":
                answer.status = event["status"]
                answer.headers = {name.decode(): value.decode() for name, value in event["headers"]}
            elif event["body"]:
                answer.blocks.append(event["body"])
            if len(answer.blocks) == self.full_after:
                gone.set()

        raw_headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
        scope = {
            **HTTP,
            "method": method,
            "path": path,
            "raw_path": quote(path).encode(),
            "headers": raw_headers,
            **more,
        }
        await self.application(scope, receive, send)  # type: ignore[arg-type]
        return answer

    def _events(self, answer: Answer, blocks: list[bytes]) -> Iterator[dict[str, Any]]:
        for number, block in enumerate(blocks, start=1):
            if self.gone_after is not None and number > self.gone_after:
                yield {"type": "http.disconnect"}
            answer.taken += len(block)
            yield {"type": "http.request", "body": block, "more_body": number < len(blocks)}


HTTP = {
    "type": "http",
    "asgi": {"version": "3.0", "spec_version": "2.3"},
    "http_version": "1.1",
    "scheme": "http",
    "query_string": b"",
    "root_path": "",
    "client": ("192.0.2.1", 4711),
    "server": ("127.0.0.1", "8000"),
    "extensions": {},
}
