"""Events over the real async handler, and the real Valkey."""

import uuid
from collections.abc import AsyncIterable
from typing import Any, cast

import orjson
import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import AsyncClient
from pytest_django import Settings

from accounts import actions as accounts
from accounts.models import User
from documents import actions, streams
from documents.models import Document, Status

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

Frame = tuple[str, dict[str, Any]]


async def in_thread(call: Any, *args: Any, **kwargs: Any) -> Any:
    """The call, in a thread that leaves no connection behind."""

    def called() -> Any:
        try:
            return call(*args, **kwargs)
        finally:
            connection.close()

    return await sync_to_async(called)()


def token(user: User) -> dict[str, str]:
    _, secret = accounts.issue_token(user=user, name="A program", scope="read", expires_at=None)
    return {"Authorization": f"Token {secret}"}


@pytest.fixture
def reading(alice: User, notice: Document) -> Document:
    """A document of Alice's that is being read again."""
    Document.objects.filter(pk=notice.pk).update(status=Status.READING, progress=0.25)
    streams.clear(notice.pk)
    return notice


async def frames(path: str, **headers: str) -> list[Frame]:
    answer = await AsyncClient().get(path, headers=headers)
    assert answer["Content-Type"] == "text/event-stream"
    chunks = cast(AsyncIterable[bytes], answer)
    text = b"".join([chunk async for chunk in chunks]).decode()
    return [frame(block) for block in text.split("\n\n") if "event:" in block]


def frame(block: str) -> Frame:
    fields = dict(line.split(": ", 1) for line in block.splitlines())
    return fields["event"], orjson.loads(fields["data"])


async def test_a_settled_document_is_told_at_once(alice: User, notice: Document) -> None:
    headers = await in_thread(token, alice)

    seen = await frames(f"/api/documents/{notice.pk}/events/", **headers)

    assert seen == [("ready", {"status": "ready", "progress": 1.0})]


async def test_events_follow_in_order_after_how_it_stands(alice: User, reading: Document) -> None:
    headers = await in_thread(token, alice)
    await in_thread(streams.publish, reading.pk, "progress", progress=0.5)
    await in_thread(streams.publish, reading.pk, "ready", status="ready")

    seen = await frames(f"/api/documents/{reading.pk}/events/", **headers)

    assert [(name, data.get("progress")) for name, data in seen] == [
        ("progress", 0.25),
        ("progress", 0.5),
        ("ready", None),
    ]


async def test_a_client_that_comes_back_gets_what_it_missed(alice: User, reading: Document) -> None:
    headers = await in_thread(token, alice)
    await in_thread(streams.publish, reading.pk, "progress", progress=0.5)
    seen_before = await in_thread(streams.wait, reading.pk, after=streams.FROM_THE_START, seconds=1)
    await in_thread(streams.publish, reading.pk, "ready", status="ready")

    seen = await frames(f"/api/documents/{reading.pk}/events/", **headers, **{"Last-Event-ID": seen_before})

    assert [name for name, _ in seen[1:]] == ["ready"]


async def test_without_redis_the_row_tells(alice: User, reading: Document, settings: Settings) -> None:
    headers = await in_thread(token, alice)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    streams._client.cache_clear()
    torn = Document.objects.filter(pk=reading.pk).update
    await in_thread(torn, status=Status.FAILED, error="Torn.", error_code="damaged")

    seen = await frames(f"/api/documents/{reading.pk}/events/", **headers)

    streams._client.cache_clear()
    assert seen[-1] == ("failed", {"status": "failed", "progress": 0.25, "code": "damaged", "detail": "Torn."})


async def test_strangers_and_bob_hear_nothing(bob: User, reading: Document) -> None:
    headers = await in_thread(token, bob)

    stranger = await AsyncClient().get(f"/api/documents/{reading.pk}/events/")
    foreign = await AsyncClient().get(f"/api/documents/{reading.pk}/events/", headers=headers)
    nobodys = await AsyncClient().get(f"/api/analyses/{uuid.uuid4()}/events/", headers=headers)

    assert (stranger.status_code, foreign.status_code, nobodys.status_code) == (401, 404, 404)


async def test_an_analysis_tells_when_it_is_done(alice: User, notice: Document) -> None:
    headers = await in_thread(token, alice)
    analysis = await in_thread(
        actions.analyse, person=alice, document=notice, options=actions.Options(instruction="When?")
    )

    seen = await frames(f"/api/analyses/{analysis.pk}/events/", **headers)

    assert [name for name, _ in seen] == ["done"]
