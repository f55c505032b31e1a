"""The side that hears: one connection to Redis for all streams that a process of the web server has open.

It hears every event that is called out, and passes on those that somebody here follows: an open stream in which nothing
happens costs nothing. What was told before, or missed by a client too slow to keep up, is read from where it is kept.
"""

import asyncio
import logging
import weakref
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import UUID

import orjson
import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from documents.streams import events
from documents.streams.events import CHANNEL, FROM_THE_START, KEEP_EVENTS, Event

log = logging.getLogger(__name__)

# A sign of life is asked for after this long without one; after three times that the connection counts as dead.
QUIET_SECONDS = 5.0
CONNECTIONS = 8
# Events kept for a client that does not read.
MOST_UNREAD = 500


class _Ear:
    """What one follower has heard and not yet taken."""

    def __init__(self) -> None:
        self.heard: deque[Event] = deque()
        self.woken = asyncio.Event()
        self.missed = False
        self.deaf = False

    def hear(self, event: Event) -> None:
        if len(self.heard) >= MOST_UNREAD:
            self.heard.clear()
            self.missed = True
        self.heard.append(event)
        self.woken.set()

    def fail(self) -> None:
        self.deaf = True
        self.woken.set()

    async def take(self, wait_seconds: float) -> list[Event]:
        """What was heard meanwhile; nothing after so long a quiet."""
        try:
            async with asyncio.timeout(wait_seconds):
                await self.woken.wait()
        except TimeoutError:
            return []
        self.woken.clear()
        if self.deaf:
            raise redis.ConnectionError("Redis is away.")
        taken = list(self.heard)
        self.heard.clear()
        return taken


class _Hub:
    """Hears for everybody who follows something on this loop, from the first of them on."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.ears: dict[str, set[_Ear]] = {}
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            url, max_connections=CONNECTIONS, timeout=5, socket_timeout=5, socket_connect_timeout=1
        )
        self.client = redis.asyncio.Redis(connection_pool=pool)
        self.listening: asyncio.Task[None] | None = None
        self.subscribed = asyncio.Event()

    @contextmanager
    def ear(self, subject: UUID) -> Iterator[_Ear]:
        ear, key = _Ear(), events.key(subject)
        self.ears.setdefault(key, set()).add(ear)
        try:
            yield ear
        finally:
            self.ears[key].discard(ear)
            if not self.ears[key]:
                del self.ears[key]

    async def listens(self) -> None:
        """Returns when nothing told from now on can be missed. Raises RedisError when Redis is away."""
        if self.listening is None or self.listening.done():
            self.subscribed.clear()
            self.listening = asyncio.create_task(self._listen())
        if self.subscribed.is_set():
            return
        hears = asyncio.create_task(self.subscribed.wait())
        await asyncio.wait([self.listening, hears], return_when=asyncio.FIRST_COMPLETED)
        hears.cancel()
        if self.listening.done():
            raise redis.ConnectionError("Redis is away.")

    async def read(self, subject: UUID, after: str) -> list[Event]:
        """What is kept of what happened after this id."""
        answer = await self.client.xread({events.key(subject): after}, count=KEEP_EVENTS)
        return events.read(answer) if answer else []

    async def _listen(self) -> None:
        # Without retries of its own: it would connect again and not say that something was missed.
        client = redis.asyncio.Redis.from_url(self.url, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(CHANNEL)
                await self._hear(channel)
        except redis.RedisError as error:
            log.warning("events are no longer heard: %s", type(error).__name__)
        finally:
            for ear in [ear for ears in self.ears.values() for ear in ears]:
                ear.fail()
            await client.aclose()

    async def _hear(self, channel: redis.asyncio.client.PubSub) -> None:
        unanswered = 0
        while unanswered < 3:
            message = await channel.get_message(timeout=QUIET_SECONDS)
            if message is None:
                unanswered += 1
                await channel.ping()
                continue
            unanswered = 0
            if message["type"] == "subscribe":
                self.subscribed.set()
            elif message["type"] == "message":
                self._pass_on(message["data"])
        raise redis.TimeoutError("Redis gives no sign of life.")

    def _pass_on(self, told: bytes) -> None:
        for line in told.split(b"\n"):
            key, identity, name, data = line.split(b" ", 3)
            ears = self.ears.get(key.decode())
            if ears:
                event = Event(identity.decode(), name.decode(), orjson.loads(data))
                for ear in ears:
                    ear.hear(event)


_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Hub] = weakref.WeakKeyDictionary()


def _hub() -> _Hub:
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None or hub.url != settings.REDIS_URL:
        hub = _hubs[loop] = _Hub(settings.REDIS_URL)
    return hub


async def remembered(subject: UUID, *, after: str = FROM_THE_START) -> list[Event]:
    """What is still known to have happened after this id; nothing when Redis is away."""
    try:
        return await _hub().read(subject, after)
    except redis.RedisError:
        return []


async def follow(
    subject: UUID, *, after: str = FROM_THE_START, wait_seconds: float = 15
) -> AsyncIterator[Event | None]:
    """Events after this id as they come, None after each quiet `wait_seconds`. Raises RedisError when Redis is away."""
    hub = _hub()
    with hub.ear(subject) as ear:
        # In this order: what is told between the two is heard twice, never missed.
        await hub.listens()
        some = await hub.read(subject, after)
        while True:
            for event in some:
                if events.is_later(event.id, after):
                    after = event.id
                    yield event
            some = await ear.take(wait_seconds)
            if ear.missed:
                ear.missed, some = False, await hub.read(subject, after)
            elif not some:
                yield None
