"""The web server's one application: streams go to Django's async handler, all else to its WSGI handler in threads.

Django's own ASGI handler is several times slower for ordinary views, and takes a whole upload in before any view can
refuse it. So what can be refused by its head is refused here, and a large body is handed on as it is read.
"""

import asyncio
import contextlib
import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO
from wsgiref.types import WSGIApplication

from asgiref.typing import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
    Scope,
)

from config import bridge, refusals
from config.refusals import Limits, Refused

ASYNCHRONOUS = re.compile(r"/api/(documents|analyses|messages)/[0-9a-f-]{36}/events/")
# Posts that are answered by a stream, and where to: the first only when that is what the client accepts.
STREAMED = {"/api/ask/": "/api/ask/events/", "/api/stream/": "/api/stream/events/"}
_IF_ACCEPTED = {"/api/ask/events/"}
READ_AT_ONCE_BYTES = 1024 * 1024
READ_AT_ONCE_SECONDS = 120.0
LINGER_SECONDS = 2.0
# Each holds a thread while it comes in; the others stay free for everybody else.
LARGE_BODIES = 8


class Gone(Exception):
    """The client went away before its request was whole."""


class Gateway:
    """`session_cookie` is the name of the cookie a browser is known by; `temporary` keeps bodies of unknown length."""

    def __init__(
        self,
        *,
        asynchronous: ASGI3Application,
        synchronous: WSGIApplication,
        limits: Limits,
        session_cookie: str,
        temporary: Path,
        threads: int = 24,
    ) -> None:
        self.asynchronous = asynchronous
        self.synchronous = synchronous
        self.limits = limits
        self.session_cookie = session_cookie
        self.temporary = temporary
        self.executor = ThreadPoolExecutor(threads, thread_name_prefix="view")
        self.large_bodies = asyncio.Semaphore(LARGE_BODIES)

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000, "reason": "There are no web sockets here."})
        else:
            await self._answer(scope, receive, send)

    async def _live(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.executor.shutdown(wait=False, cancel_futures=True)
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        try:
            length = refusals.content_length(scope)
            refusals.refuse_strangers(scope, session_cookie=self.session_cookie)
            refusals.refuse_length(length or 0, self._limit(scope))
            refusals.drop_broken_cookies(scope)
            if ASYNCHRONOUS.fullmatch(scope["path"]):
                refusals.refuse_any_body(length)
                await self.asynchronous(scope, receive, send)
            elif streamed := wants_stream(scope):
                await self.asynchronous(streamed, receive, send)
            elif length is not None and length > READ_AT_ONCE_BYTES:
                await self._answer_while_reading(scope, receive, send, length)
            else:
                await self._answer_when_read(scope, receive, send, length)
        except Refused as refused:
            await refuse(refused, scope, receive, send)
        except Gone:
            return

    def _limit(self, scope: HTTPScope) -> int:
        return self.limits.of(scope, session_cookie=self.session_cookie)

    async def _answer_while_reading(
        self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable, length: int
    ) -> None:
        """A large body is handed on as it comes, so that a view can refuse it before."""
        if self.large_bodies.locked():
            raise refusals.too_many()
        async with self.large_bodies:
            incoming = bridge.Incoming(receive, asyncio.get_running_loop(), length)
            with io.BufferedReader(incoming, READ_AT_ONCE_BYTES) as body:
                await bridge.run(self.synchronous, self.executor, scope=scope, body=body, length=length, send=send)

    async def _answer_when_read(
        self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable, length: int | None
    ) -> None:
        """A small body, or one of unknown length, is read first: a slow client holds no thread."""
        with SpooledTemporaryFile(READ_AT_ONCE_BYTES, dir=str(self.temporary)) as body:
            if length != 0:
                await collect(receive, body, self._limit(scope))
            length = measure(body) if length is None else length
            await bridge.run(
                self.synchronous,
                self.executor,
                scope=scope,
                body=body,
                length=length,
                send=send,
                receive=receive,
            )


def wants_stream(scope: HTTPScope) -> HTTPScope | None:
    """The request led to the view that streams, if it is one that may be streamed and the client accepts that."""
    path = STREAMED.get(scope["path"]) if scope["method"] == "POST" else None
    if path is None or (path in _IF_ACCEPTED and b"text/event-stream" not in refusals.header(scope, b"accept")):
        return None
    led = scope.copy()
    led["path"], led["raw_path"] = path, path.encode()
    return led


async def collect(receive: ASGIReceiveCallable, body: IO[bytes], limit: int) -> None:
    """Reads a body to its end, or to the limit: its length may not have been announced."""
    more = True
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READ_AT_ONCE_SECONDS):
            while more:
                event = await receive()
                if event["type"] != "http.request":
                    raise Gone
                body.write(event["body"])
                more = event["more_body"]
                refusals.refuse_length(body.tell(), limit)
    if more:
        raise refusals.too_slow()
    body.seek(0)


def measure(body: IO[bytes]) -> int:
    length = body.seek(0, io.SEEK_END)
    body.seek(0)
    return length


async def refuse(refused: Refused, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answers at once, then throws away for a moment what still comes.

    Closing on a client that is still sending makes its system throw our answer away.
    """
    headers, body = refusals.rendered(scope, refused)
    await send({"type": "http.response.start", "status": refused.status, "headers": headers, "trailers": False})
    await send(bridge.block_event(body, more=True))
    if not refusals.header(scope, b"expect"):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(discard(receive), LINGER_SECONDS)
    await send(bridge.block_event(b"", more=False))


async def discard(receive: ASGIReceiveCallable) -> None:
    event = await receive()
    while event["type"] == "http.request" and event["more_body"]:
        event = await receive()
