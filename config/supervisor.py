"""Keeps the processes of the product running on one machine, and ends them in the right order."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from config import embedded

GRACE_SECONDS = 25.0
LONGEST_PAUSE_SECONDS = 30.0
SETTLED_SECONDS = 60.0


@dataclass(slots=True)
class Child:
    """One process in a group of its own, with what it starts itself."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    start_after: float = field(default=0.0)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            embedded.leashed(self.command, signal_number=signal.SIGKILL),
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            # Ctrl-C in a terminal goes to its whole group; these are told by us, in order.
            start_new_session=True,
        )

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ended(self) -> int | None:
        """The exit code, once, of a process that ended by itself. What it left behind is ended too."""
        if self.process is None or self.runs():
            return None
        code = self.process.returncode
        self.kill()
        settled = time.monotonic() - self.started_at > SETTLED_SECONDS
        self.failures = 1 if settled else self.failures + 1
        self.start_after = time.monotonic() + self.pause_seconds
        return code

    @property
    def pause_seconds(self) -> float:
        return float(min(2 ** (self.failures - 1), LONGEST_PAUSE_SECONDS))

    def terminate(self) -> None:
        if self.process is not None and self.runs():
            self.process.terminate()

    def kill(self) -> None:
        """Ends the whole group, at once."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Supervisor:
    """`say` tells the person at the terminal. `servers` are PostgreSQL and Valkey when they are ours.

    Until `all_wanted` only the first child is started: the first page does not compete with what comes later.
    """

    def __init__(self, children: list[Child], servers: embedded.Servers | None, say: Callable[[str], None]) -> None:
        self.children = children
        self.servers = servers
        self.say = say
        self.all_wanted = False

    def watch(self) -> None:
        """One look: starts what ended again, after a pause that grows with every failure."""
        for server in self.servers.dead() if self.servers else []:
            self.say(f"{server.name} ended and is started again.")
            server.start()
        for child in self.children if self.all_wanted else self.children[:1]:
            code = child.ended()
            if code is not None:
                self.say(
                    f"The {child.name} process ended (code {code}) and starts again in {child.pause_seconds:.0f} s."
                )
            elif child.process is None and time.monotonic() >= child.start_after:
                child.start()

    def stop(self, in_a_hurry: Callable[[], bool]) -> None:
        """Lets running work end, for a while; then ends everything that is left."""
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while any(child.runs() for child in self.children) and time.monotonic() < deadline and not in_a_hurry():
            time.sleep(0.05)
        for child in self.children:
            child.kill()
