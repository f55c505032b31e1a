"""The commands that containers run, against servers that were there before."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded
from config.processes import PREPARE, PROCESSES
from tests.config import running

pytestmark = pytest.mark.processes


@pytest.fixture
def production(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a server: everything from outside."""
    with embedded.running(tmp_path / "servers", durable=False) as servers:
        yield {
            "DATABASE_URL": servers.addresses.database_url,
            "REDIS_URL": servers.addresses.redis_url,
            "SECRET_KEY": "k" * 60,
            "ALLOWED_HOSTS": "glossa.example",
            "VAR_DIR": str(tmp_path / "var"),
            "GRANIAN_HOST": "127.0.0.1",
            "GRANIAN_PORT": running.free_port(),
        }


def finished(process: subprocess.Popen[str]) -> str:
    words, _ = process.communicate(timeout=60)
    assert process.returncode == 0, words
    return words


def test_the_processes_of_the_containers_work_and_end_when_told(production: dict[str, str]) -> None:
    prepared = finished(running.start(*PREPARE[1:], **production))
    again = finished(running.start(*PREPARE[1:], **production))

    with ExitStack() as group:
        processes = {name: running.start(*command[1:], **production) for name, command in PROCESSES.items()}
        for process in processes.values():
            group.callback(process.kill)
        web_answers = running.wait_for(lambda: running.answers(production["GRANIAN_PORT"]))
        sweeps = running.wait_for(lambda: has_swept(production))
        everything = [member for process in processes.values() for member in running.family(process)]
        for process in processes.values():
            process.send_signal(signal.SIGTERM)
        words = {name: finished(process) for name, process in processes.items()}

    assert prepared.count("API token: ") == 1
    assert "API token: " not in again
    assert web_answers
    assert sweeps
    assert running.all_end(everything)
    assert [name for name, said in words.items() if "Traceback" in said] == []


def has_swept(production: dict[str, str]) -> bool:
    """Both workers listen to their queues, and the sample documents' jobs were found by a sweep or a hint and run."""
    with redis.Redis.from_url(production["REDIS_URL"]) as client:
        listening = all(client.exists(f"_kombu.binding.{queue}") for queue in ("read", "think"))
    with psycopg.connect(production["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT count(*) FROM documents_job WHERE state = 'queued'").fetchone()
    return listening and row == (0,)
