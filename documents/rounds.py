"""What has to be done about all jobs of a process again and again: by one thread, for all of them at once."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Rounds[Item]:
    """Calls `work` with everything that is in, every so many seconds, while anything is."""

    def __init__(self, name: str, every_seconds: float, work: Callable[[list[Item]], None]) -> None:
        self.name = name
        self.every_seconds = every_seconds
        self.work = work
        self._items: dict[int, Item] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def including(self, item: Item) -> Iterator[None]:
        with self._lock:
            self._items[id(item)] = item
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._go, name=self.name, daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                del self._items[id(item)]

    def _go(self) -> None:
        while items := self._next():
            self.work(items)

    def _next(self) -> list[Item]:
        """Who is in after a pause; with nobody left the thread ends, and the next to come starts another."""
        time.sleep(self.every_seconds)
        with self._lock:
            if not self._items:
                self._thread = None
            return list(self._items.values())
