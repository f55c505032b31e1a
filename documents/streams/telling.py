"""The side that tells: events are added to their streams and called out, those of many jobs in one step.

The words of all answers of a process are carried by one thread: at once when there are few, gathered for a moment when
there are many. Redis gives the ids and calls out in the same order: who listens hears what is kept.
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

# Between two rounds of words: nobody reads faster.
GATHER_SECONDS = 0.01
MUCH = 500

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
    """An event on its way."""

    key: str
    name: str
    data: dict[str, Any]


_waiting: deque[_Told] = deque()
_sending = threading.Lock()
_said = threading.Event()
_carriers: list[threading.Thread] = []


def publish(subject: UUID, name: str, **data: Any) -> None:
    """Tells whoever watches. Never fails: a lost event is found in the row."""
    _waiting.append(_Told(events.key(subject), name, data))
    _send()


def say(subject: UUID, text: str) -> None:
    """Tells the next words of an answer, in a moment; what is published after them comes after them."""
    _waiting.append(_Told(events.key(subject), "delta", {"text": text}))
    if not _carriers:
        _start_carrier()
    # Looked at first, because setting it takes a lock that all would queue for.
    if not _said.is_set():
        _said.set()


def _start_carrier() -> None:
    with _sending:
        if not _carriers:
            _carriers.append(threading.Thread(target=_carry, name="words", daemon=True))
            _carriers[0].start()


def _carry() -> None:
    while _said.wait():
        _said.clear()
        _send()
        time.sleep(GATHER_SECONDS)


def _send() -> None:
    """All that waits, in one step. Returns when it has been sent, by whomever."""
    with _sending:
        _send_together()


def _send_together() -> None:
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
    """What waits, in its order. When that is much, words of one answer with nothing between them become one event."""
    told: list[_Told] = []
    latest: dict[str, _Told] = {}
    count = len(_waiting)
    for _ in range(count):
        one = _waiting.popleft()
        before = latest.get(one.key)
        if count > MUCH and before is not None and before.name == one.name == "delta":
            before.data["text"] += one.data["text"]
        else:
            told.append(one)
            latest[one.key] = one
    return told


def clear(*subjects: UUID) -> None:
    """Forgets what happened: the subjects start over, or are gone."""
    if not subjects:
        return
    try:
        events._client().delete(*(events.key(subject) for subject in subjects))
    except redis.RedisError as error:
        log.warning("events not cleared: %s", type(error).__name__)


def forget_on_disk() -> None:
    """Has Redis write its file anew, in the background: what was cleared stands in it until then."""
    try:
        events._client().bgrewriteaof()
    except redis.RedisError as error:  # under way already, or not allowed on a server of somebody else's
        log.info("the file of Redis is not written anew: %s", type(error).__name__)


def wait(subject: UUID, *, after: str, seconds: float) -> str:
    """Sleeps until something happens or the time is over; the id to wait after next."""
    try:
        answer = events._client().xread({events.key(subject): after}, block=max(int(seconds * 1000), 1))
    except redis.RedisError:
        time.sleep(min(seconds, 0.25))
        return after
    return events.read(answer)[-1].id if answer else after
