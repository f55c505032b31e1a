"""What tests of sweeps ask, and how they look at what became of it."""

from typing import Any

from rest_framework.test import APIClient

from documents import jobs, tasks
from documents.models import Job

LACKING = "Which leases do not mention a security deposit?"
HAVING = "Which leases mention a security deposit?"


def asked(api: APIClient, question: str, **over: Any) -> dict[str, Any]:
    answer = api.post("/api/ask/", {"question": question} | over)
    assert answer.status_code == 202, answer.content
    return now(api, answer.json())


def now(api: APIClient, message: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/api/messages/{message['id']}/").json()
    return found


def ledger(api: APIClient, message: dict[str, Any], **asked: Any) -> list[tuple[str, str]]:
    rows = api.get(f"/api/messages/{message['id']}/coverage/", asked).json()["results"]
    return [(row["title"], row["state"]) for row in rows]


def exported(api: APIClient, message: dict[str, Any], form: str) -> bytes:
    answer = api.get(f"/api/messages/{message['id']}/coverage/export/", {"form": form})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def counts(message: dict[str, Any]) -> dict[str, int]:
    """What became of the documents, without the states that none has."""
    return {name: count for name, count in message["sweep"].items() if count}


def work() -> None:
    """What workers do a while later."""
    for job in Job.objects.filter(state="queued").order_by("kind"):
        jobs.hurry(job.subject)
        tasks.run(job.pk)
