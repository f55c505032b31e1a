"""Server-sent events: what happens to a document or an analysis, as it happens.

Async, and only reading: an open stream costs no worker and no connection, neither to the database nor to Redis. The few
threads that look at rows keep theirs for the next request: opening one takes longer than all they do with it.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import redis
from asgiref.sync import sync_to_async
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import TokenAuthentication
from accounts.models import User
from documents import streams
from documents.api import citations, errors
from documents.api.asking import AskViewSet
from documents.api.rendering import dumps
from documents.api.streaming import StreamViewSet
from documents.models import Analysis, Document, Message

LAST = ("ready", "done", "failed", "cancelled", "error")
PING_SECONDS = 15.0
LOOK_SECONDS = 1.0  # without Redis, the row is looked at this often
PING = b": ping\n\n"

# What a row tells beside its status.
TOLD: dict[Any, list[str]] = {Document: ["progress"], Message: ["text"]}

Watched = type[Document] | type[Analysis] | type[Message]
State = dict[str, Any]


@require_GET
async def document_events(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return await _events(request, Document, pk)


@require_GET
async def message_events(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return await _events(request, Message, pk)


@require_GET
async def analysis_events(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return await _events(request, Analysis, pk)


async def _events(request: HttpRequest, model: Watched, pk: UUID) -> HttpResponseBase:
    signed_in, state = await sync_to_async(_open, thread_sensitive=False)(request, model, pk)
    if not signed_in:
        return errors.respond(401, errors.SIGN_IN, code="not_authenticated")
    if state is None:
        return errors.respond(404, errors.NOT_FOUND, code="not_found")
    after = request.headers.get("Last-Event-ID", "")
    frames = _stream(model, pk, state, after if streams.is_id(after) else streams.FROM_THE_START)
    return _streaming(frames)


@csrf_exempt
@require_POST
async def ask_events(request: HttpRequest) -> HttpResponseBase:
    """A question, answered by the events of its answer."""
    begun = await _begin(request, AskViewSet)
    if isinstance(begun, HttpResponseBase):
        return begun
    state = {"status": "queued", "error": "", "text": ""}
    return _streaming(_stream(Message, begun, state, streams.FROM_THE_START), {"X-Message": str(begun)})


@csrf_exempt
@require_POST
async def stream_text(request: HttpRequest) -> HttpResponseBase:
    """What a text says, word by word: `data:` lines of text, then the event `done`, or `error`."""
    begun = await _begin(request, StreamViewSet)
    return begun if isinstance(begun, HttpResponseBase) else _streaming(_words(begun))


def _streaming(frames: AsyncIterator[bytes], headers: dict[str, str] | None = None) -> StreamingHttpResponse:
    told = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", **(headers or {})}
    return StreamingHttpResponse(frames, content_type="text/event-stream", headers=told)


async def _begin(request: HttpRequest, view: type[GenericViewSet[Any]]) -> UUID | HttpResponseBase:
    """What the ordinary view began, or its refusal: it sees to who asks, and for what."""
    response = await sync_to_async(_viewed, thread_sensitive=False)(request, view)
    return UUID(str(response.data["id"])) if isinstance(response, Response) and _is_begun(response) else response


def _viewed(request: HttpRequest, view: type[GenericViewSet[Any]]) -> HttpResponseBase:
    """Who is told by a stream does not wait until the answer of the view is JSON."""
    try:
        response = view.as_view({"post": "create"})(request)
        if not isinstance(response, Response) or _is_begun(response):
            return response
        return cast(HttpResponseBase, response.render())
    finally:
        connection.close_if_unusable_or_obsolete()


def _is_begun(response: Response) -> bool:
    return response.status_code < 300


async def _words(pk: UUID) -> AsyncIterator[bytes]:
    """The words of an analysis under way, and its end. Those that never came as words, because there are none of a
    list, or Redis was away, come at the end."""
    told = False
    try:
        async for event in streams.follow(pk, wait_seconds=PING_SECONDS):
            if event is None:
                yield PING
            elif event.name == "delta":
                told = True
                yield _data(event.data["text"])
            elif event.name in LAST:
                break
    except redis.RedisError:
        async for _ in _watch_row(Analysis, pk):
            yield PING
    row = await sync_to_async(_ended, thread_sensitive=False)(pk)
    if row["text"] and not told:
        yield _data(row["text"])
    yield _frame("error" if row["detail"] else "done", row)


def _data(text: str) -> bytes:
    return b"".join(b"data: " + line.encode() + b"\n" for line in text.split("\n")) + b"\n"


def _ended(pk: UUID) -> dict[str, Any]:
    try:
        row = Analysis.objects.get(pk=pk)
        usage = row.usage or {}
        tokens = usage.get("input_tokens", 0) + usage.get("output_tokens", 0)
        text = (row.result or {}).get("text", "")
        return {"id": str(pk), "text": text, "model": row.model, "tokens_used": tokens, "detail": row.error}
    finally:
        connection.close_if_unusable_or_obsolete()


def _open(request: HttpRequest, model: Watched, pk: UUID) -> tuple[bool, State | None]:
    """Whether somebody is signed in, and the row's state if she may see it."""
    try:
        person = _person(request)
        visible = person is not None and model.objects.visible_to(person).filter(pk=pk).exists()
        return person is not None, _state(model, pk) if visible else None
    finally:
        connection.close_if_unusable_or_obsolete()


def _person(request: HttpRequest) -> User | None:
    """By token or session: REST framework's own views are not async."""
    try:
        by_token = TokenAuthentication().authenticate(cast(Request, request))
    except AuthenticationFailed:
        return None
    if by_token:
        return by_token[0]
    return request.user if isinstance(request.user, User) and request.user.is_authenticated else None


def _look(model: Watched, pk: UUID) -> State | None:
    try:
        return _state(model, pk)
    finally:
        connection.close_if_unusable_or_obsolete()


def _state(model: Watched, pk: UUID) -> State | None:
    fields = ["status", "error_code", "error", *TOLD.get(model, ())]
    rows: QuerySet[Any, State] = model.objects.filter(pk=pk).values(*fields)
    return rows.first()


async def _stream(model: Watched, pk: UUID, state: State, after: str) -> AsyncIterator[bytes]:
    """How it stands, then what happens; without Redis, the row as it changes.

    An answer is told from its beginning, or from where the client left off, even when it has ended.
    """
    ended = state["status"] in LAST
    past = await streams.remembered(pk, after=after) if ended and model is Message else []
    for known in await sync_to_async(_of_what_is_here, thread_sensitive=False)(past):
        yield _frame(known.name, known.data, known.id)
    if not past and (ended or model is not Message):
        yield _row_frame(state)
    if ended:
        return
    try:
        async for event in streams.follow(pk, after=after, wait_seconds=PING_SECONDS):
            yield _frame(event.name, event.data, event.id) if event else PING
            if event and event.name in LAST:
                return
    except redis.RedisError:
        async for frame in _watch_row(model, pk):
            yield frame


def _of_what_is_here(past: list[streams.Event]) -> list[streams.Event]:
    """What happened, without the words of documents that were deleted since, or lie in the bin."""
    try:
        told = citations.told_of([event.data for event in past])
        return [replace(event, data=data) for event, data in zip(past, told, strict=True)]
    finally:
        connection.close_if_unusable_or_obsolete()


async def _watch_row(model: Watched, pk: UUID) -> AsyncIterator[bytes]:
    last: State | None = None
    while state := await sync_to_async(_look, thread_sensitive=False)(model, pk):
        if state != last:
            yield _row_frame(state)
        if state["status"] in LAST:
            return
        last = state
        await asyncio.sleep(LOOK_SECONDS)


def _row_frame(state: State) -> bytes:
    shown = {key: value for key, value in state.items() if key in ("status", "progress", "text")}
    if state["error"]:
        shown |= {"code": state["error_code"], "detail": state["error"]}
    # An answer fails by the event `error`, as it does while it is watched.
    name = "error" if state["status"] == "failed" and "text" in state else state["status"]
    return _frame(name if name in LAST else "progress", shown)


def _frame(name: str, data: dict[str, Any], identity: str = "") -> bytes:
    head = f"id: {identity}\n" if identity else ""
    return f"{head}event: {name}\ndata: ".encode() + dumps(data) + b"\n\n"
