"""The side that tells: events are added to their streams and called out, those of many jobs in one step.

While one thread waits for Redis the others leave their events with it, so two hundred answers cost about as many
round trips as a few. Redis gives the ids and calls out in the same order: who listens hears what is kept.
"""

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import redis

from documents.streams import events
from documents.streams.events import CHANNEL, KEEP_EVENTS, KEEP_SECONDS

log = logging.getLogger(__name__)

_TELL = """
local told = {}
for number, key in ipairs(KEYS) do
  local name, data = ARGV[2 * number + 2], ARGV[2 * number + 3]
  local id = redis.call('XADD', key, 'MAXLEN', '~', ARGV[1], '*', 'name', name, 'data', data)
  redis.call('EXPIRE', key, ARGV[2])
  told[number] = key .. ' ' .. id .. ' ' .. name .. ' ' .. data
end
redis.call('PUBLISH', ARGV[3], table.concat(told, '\\n'))
"""


@dataclass(slots=True)
class _Told:
    """An event on its way. Words that follow each other become one."""

    key: str
    name: str
    data: dict[str, Any]


_waiting: deque[_Told] = deque()
_sending = threading.Lock()


def publish(subject: UUID, name: str, **data: Any) -> None:
    """Tells whoever watches. Never fails: a lost event is found in the row."""
    _waiting.append(_Told(events.key(subject), name, data))
    with _sending:
        _send()


def say(subject: UUID, text: str) -> None:
    """Tells the next words of an answer, after all that was told of it before. Does not wait for another's words."""
    _waiting.append(_Told(events.key(subject), "delta", {"text": text}))
    # Looked at again after each round: what was left meanwhile has no other to send it.
    while _waiting and _sending.acquire(blocking=False):
        try:
            _send()
        finally:
            _sending.release()


def _send() -> None:
    """All that waits, in one step."""
    told = _together()
    if not told:
        return
    values = [value for one in told for value in (one.name, orjson.dumps(one.data))]
    try:
        script = events._client().register_script(_TELL)
        script(keys=[one.key for one in told], args=[KEEP_EVENTS, KEEP_SECONDS, CHANNEL, *values])
    except redis.RedisError as error:
        names = ", ".join(sorted({one.name for one in told}))
        log.warning("%d events not published (%s): %s", len(told), names, type(error).__name__)


def _together() -> list[_Told]:
    """What waits, in its order; words of the same answer with nothing between them in one event."""
    told: list[_Told] = []
    latest: dict[str, _Told] = {}
    for _ in range(len(_waiting)):
        one = _waiting.popleft()
        before = latest.get(one.key)
        if before is not None and before.name == one.name == "delta":
            before.data["text"] += one.data["text"]
        else:
            told.append(one)
            latest[one.key] = one
    return told


def clear(subject: UUID) -> None:
    """Forgets what happened: the subject starts over."""
    try:
        events._client().delete(events.key(subject))
    except redis.RedisError as error:
        log.warning("events not cleared: %s", type(error).__name__)


def wait(subject: UUID, *, after: str, seconds: float) -> str:
    """Sleeps until something happens or the time is over; the id to wait after next."""
    try:
        answer = events._client().xread({events.key(subject): after}, block=max(int(seconds * 1000), 1))
    except redis.RedisError:
        time.sleep(min(seconds, 0.25))
        return after
    return events.read(answer)[-1].id if answer else after
