"""The commands that containers run, against servers that were there before."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
import redis
import yaml

from config import embedded
from config.processes import PREPARE, PROCESSES
from tests.config import running

pytestmark = pytest.mark.processes

SERVICES = yaml.safe_load((running.ROOT / "docker-compose.yml").read_text())["services"]
CONTENT = "The rent is 900 EUR a month. It is paid on the first day of every month. Ruth Okoye keeps the keys."


@pytest.fixture
def production(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a server: everything from outside, a proxy before it."""
    with embedded.running(tmp_path / "servers", durable=False) as servers:
        yield {
            "DATABASE_URL": servers.addresses.database_url,
            "REDIS_URL": servers.addresses.redis_url,
            "SECRET_KEY": "k" * 60,
            "ALLOWED_HOSTS": "glossa.example",
            "BEHIND_PROXY": "true",
            "VAR_DIR": str(tmp_path / "var"),
            "GRANIAN_HOST": "127.0.0.1",
            "GRANIAN_PORT": running.free_port(),
        }


class Containers:
    """The processes, each started by its own command."""

    def __init__(self, production: dict[str, str], group: ExitStack) -> None:
        self.production = production
        self.group = group
        self.processes: dict[str, subprocess.Popen[str]] = {}

    def start(self, *names: str) -> None:
        for name in names:
            process = running.start(*PROCESSES[name][1:], **self.production)
            self.processes[name] = process
            self.group.callback(process.kill)

    def stop(self) -> dict[str, str]:
        """What each said, when all have ended as they should."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        return {name: finished(process) for name, process in self.processes.items()}


@pytest.fixture
def containers(production: dict[str, str]) -> Iterator[Containers]:
    with ExitStack() as group:
        yield Containers(production, group)


def finished(process: subprocess.Popen[str]) -> str:
    words, _ = process.communicate(timeout=60)
    assert process.returncode == 0, words
    return words


def api(production: dict[str, str], token: str) -> httpx2.Client:
    """As the proxy before the web process asks it."""
    return httpx2.Client(
        base_url=f"http://127.0.0.1:{production['GRANIAN_PORT']}",
        headers={"Authorization": f"Token {token}", "Host": "glossa.example", "X-Forwarded-Proto": "https"},
        timeout=60,
    )


def becomes(client: httpx2.Client, path: str, status: str) -> dict[str, Any]:
    running.wait_for(lambda: client.get(path).json()["status"] == status, 60)
    found: dict[str, Any] = client.get(path).json()
    assert found["status"] == status, found
    return found


def test_the_processes_of_the_containers_do_the_work_and_end_when_told(
    production: dict[str, str], containers: Containers
) -> None:
    prepared = finished(running.start(*PREPARE[1:], **production))
    again = finished(running.start(*PREPARE[1:], **production))
    (token,) = re.findall(r"^API token: (\S+)$", prepared, re.MULTILINE)

    containers.start("web")
    web_answers = running.wait_for(lambda: running.answers(production["GRANIAN_PORT"]))
    with api(production, token) as client:
        sent = client.post("/api/documents/", json={"title": "Lease", "content": CONTENT})
        # The hint is lost, so only a sweep can find the job: beat asks for it, `think` does it, `read` reads.
        redis.Redis.from_url(production["REDIS_URL"]).flushdb()
        containers.start("read", "think", "beat")
        document = becomes(client, f"/api/documents/{sent.json()['id']}/", "ready")
        asked = client.post(f"/api/documents/{document['id']}/analyze/", json={})
        analysis = becomes(client, f"/api/analyses/{asked.json()['id']}/", "done")
    beat_is_well = running.is_well(SERVICES["beat"], **production)
    everything = [member for process in containers.processes.values() for member in running.family(process)]
    words = containers.stop()

    assert "API token: " not in again
    assert web_answers
    assert (sent.status_code, asked.status_code) == (201, 202)
    assert analysis["citations"]
    assert beat_is_well
    assert running.all_end(everything)
    assert [name for name, said in words.items() if "Traceback" in said] == []
