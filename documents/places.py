"""How many jobs of a process work at once. Hundreds may wait for a model: who waits has no place and no connection."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

WORKING = 16

_places = threading.BoundedSemaphore(WORKING)
_mine = threading.local()


@contextmanager
def working() -> Iterator[None]:
    """A place, as soon as one is free. A job that runs another within itself needs no second one."""
    if _has_place():
        yield
        return
    with _places:
        _mine.taken = True
        try:
            yield
        finally:
            _mine.taken = False


@contextmanager
def waiting() -> Iterator[None]:
    """Gives up the place and the connection while the block waits for somebody else."""
    if not _has_place():
        yield
        return
    if not connection.in_atomic_block:  # only tests wait in one
        connection.close()
    _mine.taken = False
    _places.release()
    try:
        yield
    finally:
        _places.acquire()
        _mine.taken = True


def _has_place() -> bool:
    return getattr(_mine, "taken", False)
