"""A worker is killed while it waits for a model: the analysis is finished all the same, once."""

import contextlib
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from tests.claude import MessagesAPI, Script
from tests.config import running
from tests.journeys.product import Product, started

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("killed")]

NOTE = "The meeting is on 4 May 2026 in Lisbon. Every member brings one proposal. The chair closes it at noon."


def ready_note(api: httpx2.Client) -> UUID:
    identity = UUID(api.post("/api/documents/", json={"title": "Note", "content": NOTE}).json()["id"])
    assert running.wait_for(lambda: api.get(f"/api/documents/{identity}/").json()["status"] == "ready")
    return identity


def let_the_lease_run_out(product: Product) -> None:
    """A minute passes."""
    product.rows("UPDATE documents_job SET lease_until = now() - interval '1 second' WHERE state = 'running'")


def test_a_killed_worker_costs_one_more_attempt_and_nothing_else(tmp_path: Path) -> None:
    with MessagesAPI() as model:
        environment = {"AI_BASE_URL": model.url, "ANTHROPIC_API_KEY": model.api_key, "AI_PROVIDER": "claude"}
        with started(tmp_path / "var", **environment) as product, product.api() as api:
            note = ready_note(api)
            model.script.append(Script(delay_seconds=30))
            analysis = api.post(f"/api/documents/{note}/analyze/", json={}).json()
            asked = running.wait_for(lambda: len(model.requests) == 1)

            product.worker("think").kill()
            let_the_lease_run_out(product)
            finished = running.wait_for(lambda: api.get(f"/api/analyses/{analysis['id']}/").json()["status"] == "done")

            jobs = product.rows("SELECT state, attempts, fence FROM documents_job WHERE kind = 'analyse'")
            calls = product.rows("SELECT fence, state FROM documents_aicall ORDER BY id")
            results = product.rows("SELECT count(*) FROM documents_analysis WHERE status = 'done'")

    assert asked
    assert finished
    assert jobs == [("done", 2, 2)]
    assert calls == [(1, "ambiguous"), (2, "answered")]
    assert results == [(1,)]


def test_a_killed_reader_loses_no_document(tmp_path: Path) -> None:
    with started(tmp_path / "var") as product, product.api() as api:
        assert ready_note(api)
        texts = [f"Letter {number}. The price is {number} EUR. Please answer soon." for number in range(12)]
        identities = [api.post("/api/documents/", json={"content": text}).json()["id"] for text in texts]

        for member in [product.worker("read"), *product.worker("read").children(recursive=True)]:
            member.kill()
        let_the_lease_run_out(product)

        def states() -> set[str]:
            return {api.get(f"/api/documents/{identity}/").json()["status"] for identity in identities}

        assert running.wait_for(lambda: states() == {"ready"}), states()
        assert product.rows("SELECT count(*) FROM documents_job WHERE kind = 'read' AND state = 'done'") == [(13,)]


def heard(product: Product, message: str, *, after: str, until: str) -> list[tuple[str, str]]:
    """The ids and names of events from after this id, up to the first of a name; as many as came when it was cut."""
    events: list[tuple[str, str]] = []
    headers = {"Authorization": f"Token {product.token}", "Last-Event-ID": after}
    identity = ""
    address = f"{product.url}/api/messages/{message}/events/"
    with contextlib.suppress(httpx2.HTTPError), httpx2.stream("GET", address, headers=headers, timeout=60) as answer:
        for line in answer.iter_lines():
            if line.startswith("id: "):
                identity = line[4:]
            elif line.startswith("event: "):
                events.append((identity, line[7:]))
                if line[7:] == until:
                    break
    return events


def test_a_killed_web_server_and_a_killed_queue_cost_an_answer_nothing(tmp_path: Path) -> None:
    with MessagesAPI() as model:
        environment = {"AI_BASE_URL": model.url, "ANTHROPIC_API_KEY": model.api_key, "AI_PROVIDER": "claude"}
        with started(tmp_path / "var", **environment) as product, product.api() as api:
            ready_note(api)
            model.script.append(Script(waits=True))
            message = api.post("/api/ask/", json={"question": "When is the meeting?"}).json()["id"]
            first = heard(product, message, after="0-0", until="delta")

            running.named(product.process, "granian").kill()
            assert running.wait_for(lambda: is_well(product))
            model.go_on.set()
            rest = heard(product, message, after=first[-1][0], until="done")
            whole = heard(product, message, after="0-0", until="done")

            model.go_on.clear()
            model.script.append(Script(waits=True))
            second = api.post("/api/ask/", json={"question": "Where is the meeting?"}).json()["id"]
            assert heard(product, second, after="0-0", until="delta")
            running.named(product.process, "valkey-server").kill()
            model.go_on.set()
            ended = running.wait_for(lambda: api.get(f"/api/messages/{second}/").json()["status"] == "done")
            text = api.get(f"/api/messages/{second}/").json()["text"]
            calls = product.rows("SELECT state FROM documents_aicall ORDER BY id")

    assert [first[-1][1], rest[-1][1]] == ["delta", "done"]
    assert first + rest == whole
    assert ended
    assert "Lisbon" in text
    assert calls == [("answered",), ("answered",)]


def is_well(product: Product) -> bool:
    with contextlib.suppress(httpx2.HTTPError):
        return httpx2.get(f"{product.url}/health/", timeout=2).status_code == 200
    return False
