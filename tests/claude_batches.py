"""The batches of the local Messages API."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.claude_answers import numbers
from tests.claude_rules import Refusal, check_batch
from tests.claude_scripts import BatchScript, Script

Answering = Callable[[dict[str, Any], Script], dict[str, Any]]


@dataclass
class Batch:
    """One batch: its outcomes are known from the start, and shown when it has been looked up often enough."""

    key: str
    script: BatchScript
    outcomes: list[dict[str, Any]]
    polls: int = 0
    is_called_off: bool = False
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def ended(self) -> bool:
        return self.polls <= 0

    def call_off(self) -> None:
        """What is still being answered is not answered any more."""
        if not self.ended:
            self.outcomes = [{"custom_id": one["custom_id"], "result": {"type": "canceled"}} for one in self.outcomes]
            self.is_called_off = True
            self.polls = 0

    def described(self, url: str) -> dict[str, Any]:
        kinds = [one["result"]["type"] for one in self.outcomes] if self.ended else ["processing"] * len(self.outcomes)
        counts = {name: kinds.count(name) for name in ("processing", "succeeded", "errored", "canceled", "expired")}
        ended_at = _written(self.created_at + timedelta(minutes=1)) if self.ended else None
        return {
            "id": self.key,
            "type": "message_batch",
            "processing_status": "ended" if self.ended else "in_progress",
            "request_counts": counts,
            "created_at": _written(self.created_at),
            "expires_at": _written(self.created_at + timedelta(days=1)),
            "ended_at": ended_at,
            "archived_at": None,
            "cancel_initiated_at": ended_at if self.is_called_off else None,
            "results_url": f"{url}/v1/messages/batches/{self.key}/results" if self.ended else None,
        }

    def results(self) -> bytes:
        lines = [json.dumps(one).encode() for one in reversed(self.outcomes)]
        kept = lines[: len(lines) // 2] if self.script.cut == "quietly" else lines
        return b"".join(line + b"\n" for line in [*kept, *self.script.lines])


def create(body: dict[str, Any], script: BatchScript, answer: Answering) -> Batch:
    check_batch(body)
    outcomes = [
        {"custom_id": one["custom_id"], "result": _result(one["params"], script.outcomes.get(number, Script()), answer)}
        for number, one in enumerate(body["requests"])
    ]
    return Batch(f"msgbatch_{next(numbers):024d}", script, outcomes, polls=script.polls)


def _result(params: dict[str, Any], outcome: str | Script, answer: Answering) -> dict[str, Any]:
    if isinstance(outcome, str):
        return {"type": outcome} if outcome in ("expired", "canceled") else _errored(outcome, "scripted")
    try:
        return {"type": "succeeded", "message": answer(params, outcome)}
    except Refusal as refusal:
        return _errored("invalid_request_error", str(refusal))


def _errored(kind: str, words: str) -> dict[str, Any]:
    error = {"type": "error", "error": {"type": kind, "message": words}, "request_id": f"req_{next(numbers):024d}"}
    return {"type": "errored", "error": error}


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
