"""Signs of life: each worker says every few seconds that it is there. They lie in Valkey, beside the queues."""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import orjson
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

WORKERS = "glossa:workers"
EVERY_SECONDS = 5.0
# After this a worker that ended without a word is no longer told of: a new container has a new name.
FORGET_SECONDS = 3_600.0
PATIENCE_SECONDS = 1.0


class Unreachable(Exception):
    """Valkey did not answer in time; the message says how."""


@dataclass(frozen=True, slots=True)
class Worker:
    """What a worker said last; `holds` counts tasks, moments are seconds since 1970."""

    name: str
    queues: tuple[str, ...]
    holds: int
    began: float
    heard: float


@dataclass(frozen=True, slots=True)
class Transport:
    """Valkey as it is just now: hints waiting in each queue, those handed to a worker, and who is there."""

    waiting: dict[str, int]
    handed_out: int
    workers: tuple[Worker, ...]
    version: str
    memory_bytes: int


@cache
def _client() -> redis.Redis:
    # Not tried again: whoever looks wants to be told at once.
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def tell(worker: Worker) -> None:
    """Says that the worker is there. Raises Unreachable."""
    said = {name: value for name, value in asdict(worker).items() if name != "name"}
    try:
        _client().hset(WORKERS, worker.name, orjson.dumps(said))
    except redis.RedisError as error:
        raise Unreachable(type(error).__name__) from error


def leave(name: str) -> None:
    """Says that the worker ends. Raises Unreachable."""
    try:
        _client().hdel(WORKERS, name)
    except redis.RedisError as error:
        raise Unreachable(type(error).__name__) from error


def look(queues: Iterable[str]) -> Transport:
    """All of it in one round trip. Raises Unreachable."""
    names = sorted(set(queues))
    ask: Any = _client().pipeline(transaction=False)  # typed as if each command had been answered
    for name in names:
        ask.llen(name)
    ask.hlen("unacked").hgetall(WORKERS).info("server").info("memory")
    try:
        *lengths, handed_out, said, server, memory = ask.execute()
    except redis.RedisError as error:
        raise Unreachable(type(error).__name__) from error
    return Transport(
        waiting=dict(zip(names, lengths, strict=True)),
        handed_out=handed_out,
        workers=tuple(sorted(_workers(said), key=lambda worker: worker.name)),
        version=str(server.get("valkey_version") or server.get("redis_version", "")),
        memory_bytes=int(memory.get("used_memory", 0)),
    )


def _workers(said: dict[bytes, bytes]) -> Iterable[Worker]:
    oldest = time.time() - FORGET_SECONDS
    for name, words in said.items():
        heard: dict[str, Any] = orjson.loads(words)
        worker = Worker(name.decode(), tuple(heard["queues"]), heard["holds"], heard["began"], heard["heard"])
        if worker.heard < oldest:
            _client().hdel(WORKERS, name)
        else:
            yield worker
