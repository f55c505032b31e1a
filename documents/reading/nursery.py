"""Children that read files: asked of a zygote, watched, and ended. One zygote serves all threads of this process."""

import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from documents.reading.errors import CRASHED, TOO_MUCH_MEMORY, TOO_SLOW, Code, UnreadableFile

_ROOT = Path(__file__).resolve().parents[2]
# Python finds itself by these, where it needs them at all; the last one is where data of text recognition may lie.
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TESSDATA_PREFIX")
# Libraries for numbers would start a thread for each core.
_ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_CHUNK_BYTES = 1_048_576
_SECONDS_TO_START = 60.0
_SECONDS_TO_ANSWER = 10.0
_SECONDS_TO_EXIT = 2.0


@dataclass(frozen=True, slots=True)
class Child:
    """A forked child: its number, the pipe it writes to, and the line on which its end is told."""

    number: int
    pipe: int
    line: socket.socket

    def chunks(self, patience: Callable[[], float]) -> Iterator[bytes]:
        """What it writes, as it comes. Raises UnreadableFile when it is silent for longer than so many seconds."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.pipe, selectors.EVENT_READ)
            while True:
                if not selector.select(max(patience(), 0.0)):
                    raise UnreadableFile(Code.TIMED_OUT, TOO_SLOW, detail="wall clock", resumable=True)
                chunk = os.read(self.pipe, _CHUNK_BYTES)
                if not chunk:
                    return
                yield chunk

    def death(self) -> UnreadableFile:
        """Why it ended without a last word."""
        self.line.settimeout(_SECONDS_TO_EXIT)
        try:
            status = int(self.line.recv(32) or b"1")
        except TimeoutError:
            return UnreadableFile(Code.DAMAGED, CRASHED, detail="fell silent", resumable=True)
        if status == -signal.SIGXCPU:
            return UnreadableFile(Code.TIMED_OUT, TOO_SLOW, detail="processor time", resumable=True)
        if status == -signal.SIGKILL:
            return UnreadableFile(
                Code.TOO_LARGE, TOO_MUCH_MEMORY, detail="killed, probably for its memory", resumable=True
            )
        return UnreadableFile(Code.DAMAGED, CRASHED, detail=f"exit status {status}", resumable=True)


class NotBorn(OSError):
    """No child came of an order; `zygote` is the number of the process that did not answer, 0 when there was none."""

    def __init__(self, zygote: int) -> None:
        super().__init__("The process that reads files does not answer.")
        self.zygote = zygote


@contextmanager
def child(order: bytes) -> Iterator[Child]:
    """A child at work on the order, gone when the block is left."""
    nursery = _nursery(os.getpid())
    try:
        born = nursery.bear(order)
    except NotBorn as error:
        # The zygote was killed in this very moment; the next one knows nothing of its troubles.
        nursery.forget(error.zygote)
        born = nursery.bear(order)
    try:
        yield born
    finally:
        _end(born)
        born.line.close()
        os.close(born.pipe)


def _end(born: Child) -> None:
    """Ends the child, unless its end was told already: then the number may be another's."""
    born.line.setblocking(False)
    try:
        told = born.line.recv(32, socket.MSG_PEEK)
    except BlockingIOError:
        told = b""
    if told:
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(born.number, signal.SIGKILL)


def warm() -> None:
    """Starts the zygote now, so that the first file need not wait for it."""
    _nursery(os.getpid()).start()


@cache
def _nursery(_process: int) -> "_Nursery":
    """The one of this process; a process forked from it needs one of its own."""
    return _Nursery()


class _Nursery:
    """Holds the zygote and starts another when it is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._zygote: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def start(self) -> None:
        with self._lock:
            self._started()

    def bear(self, order: bytes) -> Child:
        """A new child at work on the order. Raises NotBorn when the zygote is gone."""
        ours, theirs = os.pipe()
        line, reply = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        zygote = 0
        try:
            with closing(reply):
                try:
                    zygote = self._send(order, theirs, reply)
                finally:
                    os.close(theirs)
            line.settimeout(_SECONDS_TO_ANSWER)
            return Child(int(line.recv(32)), ours, line)
        except (OSError, ValueError) as error:
            line.close()
            os.close(ours)
            raise NotBorn(zygote) from error

    def forget(self, number: int) -> None:
        """Ends the zygote of this number, if it is still the one in use."""
        with self._lock:
            if self._zygote is not None and self._zygote.pid == number:
                self._forget()

    def _send(self, order: bytes, pipe: int, reply: socket.socket) -> int:
        """Passes the order on, and says to which zygote."""
        with self._lock:
            line = self._started()
            assert self._zygote is not None
            number = self._zygote.pid
            try:
                socket.send_fds(line, [order], [pipe, reply.fileno()])
            except OSError:
                self._forget()
                raise
            return number

    def _started(self) -> socket.socket:
        if self._line is None or self._zygote is None or self._zygote.poll() is not None:
            self._forget()
            self._start()
        assert self._line is not None
        return self._line

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        with closing(theirs):
            self._zygote = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-s", "-B", "-m", "documents.reading.zygote", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={**environment, **_ONE_THREAD, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        ours.settimeout(_SECONDS_TO_START)
        if ours.recv(16) != b"ready":
            ours.close()
            raise OSError("The process that reads files could not be started.")
        ours.settimeout(None)
        self._line = ours

    def _forget(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._zygote is not None:
            self._zygote.kill()
            self._zygote.wait()
            self._zygote = None
