"""What an event is, and where it is kept."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import orjson
import redis
from django.conf import settings

KEEP_EVENTS = 10_000
KEEP_SECONDS = 3_600
FROM_THE_START = "0-0"
PREFIX = "glossa:events:"
# Every event is also called out here, for those who follow at the moment.
CHANNEL = "glossa:told"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `id` can be given back as Last-Event-ID."""

    id: str
    name: str
    data: dict[str, Any]


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)


def key(subject: UUID) -> str:
    return f"{PREFIX}{subject}"


def is_id(text: str) -> bool:
    """Whether this can be an event's id; Last-Event-ID comes from outside."""
    return re.fullmatch(r"\d{1,20}-\d{1,20}", text) is not None


def is_later(identity: str, than: str) -> bool:
    return _moment(identity) > _moment(than)


def _moment(identity: str) -> tuple[int, int]:
    milliseconds, _, number = identity.partition("-")
    return int(milliseconds), int(number)


def read(answer: Any) -> list[Event]:
    """The events of one stream that was asked for, whichever protocol Redis spoke."""
    entries = next(iter(answer.values()))[0] if isinstance(answer, dict) else answer[0][1]
    return [Event(key.decode(), fields[b"name"].decode(), orjson.loads(fields[b"data"])) for key, fields in entries]
