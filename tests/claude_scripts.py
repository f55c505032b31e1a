"""What a test tells the local Messages API to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DERIVED = "derived"


@dataclass(frozen=True)
class Script:
    """One answer, in order. What is left out is derived from the request."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "scripted"
    error_type: str = ""
    error_code: str = ""
    blocks: Sequence[Mapping[str, Any]] | None = None
    stop_reason: str | None = DERIVED
    usage: Mapping[str, Any] | None = None
    page: bytes | None = None
    """Sent instead of JSON, as a proxy's page would be, and of this type."""
    page_type: str = "text/html"
    delay_seconds: float = 0.0
    """Before the answer, which has been made and is charged."""
    chunk_delay_seconds: float = 0.0
    cut: str = ""
    """`before` the first byte, or `within` the answer: half of the JSON, half of the events."""
    quiet_cut: bool = False
    """A stream cut within ends as if it were whole, but for its last events."""
    error_event: str = ""
    """Half-way through a stream comes this error, such as `overloaded_error`."""
    after: int | None = None
    """How many events come before the cut, the error or the wait, where it is not half of them."""
    waits: bool = False
    """Half-way through a stream nothing comes until the test sets `api.go_on`."""
    obey: bool = False
    fabricated: int = 0


@dataclass(frozen=True)
class BatchScript:
    """What becomes of one batch. Its results come in the opposite order of its requests."""

    polls: int = 0
    """How often it is still in progress when it is looked up."""
    outcomes: Mapping[int, str | Script] = field(default_factory=dict)
    """By the number of the request: `expired`, `canceled`, an error's type, or a script for its answer."""
    lines: Sequence[bytes] = ()
    """Further lines of its results, as they are."""
    cut: str = ""
    """Its results are cut half-way: `within`, or `quietly` behind a line."""


@dataclass(frozen=True)
class Recorded:
    """A request as it came in, header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    method: str = "POST"
