"""A thousand open streams, two hundred of them answers being written, and beside them the same by FastAPI.

    .tools/bin/uv sync --frozen --group benchmarks
    .venv/bin/python benchmarks/streams.py [--streams 1000] [--writing 200] [--a-second 10] [--seconds 20]

Starts the whole product with databases of its own, a provider that streams at a steady pace, and a FastAPI app that
relays it, all on 127.0.0.1, and ends them. Prints one JSON object; times are in milliseconds.
"""

import argparse
import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx2  # noqa: E402 - the path comes first
import psutil  # noqa: E402

from benchmarks.listening import Heard, Listener, listen  # noqa: E402
from tests.config import running  # noqa: E402
from tests.journeys.product import Product, started  # noqa: E402

QUESTION = {"question": "What does the work cost?"}
TEXT = "The work of part {0} costs {0}00 EUR a month. It is paid on the first day of every month by the tenant of {0}."
DOCUMENTS = 20
SIDES = ["glossa", "fastapi", "fastapi_bytes"]
FIRST_EVENTS = 40
RECONNECTING, CUTS = 20, 3
AT_ONCE = 50
START_SECONDS, REST_SECONDS = 60, 30


@dataclass(frozen=True)
class Load:
    """How much is asked of either side."""

    streams: int
    writing: int
    a_second: float
    seconds: float

    @property
    def count(self) -> int:
        return round(self.a_second * self.seconds)


@dataclass(frozen=True)
class Side:
    """Something that answers questions by streams."""

    name: str
    ask: str
    headers: dict[str, str]
    quiet: tuple[str, ...]
    groups: dict[str, list[psutil.Process]]

    async def asked(self, **more: Any) -> Listener:
        return await listen("POST", self.ask, headers=self.headers, body=QUESTION, **more)


@dataclass(frozen=True)
class Provider:
    url: str

    def pace(self, count: int, a_second: float = 0.0, *, held: bool = False) -> None:
        told = {"count": count, "a_second": a_second, "held": held}
        httpx2.post(f"{self.url}/pace", json=told).raise_for_status()

    def go(self) -> None:
        httpx2.post(f"{self.url}/go").raise_for_status()

    def seen(self) -> dict[str, int]:
        found: dict[str, int] = httpx2.get(f"{self.url}/seen").json()
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=1_000)
    parser.add_argument("--writing", type=int, default=200)
    parser.add_argument("--a-second", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--sides", nargs="*", default=SIDES, choices=SIDES)
    chosen = parser.parse_args()
    load = Load(chosen.streams, chosen.writing, chosen.a_second, chosen.seconds)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="glossa-benchmark-") as folder, ExitStack() as group:
        Path(folder).chmod(0o711)
        provider = group.enter_context(provided())
        relay = group.enter_context(relaying(provider))
        product = group.enter_context(
            started(
                Path(folder),
                AI_BASE_URL=provider.url,
                ANTHROPIC_API_KEY="sk-benchmark",
                ENV_FILE=os.devnull,
                LOG_LEVEL="ERROR",
                # As without the packages that only the other side needs.
                GRANIAN_LOOP="asyncio",
            )
        )
        figures = {
            "load_average": os.getloadavg()[0],
            **asyncio.run(measured(product, relay, provider, load, chosen.sides)),
        }
        print(json.dumps(figures, indent=2))


@contextmanager
def provided() -> Iterator[Provider]:
    port = running.free_port()
    with serving("-m", "benchmarks.provider", port):
        url = f"http://127.0.0.1:{port}"
        assert running.wait_for(lambda: reachable(f"{url}/seen")), "the provider did not start"
        yield Provider(url)


@contextmanager
def relaying(provider: Provider) -> Iterator[Side]:
    """The FastAPI app in as many processes as the product's web server has."""
    port = running.free_port()
    command = ("-m", "uvicorn", "benchmarks.relay:app", "--port", port, "--workers", "2", "--log-level", "error")
    with serving(*command, AI_BASE_URL=provider.url) as process:
        url = f"http://127.0.0.1:{port}"
        assert running.wait_for(lambda: reachable(f"{url}/openapi.json")), "the relay did not start"
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        yield Side("fastapi", f"{url}/ask", {}, (f"{url}/quiet",), {"web": family})


@contextmanager
def serving(*command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **environment}, start_new_session=True
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def reachable(url: str) -> bool:
    try:
        return httpx2.get(url).status_code == 200
    except httpx2.HTTPError:
        return False


async def measured(product: Product, relay: Side, provider: Provider, load: Load, sides: list[str]) -> dict[str, Any]:
    ours = prepared(product, provider, load.streams - load.writing)
    by_bytes = Side("fastapi_bytes", relay.ask.replace("/ask", "/bytes"), {}, relay.quiet, relay.groups)
    figures: dict[str, Any] = {}
    for side in (ours, relay, by_bytes):
        if side.name in sides:
            figures[side.name] = {"first": await first(side, provider), **await crowded(side, provider, load)}
    back = {"glossa": (ours, f"{product.url}/api/messages/{{}}/events/"), "fastapi": (relay, relay.ask)}
    figures["reconnecting"] = {
        name: await reconnecting(side, provider, again) for name, (side, again) in back.items() if name in sides
    }
    return figures


def prepared(product: Product, provider: Provider, quiet: int) -> Side:
    """The product with documents to search, and with answers nobody writes, for streams in which nothing happens."""
    provider.pace(3)
    with product.api() as api:
        for number in range(DOCUMENTS):
            sent = {"title": f"Part {number}", "content": TEXT.format(number)}
            api.post("/api/documents/", json=sent).raise_for_status()
        done = "SELECT count(*) FROM documents_document WHERE status = 'ready'"
        assert running.wait_for(lambda: product.rows(done) == [(DOCUMENTS,)]), "the documents were not read"
        asked = api.post("/api/ask/", json=QUESTION, headers={"Prefer": "wait=30"}).json()
    assert asked["status"] == "done", asked
    changed = "'id', gen_random_uuid(), 'key', gen_random_uuid(), 'ordinal', n, 'status', 'queued', 'finished_at', null"
    rows = product.rows(
        f"INSERT INTO documents_message SELECT (jsonb_populate_record(m, jsonb_build_object({changed}))).* "  # noqa: S608
        f"FROM documents_message m, generate_series(1, {quiet}) n RETURNING id"
    )
    paths = tuple(f"{product.url}/api/messages/{key}/events/" for (key,) in rows)
    return Side(
        "glossa", f"{product.url}/api/ask/", {"Authorization": f"Token {product.token}"}, paths, groups(product)
    )


def groups(product: Product) -> dict[str, list[psutil.Process]]:
    """The processes of the product by what they are."""
    marks = {"web": "granian", "think": "think@%h", "valkey": "valkey-server", "postgres": "postgres"}
    found: dict[str, list[psutil.Process]] = {name: [] for name in marks}
    for process in running.family(product.process):
        words = " ".join(process.cmdline())
        name = next((name for name, mark in marks.items() if mark in words), "")
        # The two of the web server that answer are started by its first one, without its name.
        parent = process.parent()
        if not name and parent is not None and "granian" in " ".join(parent.cmdline()):
            name = "web"
        if name:
            found[name].append(process)
    return found


async def first(side: Side, provider: Provider) -> dict[str, float]:
    """From the question to its first event, and to the first words of its answer, one question after the other."""
    provider.pace(3)
    heard = [await (await side.asked()).closed for _ in range(FIRST_EVENTS + 3)]
    events = [(one.first_event - one.began) / 1e6 for one in heard[3:]]
    marks = [(one.first_mark - one.began) / 1e6 for one in heard[3:]]
    return {
        "event_p50": round(median(events), 1),
        "event_p95": round(share(events, 0.95), 1),
        "words_p50": round(median(marks), 1),
        "words_p95": round(share(marks, 0.95), 1),
    }


async def crowded(side: Side, provider: Provider, load: Load) -> dict[str, Any]:
    """All streams open, some of them written."""
    provider.pace(load.count, load.a_second, held=True)
    before = memory(side.groups["web"])
    quiet = await opened(side, load.streams - load.writing)
    began = time.monotonic()
    writing: list[Listener] = []
    while len(writing) < load.writing:
        some = [await side.asked() for _ in range(min(AT_ONCE, load.writing - len(writing)))]
        await asyncio.gather(*(one.opened for one in some))
        writing += some
    held = await until_waiting(provider, load.writing)
    start_seconds = time.monotonic() - began
    cpu, at = cpu_seconds(side.groups), time.monotonic()
    provider.go()
    await asyncio.sleep(load.seconds / 2)
    after = memory(side.groups["web"])
    await asyncio.wait([one.closed for one in writing], timeout=load.seconds + REST_SECONDS)
    used = {name: (now - cpu[name]) / (time.monotonic() - at) for name, now in cpu_seconds(side.groups).items()}
    open_still = sum(not one.closed.done() for one in quiet)
    for one in [*quiet, *writing]:
        one.transport.close()
    return {
        "open": open_still + len(writing),
        "waiting_at_the_provider": held,
        "seconds_until_all_waited": round(start_seconds, 1),
        **latency([one.heard for one in writing], load.count),
        "web_kb_a_stream": round((after - before) / 1024 / load.streams, 1),
        "cpu": {name: round(value, 2) for name, value in used.items()},
    }


async def opened(side: Side, count: int) -> list[Listener]:
    streams: list[Listener] = []
    while len(streams) < count:
        numbers = range(len(streams), min(len(streams) + AT_ONCE, count))
        some = [await listen("GET", side.quiet[at % len(side.quiet)], headers=side.headers) for at in numbers]
        await asyncio.gather(*(one.opened for one in some))
        streams += some
    assert all(one.heard.status == 200 for one in streams), "a stream was refused"
    return streams


async def until_waiting(provider: Provider, count: int) -> int:
    deadline = time.monotonic() + START_SECONDS
    while (waiting := provider.seen()["waiting"]) < count and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    return waiting


def latency(heard: list[Heard], count: int) -> dict[str, Any]:
    """How long the marks took, and whether all came, once and in their order."""
    times = [nanoseconds / 1e6 for one in heard for nanoseconds in one.nanoseconds] or [0.0]
    kept = [nanoseconds / 1e6 for one in heard for nanoseconds in one.until_kept] or [0.0]
    return {
        "events": sum(one.events for one in heard),
        "marks": sum(len(one.numbers) for one in heard),
        "lost": sum(count - len(set(one.numbers)) for one in heard),
        "doubled_or_reordered": sum(
            later <= earlier for one in heard for earlier, later in zip(one.numbers, one.numbers[1:], strict=False)
        ),
        "ended": sum(one.ended_by in ("done", "message_stop") for one in heard),
        "latency_p50": round(median(times), 1),
        "latency_p95": round(share(times, 0.95), 1),
        "latency_p99": round(share(times, 0.99), 1),
        "latency_max": round(max(times), 1),
        "until_kept_p50": round(median(kept), 1),
        "until_kept_p95": round(share(kept, 0.95), 1),
    }


async def reconnecting(side: Side, provider: Provider, again: str) -> dict[str, Any]:
    """Clients that are cut off three times in an answer, and come back with what they saw last."""
    count = 60
    provider.pace(count, 20)
    all_numbers = await asyncio.gather(*(cut_and_back(side, again, count) for _ in range(RECONNECTING)))
    return {
        "clients": RECONNECTING,
        "cuts": RECONNECTING * CUTS,
        "whole_answers": sum(numbers == list(range(count)) for numbers in all_numbers),
        "lost": sum(count - len(set(numbers)) for numbers in all_numbers),
        "told_twice": sum(len(numbers) - len(set(numbers)) for numbers in all_numbers),
        "calls_of_the_provider": provider.seen()["begun"],
    }


async def cut_and_back(side: Side, again: str, count: int) -> list[int]:
    """The marks of one answer, in the order in which they came over all connections."""
    part = count // (CUTS + 1)
    heard = await (await side.asked(until=having(part))).closed
    numbers, key, last = heard.numbers, heard.headers.get("x-message", ""), heard.last_id
    for cut in range(1, CUTS + 1):
        if heard.ended_by and key:
            break
        await asyncio.sleep(0.2)
        headers = {**side.headers, "Last-Event-ID": last}
        method, body = ("GET", None) if key else ("POST", QUESTION)
        enough = having(part if cut < CUTS else count)
        heard = await (await listen(method, again.format(key), headers=headers, body=body, until=enough)).closed
        numbers, last = numbers + heard.numbers, heard.last_id or last
    return numbers


def having(count: int) -> Callable[[Heard], bool]:
    return lambda heard: len(heard.numbers) >= count


def share(values: list[float], part: float) -> float:
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


def memory(processes: list[psutil.Process]) -> int:
    """Bytes that would be free without them."""
    return sum(int(process.memory_full_info().uss) for process in processes)


def cpu_seconds(groups: dict[str, list[psutil.Process]]) -> dict[str, float]:
    return {name: sum(sum(one.cpu_times()[:2]) for one in members) for name, members in groups.items()}


if __name__ == "__main__":
    main()
