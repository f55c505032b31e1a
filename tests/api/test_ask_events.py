"""The events of an answer: as the question's own answer, from the beginning, and on from where a client left off."""

from collections.abc import AsyncIterable
from typing import Any, cast
from uuid import UUID

import orjson
import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import AsyncClient
from pytest_django import Settings

from accounts import actions as accounts
from accounts.models import User
from config.gateway import wants_stream
from documents import actions, streams
from documents.models import Document, Message
from tests.claude import MessagesAPI

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

ASKED = {"question": "What does the work cost?"}


@pytest.fixture
def program(alice: User, notice: Document) -> dict[str, str]:
    """What a program of Alice's sends with each request."""
    _, secret = accounts.issue_token(user=alice, name="A program", scope="write", expires_at=None)
    return {"Authorization": f"Token {secret}"}


async def told(answer: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """Id, name and data of each event."""
    text = b"".join([chunk async for chunk in answer]).decode()
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.split("\n\n") if block]
    return [(one.get("id", ""), one["event"], orjson.loads(one["data"])) for one in blocks if "event" in one]


async def ask(headers: dict[str, str], body: dict[str, Any]) -> Any:
    return await AsyncClient().post(
        "/api/ask/events/", body, content_type="application/json", headers=headers | {"Accept": "text/event-stream"}
    )


async def test_a_question_is_answered_by_its_events(program: dict[str, str]) -> None:
    answer = await ask(program, ASKED)

    events = await told(answer)

    assert answer["Content-Type"] == "text/event-stream"
    assert [name for _, name, _ in events] == ["status", "passages", "delta", "citation", "done"]
    message = await Message.objects.aget(pk=answer["X-Message"])
    assert message.text == "".join(data["text"] for _, name, data in events if name == "delta")


async def test_a_client_that_comes_back_loses_nothing(program: dict[str, str]) -> None:
    answer = await ask(program, ASKED)
    events = await told(answer)
    path = f"/api/messages/{answer['X-Message']}/events/"

    later = await AsyncClient().get(path, headers=program | {"Last-Event-ID": events[1][0]})
    whole = await AsyncClient().get(path, headers=program)

    assert await told(later) == events[2:]
    assert await told(whole) == events


async def test_of_a_document_in_the_bin_no_words_are_told_again(
    program: dict[str, str], alice: User, notice: Document
) -> None:
    answer = await ask(program, ASKED)
    events = await told(answer)
    path = f"/api/messages/{answer['X-Message']}/events/"

    await in_thread(lambda: actions.put_in_bin(person=alice, documents=[notice.pk]))
    hidden = {name: data for _, name, data in await told(await AsyncClient().get(path, headers=program))}
    own = await AsyncClient().get(f"/api/documents/{notice.pk}/events/", headers=program)
    await in_thread(lambda: actions.put_back(person=alice, documents=[notice.pk]))

    assert own.status_code == 404
    assert hidden["passages"]["passages"] == []
    assert (hidden["citation"]["document"], hidden["citation"]["quote"]) == (None, "")
    assert await told(await AsyncClient().get(path, headers=program)) == events


async def test_an_answer_that_failed_tells_why_whoever_asks_when(program: dict[str, str]) -> None:
    await Document.objects.all().aupdate(status="failed", error="Broken.")
    answer = await ask(program, ASKED)
    live = (await told(answer))[-1]
    await in_thread(streams.clear, UUID(answer["X-Message"]))

    path = f"/api/messages/{answer['X-Message']}/events/"
    (later,) = await told(await AsyncClient().get(path, headers=program))

    assert live[1] == later[1] == "error"
    assert live[2]["detail"] == later[2]["detail"]


async def test_when_the_events_are_forgotten_the_row_tells(program: dict[str, str], alice: User) -> None:
    answer = await ask(program, ASKED)
    await told(answer)
    message = await Message.objects.aget(pk=answer["X-Message"])
    await in_thread(streams.clear, message.pk)

    ((_, name, data),) = await told(await AsyncClient().get(f"/api/messages/{message.pk}/events/", headers=program))

    assert (name, data["text"]) == ("done", message.text)


async def in_thread(call: Any, *args: Any) -> Any:
    def called() -> Any:
        try:
            return call(*args)
        finally:
            connection.close()

    return await sync_to_async(called)()


async def summarised(headers: dict[str, str], text: str) -> str:
    client = AsyncClient()
    answer = await client.post("/api/stream/events/", {"text": text}, content_type="application/json", headers=headers)
    chunks = cast(AsyncIterable[bytes], answer)
    return b"".join([chunk async for chunk in chunks]).decode()


async def test_a_text_is_summarised_word_by_word(program: dict[str, str], claude: MessagesAPI) -> None:
    blocks = (await summarised(program, "The rent is due. It is 900 EUR.")).strip().split("\n\n")

    words = [block.removeprefix("data: ") for block in blocks[:-1]]
    assert len(words) > 3
    assert blocks[-1].startswith("event: done\ndata: ")
    done = orjson.loads(blocks[-1].partition("data: ")[2])
    assert "".join(words).strip() == done["text"]
    assert done["tokens_used"] > 0


async def test_the_built_in_provider_streams_as_well(program: dict[str, str]) -> None:
    assert "data: The rent is due on Monday." in await summarised(program, "The rent is due on Monday.")


async def test_without_redis_the_words_come_at_the_end(program: dict[str, str], settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    told = await summarised(program, "The rent is due on Monday.")

    assert "data: The rent is due on Monday." in told
    assert "event: done" in told


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [({}, ASKED, 401), (None, {"question": ""}, 400), (None, {}, 400)],
    ids=["a stranger", "no words", "no question"],
)
async def test_what_is_wrong_is_told_in_json(
    program: dict[str, str], headers: dict[str, str] | None, body: dict[str, Any], status: int
) -> None:
    answer = await ask(program if headers is None else headers, body)

    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")


async def test_the_gateway_leads_to_the_stream_who_accepts_one() -> None:
    def led(method: str, path: str, accept: bytes) -> str | None:
        scope = {"type": "http", "method": method, "path": path, "headers": [(b"accept", accept)]}
        found = wants_stream(cast(Any, scope))
        return found["path"] if found else None

    assert led("POST", "/api/ask/", b"text/event-stream") == "/api/ask/events/"
    assert led("POST", "/api/ask/", b"application/json") is None
    assert led("POST", "/api/stream/", b"*/*") == "/api/stream/events/"
    assert led("GET", "/api/ask/", b"text/event-stream") is None
    assert led("POST", "/api/documents/", b"text/event-stream") is None
