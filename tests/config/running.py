"""Starts what people start, and looks at what is left of it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import URLError

import psutil

from config import embedded

ROOT = Path(__file__).parents[2]
NOT_OURS = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "HTTPS", "VAR_DIR", "PORT", "HOST"}


def environment(**changes: str) -> dict[str, str]:
    """What a person's shell would have, and the changes."""
    return {**{name: value for name, value in os.environ.items() if name not in NOT_OURS}, **changes}


def start(*command: str, **changes: str) -> subprocess.Popen[str]:
    """A process group of its own, as a terminal would make one."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def refused(**changes: str) -> tuple[int, str]:
    """The code and the words of a start that must not succeed."""
    process = start(*without_override("manage.py", "serve"), **changes)
    try:
        words, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, words


def without_override(*command: str) -> tuple[str, ...]:
    """The command as somebody whom closed files and folders stop: root loses the right to pass them."""
    program = "import ctypes, os, sys; [ctypes.CDLL(None).prctl(24, right, 0, 0, 0) for right in (1, 2)]; "
    if os.geteuid() != 0:
        return command
    return ("-c", program + "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])", *command)


def free_port() -> str:
    return str(embedded.free_port())


def wait_for(what: Callable[[], bool], seconds: float = 90) -> bool:
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def answers(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def is_well(service: dict[str, Any], **changes: str) -> bool:
    """What the health check of a container says, asked here."""
    kind, program, *arguments = service["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")
    asked = subprocess.run([sys.executable, *arguments], env=environment(**changes), stderr=subprocess.DEVNULL)
    return asked.returncode == 0


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The process and all that came of it."""
    root = psutil.Process(process.pid)
    return [root, *root.children(recursive=True)]


def named(process: subprocess.Popen[str], word: str) -> psutil.Process:
    """The first that came of the process and has this word in its command."""
    return next(one for one in family(process) if lives(one) and any(word in part for part in one.cmdline()))


def all_end(processes: list[psutil.Process], seconds: float = 40) -> bool:
    return wait_for(lambda: not any(lives(process) for process in processes), seconds)


def lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def said_until(process: subprocess.Popen[str], word: str) -> str:
    """What the process says up to the line with this word, or to its end."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if word in line:
            break
    return said


def kill_group(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def listening() -> socket.socket:
    """A port that somebody else has."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken
