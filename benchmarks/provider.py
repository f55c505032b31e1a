"""A Messages API on this machine that does nothing but stream: hundreds of answers at a steady pace, in one thread.

    python -m benchmarks.provider PORT

The text of each delta is a mark: its number in the answer, and when it left by the clock all processes share. What it
does is set by `POST /pace`: `{"count": 200, "a_second": 10, "held": true}`; answers that are held begin at `POST /go`.
`GET /seen` tells how many were begun, and how many are waiting.
"""

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nrequest-id: req_benchmark\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)


@dataclass
class Provider:
    """`a_second` 0 sends all of an answer at once."""

    count: int = 5
    a_second: float = 0.0
    held: bool = False
    begun: int = 0
    waiting: int = 0
    going: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path, length = _asked(head)
                body = json.loads(await reader.readexactly(length) or b"{}")
                await self._answer(path, body, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, body: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if path == "/v1/messages":
            await self._stream(writer)
            return
        if path == "/pace":
            self.count, self.a_second, self.held = body["count"], body["a_second"], body["held"]
            self.begun = 0
            self.going.clear()
        elif path == "/go":
            self.going.set()
        told = json.dumps({"begun": self.begun, "waiting": self.waiting}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(told))
        writer.write(told)

    async def _stream(self, writer: asyncio.StreamWriter) -> None:
        self.begun += 1
        count, pause = self.count, 1 / self.a_second if self.a_second else 0.0
        writer.write(HEAD + _chunk(START) + _chunk(BLOCK))
        if self.held:
            self.waiting += 1
            await self.going.wait()
            self.waiting -= 1
        next_at = asyncio.get_running_loop().time() + random.random() * pause
        for number in range(count):
            if pause:
                await asyncio.sleep(next_at - asyncio.get_running_loop().time())
                next_at += pause
            if writer.is_closing():
                return
            writer.write(_chunk(_delta(number)))
        writer.write(b"".join(map(_chunk, ENDING)) + b"0\r\n\r\n")
        await writer.drain()


def _asked(head: bytes) -> tuple[str, int]:
    first, *lines = head.decode("latin-1").lower().split("\r\n")
    lengths = [int(line.partition(":")[2]) for line in lines if line.startswith("content-length:")]
    return first.split()[1], lengths[0] if lengths else 0


def _delta(number: int) -> dict[str, Any]:
    mark = f"{number}@{time.monotonic_ns()} "
    return {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": mark}}


def _chunk(event: dict[str, Any]) -> bytes:
    raw = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(raw), raw)


MESSAGE: dict[str, Any] = {
    "id": "msg_benchmark",
    "type": "message",
    "role": "assistant",
    "model": "claude-haiku-4-5-20251001",
    "content": [],
    "stop_reason": None,
    "stop_sequence": None,
    "usage": {"input_tokens": 900, "output_tokens": 1},
}
START: dict[str, Any] = {"type": "message_start", "message": MESSAGE}
BLOCK: dict[str, Any] = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
ENDING: list[dict[str, Any]] = [
    {"type": "content_block_stop", "index": 0},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn", "stop_sequence": None},
        "usage": {"output_tokens": 200},
    },
    {"type": "message_stop"},
]


async def main(port: int) -> None:
    server = await asyncio.start_server(Provider().serve, "127.0.0.1", port, backlog=2_048)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
