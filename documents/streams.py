"""Progress as events: appended to a Redis stream by workers, read back by whoever watches.

A stream is a convenience. Redis may be away, or have forgotten: the row always tells the truth.
"""

import logging
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import orjson
import redis
import redis.asyncio
from django.conf import settings

log = logging.getLogger(__name__)

KEEP_EVENTS = 10_000
KEEP_SECONDS = 3_600
FROM_THE_START = "0-0"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `id` can be given back as Last-Event-ID."""

    id: str
    name: str
    data: dict[str, Any]


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)


def _key(subject: UUID) -> str:
    return f"glossa:events:{subject}"


def is_id(text: str) -> bool:
    """Whether this can be an event's id; Last-Event-ID comes from outside."""
    return re.fullmatch(r"\d{1,20}-\d{1,20}", text) is not None


def publish(subject: UUID, name: str, **data: Any) -> None:
    """Tells whoever watches. Never fails: a lost event is found in the row."""
    try:
        with _client().pipeline(transaction=False) as pipe:
            pipe.xadd(_key(subject), {"name": name, "data": orjson.dumps(data)}, maxlen=KEEP_EVENTS, approximate=True)
            pipe.expire(_key(subject), KEEP_SECONDS)
            pipe.execute()
    except redis.RedisError as error:
        log.warning("event %s not published: %s", name, type(error).__name__)


def clear(subject: UUID) -> None:
    """Forgets what happened: the subject starts over."""
    try:
        _client().delete(_key(subject))
    except redis.RedisError as error:
        log.warning("events not cleared: %s", type(error).__name__)


def wait(subject: UUID, *, after: str, seconds: float) -> str:
    """Sleeps until something happens or the time is over; the id to wait after next."""
    try:
        answer = _client().xread({_key(subject): after}, block=max(int(seconds * 1000), 1))
    except redis.RedisError:
        time.sleep(min(seconds, 0.25))
        return after
    return _events(answer)[-1].id if answer else after


async def remembered(subject: UUID, *, after: str = FROM_THE_START) -> list[Event]:
    """What is still known to have happened after this id; nothing when Redis is away."""
    client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=1)
    try:
        answer = await client.xread({_key(subject): after}, count=KEEP_EVENTS)
    except redis.RedisError:
        return []
    finally:
        await client.aclose()
    return _events(answer) if answer else []


async def follow(
    subject: UUID, *, after: str = FROM_THE_START, wait_seconds: float = 15
) -> AsyncIterator[Event | None]:
    """Events after this id as they come, None after each quiet `wait_seconds`. Raises RedisError when Redis is away."""
    client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_timeout=wait_seconds + 5, socket_connect_timeout=1)
    try:
        while True:
            answer = await client.xread({_key(subject): after}, count=100, block=int(wait_seconds * 1000))
            if not answer:
                yield None
                continue
            for event in _events(answer):
                after = event.id
                yield event
    finally:
        await client.aclose()


def _events(answer: Any) -> list[Event]:
    """One stream was asked for, so there is one list of entries, whichever protocol Redis spoke."""
    entries = next(iter(answer.values()))[0] if isinstance(answer, dict) else answer[0][1]
    return [Event(key.decode(), fields[b"name"].decode(), orjson.loads(fields[b"data"])) for key, fields in entries]
