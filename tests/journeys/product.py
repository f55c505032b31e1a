"""The whole product, started as people start it."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil
import psycopg
import pytest

from config import state
from tests.config import running

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed, so no journey in a browser")


@dataclass(frozen=True)
class Product:
    """A running Glossa and what its first start said."""

    process: subprocess.Popen[str]
    url: str
    var: Path
    email: str
    password: str
    token: str

    def api(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, headers={"Authorization": f"Token {self.token}"}, timeout=60)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database says."""
        with psycopg.connect(state.addresses(self.var).database_url, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def worker(self, name: str) -> psutil.Process:
        """The process that listens to this queue; the oldest, if it has children of the same words."""
        family = running.family(self.process)
        return next(one for one in family if running.lives(one) and f"{name}@%h" in one.cmdline())


@contextmanager
def started(var: Path, **environment: str) -> Iterator[Product]:
    """The product for as long as the block lasts; afterwards nothing of it lives."""
    port = running.free_port()
    process = running.start("manage.py", "serve", VAR_DIR=str(var), PORT=port, **environment)
    try:
        said = running.said_until(process, "Glossa is ready")
        credentials = re.search(r"Admin: (\S+) / (\S+)\nAPI token: (\S+)", said)
        assert credentials, said
        yield Product(process, f"http://127.0.0.1:{port}", var, *credentials.groups())
    finally:
        end(process)


def end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
