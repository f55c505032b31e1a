"""Listens to hundreds of streams of events in one thread, and notes what came when."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

MARK = re.compile(rb"(\d+)@(\d+) ")
# Between the clock of events and that of ids, which are the milliseconds at which Redis took them in.
SINCE_1970 = time.time_ns() - time.monotonic_ns()
ENDS = (b"done", b"error", b"failed", b"cancelled", b"message_stop")


@dataclass
class Heard:
    """One stream: when it began, when its first event came, and each mark with the time it took."""

    began: int = field(default_factory=time.monotonic_ns)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    first_event: int = 0
    first_mark: int = 0
    events: int = 0
    numbers: list[int] = field(default_factory=list)
    nanoseconds: list[int] = field(default_factory=list)
    until_kept: list[int] = field(default_factory=list)
    last_id: str = ""
    ended_by: str = ""

    def take(self, event: bytes, now: int) -> None:
        name = b""
        for line in event.split(b"\n"):
            if line.startswith(b"id: "):
                self.last_id = line[4:].decode()
            elif line.startswith(b"event: "):
                name = line[7:]
                self.first_event = self.first_event or now
                self.events += 1
            elif line.startswith(b"data: "):
                for number, sent in MARK.findall(line):
                    self.first_mark = self.first_mark or now
                    self.numbers.append(int(number))
                    self.nanoseconds.append(now - int(sent))
                    if self.last_id:
                        kept = int(self.last_id.partition("-")[0]) * 1_000_000
                        self.until_kept.append(kept - SINCE_1970 - int(sent))
        if name in ENDS:
            self.ended_by = name.decode()


class Listener(asyncio.Protocol):
    """HTTP as far as a stream needs it: a head, then chunks, then events. `until` ends it early."""

    def __init__(self, request: bytes, until: Callable[[Heard], bool]) -> None:
        self.request = request
        self.until = until
        self.heard = Heard()
        self.raw = bytearray()
        self.told = bytearray()
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.heard.began = time.monotonic_ns()
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        self.raw += data
        if self.heard.status == 0 and not self._head():
            return
        self._chunks()
        *events, rest = self.told.split(b"\n\n")
        self.told = bytearray(rest)
        for event in events:
            self.heard.take(bytes(event), now)
        if self.heard.ended_by or self.until(self.heard):
            self.transport.close()

    def _head(self) -> bool:
        head, blank, rest = bytes(self.raw).partition(b"\r\n\r\n")
        if not blank:
            return False
        first, *lines = head.decode("latin-1").split("\r\n")
        self.heard.status = int(first.split()[1])
        self.heard.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        self.raw = bytearray(rest)
        if not self.opened.done():
            self.opened.set_result(None)
        return True

    def _chunks(self) -> None:
        while (end := self.raw.find(b"\r\n")) >= 0:
            size = int(self.raw[:end] or b"0", 16)
            if len(self.raw) < end + size + 4:
                return
            self.told += self.raw[end + 2 : end + 2 + size]
            del self.raw[: end + size + 4]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_result(None)
        if not self.closed.done():
            self.closed.set_result(self.heard)


async def listen(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
    until: Callable[[Heard], bool] = lambda heard: False,
) -> Listener:
    """A stream that was asked for; `opened` when its head is there, `closed` when it has ended."""
    parts = urlsplit(url)
    raw = json.dumps(body).encode() if body is not None else b""
    sent = {"Host": parts.netloc, "Accept": "text/event-stream", **(headers or {})}
    if body is not None:
        sent |= {"Content-Type": "application/json"}
    if method == "POST":
        sent |= {"Content-Length": str(len(raw))}
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    request = f"{method} {parts.path} HTTP/1.1\r\n{head}\r\n".encode() + raw
    loop = asyncio.get_running_loop()
    assert parts.hostname
    assert parts.port
    _, listener = await loop.create_connection(lambda: Listener(request, until), parts.hostname, parts.port)
    return listener
