"""`Prefer: wait=30` (RFC 7240): the answer is held back until the work is done, or the time is over."""

import re
import threading
import time

from rest_framework.request import Request

from documents import streams
from documents.models import Analysis, Message

MAX_SECONDS = 60
MAX_WAITING = 12  # requests of one web process that may wait at once: the others must find a free thread
LOOK_SECONDS = 1.0

_places = threading.BoundedSemaphore(MAX_WAITING)


def wanted_seconds(request: Request) -> int:
    """How long the client asks us to wait; 0 when it does not."""
    found = re.search(r"(?:^|[,;\s])wait=(\d{1,4})\b", request.headers.get("Prefer", ""))
    return min(int(found[1]), MAX_SECONDS) if found else 0


def settle(analysis: Analysis | Message, seconds: float) -> bool:
    """Waits until the analysis has ended and loads it; False when it has not, or when too many wait already."""
    if seconds <= 0 or not _places.acquire(blocking=False):
        return False
    try:
        return _wait(analysis, time.monotonic() + seconds)
    finally:
        _places.release()


def _wait(analysis: Analysis | Message, until: float) -> bool:
    """Events wake us; the row decides."""
    after = streams.FROM_THE_START
    while True:
        analysis.refresh_from_db(fields=["status"])
        if analysis.settled:
            analysis.refresh_from_db()
            return True
        left = until - time.monotonic()
        if left <= 0:
            return False
        after = streams.wait(analysis.pk, after=after, seconds=min(left, LOOK_SECONDS))
