"""What is told is heard: in its order, once, by all who follow it, over one connection."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest
import redis

from documents import streams
from documents.streams import hearing

pytestmark = pytest.mark.asyncio


async def told(call: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    """Workers tell from threads."""
    await asyncio.to_thread(call, *args, **kwargs)


async def heard_by(events: AsyncIterator[streams.Event | None], count: int) -> list[str]:
    """The names of the next events, or the texts of words."""
    heard = []
    async for event in events:
        if event is not None:
            heard.append(event.data.get("text", event.name))
        if len(heard) == count:
            break
    return heard


def listening() -> list[dict[str, str]]:
    """The connections of this test's database that hear what is called out."""
    client = streams._client()
    number = str(client.connection_pool.connection_kwargs.get("db") or 0)
    return [one for one in client.client_list(_type="pubsub") if one["db"] == number]


async def test_words_come_in_their_order_and_before_what_is_published_after_them() -> None:
    subject = uuid.uuid4()

    for number in range(50):
        await told(streams.say, subject, f"{number} ")
    await told(streams.publish, subject, "done")
    events = await streams.remembered(subject)

    assert "".join(event.data["text"] for event in events[:-1]).split() == [str(number) for number in range(50)]
    assert events[-1].name == "done"


async def test_who_comes_late_hears_the_beginning_and_then_what_follows() -> None:
    subject = uuid.uuid4()
    await told(streams.publish, subject, "first")
    events = streams.follow(subject)

    beginning = await heard_by(events, 1)
    await told(streams.publish, subject, "second")
    again = streams.follow(subject)

    assert beginning == ["first"]
    assert await heard_by(again, 2) == ["first", "second"]


async def test_many_follow_over_one_connection_and_each_hears_his_own() -> None:
    subjects = [uuid.uuid4() for _ in range(40)]
    followers = [asyncio.create_task(heard_by(streams.follow(subject), 3)) for subject in subjects * 2]
    await until(lambda: len(hearing._hub().ears) == 40)

    for number in range(3):
        for subject in subjects:
            await told(streams.publish, subject, f"{subject} {number}".replace(" ", "_"))
    connections = await asyncio.to_thread(listening)
    heard = await asyncio.gather(*followers)

    assert len(connections) == 1
    assert heard == [[f"{subject}_{number}" for number in range(3)] for subject in subjects * 2]
    await until(lambda: not hearing._hub().ears)


async def test_a_client_too_slow_to_keep_up_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "MOST_UNREAD", 3)
    subject = uuid.uuid4()
    await told(streams.publish, subject, "0")
    events = streams.follow(subject)
    first = await heard_by_hand(events)

    for number in range(1, 9):
        await told(streams.publish, subject, str(number))
    rest = [await heard_by_hand(events) for _ in range(8)]

    assert [first, *rest] == [str(number) for number in range(9)]


async def test_a_lost_connection_is_said_and_the_next_who_follows_makes_another() -> None:
    subject = uuid.uuid4()
    await told(streams.publish, subject, "first")
    events = streams.follow(subject)
    await heard_by_hand(events)

    await asyncio.to_thread(cut, listening)
    with pytest.raises(redis.RedisError):
        await heard_by_hand(events)

    assert await heard_by(streams.follow(subject), 1) == ["first"]


async def test_a_quiet_time_is_said() -> None:
    events = streams.follow(UUID(int=1), wait_seconds=0.01)

    assert await anext(events) is None


def cut(connections: Callable[[], list[dict[str, str]]]) -> None:
    for one in connections():
        streams._client().client_kill_filter(_id=one["id"])


async def heard_by_hand(events: AsyncIterator[streams.Event | None]) -> str:
    """The next event, leaving the stream open."""
    while True:
        event = await anext(events)
        if event is not None:
            return event.name


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not what():
            await asyncio.sleep(0.01)
