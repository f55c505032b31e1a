"""The whole product on one machine: servers, web, workers and schedule, until Ctrl-C."""

import contextlib
import fcntl
import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandParser

from config import embedded, sandbox, state
from config.embedded import CannotStart
from config.processes import HEALTH_PATH, PREPARE, PROCESSES, here
from config.supervisor import Child, Supervisor

READY_TIMEOUT_SECONDS = 120


class Stop(BaseException):
    """Somebody asked us to stop. Not an Exception: nothing on the way may take it for an error."""


class Command(BaseCommand):
    help = "Runs the whole product on this machine: database, queue, web server and workers."
    requires_system_checks = []

    asked_to_stop = 0
    stopping = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="The port of the web server.")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self._serve(settings.VAR_DIR, port)
        except Stop:
            self._say("Glossa has stopped.")
        except CannotStart as error:
            sys.exit(f"Glossa cannot start. {error}")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop += 1
        if not self.stopping:
            self.stopping = True
            raise Stop

    def _say(self, message: str) -> None:
        # The terminal may be gone by now; that is no reason to leave anything running.
        with contextlib.suppress(OSError):
            self.stdout.write(message)
            self.stdout.flush()

    def _serve(self, var: Path, port: int) -> None:
        with state.usable(var), held(var, port):
            check_port(port)
            check_sandbox()
            allow_many_connections()
            self._say("Glossa is starting.")
            with servers(var) as own:
                self._run(port, own)

    def _run(self, port: int, own: embedded.Servers | None) -> None:
        self._prepare()
        supervisor = Supervisor(children(port), own, self._say)
        try:
            wait_until_ready(supervisor, port)
            self._say(f"Glossa is ready at {address(port)}")
            supervisor.all_wanted = True
            while True:
                supervisor.watch()
                time.sleep(0.5)
        finally:
            self.stopping = True
            supervisor.stop(in_a_hurry=lambda: self.asked_to_stop > 1)

    def _prepare(self) -> None:
        command = embedded.leashed(here(PREPARE), signal_number=signal.SIGKILL)
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, start_new_session=True, check=False
        )
        if done.returncode != 0:
            raise CannotStart("The database could not be prepared: the reason stands above.")


def for_us_alone(path: str, flags: int) -> int:
    """Who can open a lock can hold it."""
    return os.open(path, flags, 0o600)


def address(port: int) -> str:
    return f"http://{settings.HOST}:{port}"


@contextlib.contextmanager
def held(var: Path, port: int) -> Iterator[None]:
    """The folder for us alone."""
    with open(var / "lock", "a+", opener=for_us_alone) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CannotStart(f"Glossa is already running {lock.read()}: use that one, or stop it first.") from error
        lock.truncate(0)
        lock.write(f"on {address(port)} (process {os.getpid()})")
        lock.flush()
        yield


@contextlib.contextmanager
def servers(var: Path) -> Iterator[embedded.Servers | None]:
    """Our own servers while we run, or nothing when there are others, and they answer."""
    if settings.EMBEDDED:
        with embedded.running(var) as own:
            yield own
    else:
        check_database()
        check_queue()
        yield None


def check_port(port: int) -> None:
    """Says plainly what the web server would say in its own way, later."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, port))
        except (OSError, OverflowError) as error:
            raise CannotStart(
                f"Port {port} of {settings.HOST} cannot be used ({getattr(error, 'strerror', error)}): "
                "choose another, for example PORT=8080 make run."
            ) from error


def check_sandbox() -> None:
    try:
        sandbox.require()
    except ImproperlyConfigured as error:
        raise CannotStart(str(error)) from error


def check_database() -> None:
    # Half a second each, and only somebody else's servers are worth it.
    import psycopg

    database = settings.DATABASES["default"]
    place = f"{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}"
    try:
        with psycopg.connect(settings.DATABASE_URL, connect_timeout=5) as connection:
            found = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'").fetchone()
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise CannotStart(
            f"The database of DATABASE_URL at {place} does not answer as it should ({reason(error)}): "
            "check the address, the name, the password and that the server runs."
        ) from error
    if found is None:
        raise CannotStart(f"PostgreSQL at {place} has no pgvector: install the extension `vector` there.")


def reason(error: Exception) -> str:
    """The cause alone: libpq says around it where it was trying, and asks back in further lines."""
    first, *_ = str(error).strip().splitlines() or [""]
    return " ".join(first.rpartition(" failed: ")[2].removeprefix("FATAL:").split())


def check_queue() -> None:
    import redis

    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise CannotStart(
            f"The server of REDIS_URL does not answer ({error}): check the address and that the server runs."
        ) from error


def children(port: int) -> list[Child]:
    environment = {**os.environ, "GRANIAN_HOST": settings.HOST, "GRANIAN_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    return [Child(name, here(command), environment) for name, command in PROCESSES.items()]


def allow_many_connections() -> None:
    """Every open stream is a file to the system, and the usual allowance is a thousand."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def wait_until_ready(supervisor: Supervisor, port: int) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while not answers(port):
        if time.monotonic() > deadline:
            raise CannotStart("The web server did not answer in time: the reason stands above.")
        supervisor.watch()
        time.sleep(0.1)


def answers(port: int) -> bool:
    link = http.client.HTTPConnection(settings.HOST, port, timeout=5)
    try:
        link.request("GET", HEALTH_PATH, headers={"Host": f"localhost:{port}"})
        return link.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
