"""An ASGI request through a WSGI application (PEP 3333): that runs in threads, the connection stays on the loop."""

import asyncio
import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, TimeoutError
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

from asgiref.typing import ASGIReceiveCallable, ASGIReceiveEvent, ASGISendCallable, HTTPResponseBodyEvent, HTTPScope

# A small answer leaves in one piece; of a larger one only the next piece is in memory.
WHOLE_BYTES = 256 * 1024
BODY_TIMEOUT_SECONDS = 60.0
SLOWEST_BYTES_A_SECOND = 32 * 1024


class Incoming(io.RawIOBase):
    """A body as a file: read by a thread, received by the loop as it is asked for."""

    def __init__(self, receive: ASGIReceiveCallable, loop: asyncio.AbstractEventLoop, length: int) -> None:
        self.receive = receive
        self.loop = loop
        self.deadline = time.monotonic() + BODY_TIMEOUT_SECONDS + length / SLOWEST_BYTES_A_SECOND
        self.held = b""
        self.ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.held and not self.ended:
            self._pull()
        taken = self.held[: len(buffer)]
        self.held = self.held[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def _pull(self) -> None:
        """Django makes a clean end of an OSError here: nobody is left to answer to."""
        waiting = asyncio.run_coroutine_threadsafe(self._receive(), self.loop)
        try:
            event = waiting.result(min(BODY_TIMEOUT_SECONDS, max(self.deadline - time.monotonic(), 0)))
        except TimeoutError:
            waiting.cancel()
            raise OSError("The body did not come in time.") from None
        if event["type"] != "http.request":
            raise OSError("The client went away.")
        self.held = event["body"]
        self.ended = not event["more_body"]

    async def _receive(self) -> ASGIReceiveEvent:
        return await self.receive()


@dataclass(slots=True)
class Outgoing:
    """What the application answers: its head, then its blocks."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    blocks: Iterator[bytes] = field(default_factory=lambda: iter(()))
    close: Callable[[], None] = lambda: None

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        """PEP 3333's start_response. Its `write` is for applications older than ours."""
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self._write

    def _write(self, block: bytes) -> object:
        raise NotImplementedError("Answer with an iterable.")

    def next(self) -> bytes | None:
        """The next block; None, and the end of the request, when there is none."""
        try:
            return next(self.blocks)
        except StopIteration:
            self.close()
            return None

    def first(self) -> tuple[bytes, bool]:
        """The first block, or all of a small answer; and whether more will come."""
        if self._length() <= WHOLE_BYTES:
            blocks = iter(self.next, None)
            return b"".join(blocks), False
        block = self.next()
        return block or b"", block is not None

    def _length(self) -> float:
        """The announced length; one that is not announced may be anything."""
        return next((int(value) for name, value in self.headers if name == b"content-length"), float("inf"))


def call(application: WSGIApplication, environ: WSGIEnvironment) -> tuple[Outgoing, bytes, bool]:
    """Runs the application, in a thread, to the first block of its answer."""
    answer = Outgoing()
    result: Iterable[bytes] = application(environ, answer.start)
    answer.close = getattr(result, "close", answer.close)
    try:
        answer.blocks = iter(result)
        block, more = answer.first()
    except BaseException:
        answer.close()
        raise
    return answer, block, more


async def run(
    application: WSGIApplication,
    executor: Executor,
    *,
    scope: HTTPScope,
    body: IO[bytes],
    length: int,
    send: ASGISendCallable,
    receive: ASGIReceiveCallable | None = None,
) -> None:
    """With `receive`, of a request that is read to its end, nothing more is made for a client that went away."""
    loop = asyncio.get_running_loop()
    environ = environment(scope, body=body, length=length)
    answer, block, more = await loop.run_in_executor(executor, call, application, environ)
    gone = asyncio.create_task(hung_up(receive)) if more and receive else None
    try:
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers, "trailers": False}
        )
        if scope["method"] == "HEAD":
            await send(block_event(b"", more=False))
            return
        while more:
            if gone and gone.done():
                return
            if block:
                await send(block_event(block, more=True))
            following = await loop.run_in_executor(executor, answer.next)
            block, more = following or b"", following is not None
        await send(block_event(block, more=False))
    finally:
        if gone:
            gone.cancel()
        if more:
            await loop.run_in_executor(executor, answer.close)


async def hung_up(receive: ASGIReceiveCallable) -> None:
    """Until the client is gone: the server takes what is sent to nobody without a word."""
    while (await receive())["type"] != "http.disconnect":
        continue


def block_event(block: bytes, *, more: bool) -> HTTPResponseBodyEvent:
    return {"type": "http.response.body", "body": block, "more_body": more}


def environment(scope: HTTPScope, *, body: IO[bytes], length: int) -> WSGIEnvironment:
    """PEP 3333's environ: texts that hold one byte a character."""
    root = scope["root_path"]
    path = unquote_to_bytes(scope["raw_path"] or scope["path"]).decode("latin-1")
    host, port = scope["server"] or ("localhost", 80)
    client, client_port = scope["client"] or ("", "")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root,
        "PATH_INFO": path.removeprefix(root),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client,
        "REMOTE_PORT": str(client_port),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    environ.update(header_variables(scope))
    environ["CONTENT_LENGTH"] = str(length)
    return environ


def header_variables(scope: HTTPScope) -> dict[str, str]:
    variables: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        # With an underscore a header could pass for one that a proxy sets: X_Forwarded_For.
        if b"_" in raw_name:
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        if name not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            name = f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        if name in variables:
            value = variables[name] + ("; " if name == "HTTP_COOKIE" else ",") + value
        variables[name] = value
    return variables
