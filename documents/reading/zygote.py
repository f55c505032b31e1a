"""The process that children are forked from: `python -m documents.reading.zygote SOCKET`.

It loads every parser once and touches no file of anybody. For each order that comes over the socket, with the pipe for
the answer and a line to its sender, it forks a child, tells the sender its number, and later how it ended. It ends when
the process that started it does: then the socket is closed at the other end.
"""

import gc
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module

import orjson

from documents.reading import child, language, walls
from documents.reading.parsers import registry

ORDER_BYTES = 65_536
_HIGHEST_DESCRIPTOR = 4_096
_EXTRA_MODULES = (
    # Loaded by parsers when first used; after the fork every file would pay for it, and the walls are up.
    "PIL.Image",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.TiffImagePlugin",
    "PIL.WebPImagePlugin",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.ImageOps",
    "PIL.ImageSequence",
    "encodings.idna",
    "stringprep",
)


def main() -> None:
    line = socket.socket(fileno=int(sys.argv[1]))
    _load()
    line.send(b"ready")
    _Zygote(line).serve()


def _load() -> None:
    for module in {format_.module for format_ in registry.FORMATS}.union(_EXTRA_MODULES):
        with suppress(ImportError):
            import_module(module)
    # Behind the walls its model could not be unpacked, which it does in a file.
    language.detect("Which language is this text written in?")
    # What is loaded now stays: the collector need not touch, and so copy, its pages in every child.
    gc.collect()
    gc.freeze()


class _Zygote:
    """Forks a child for each order, and tells what became of it."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._senders: dict[int, socket.socket] = {}
        self._woken, wake = socket.socketpair()
        self._woken.setblocking(False)
        wake.setblocking(False)
        self._wake = wake
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._line, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select()}
                if self._woken in ready:
                    self._reap()
                if self._line in ready and not self._take_order():
                    return

    def _take_order(self) -> bool:
        """Forks a child for the order that has come; False when nobody can send any more."""
        order, descriptors, _, _ = socket.recv_fds(self._line, ORDER_BYTES, 2)
        if not order:
            return False
        pipe, reply = descriptors
        number = os.fork()
        if number == 0:
            self._become_child(order, pipe)
        os.close(pipe)
        sender = socket.socket(fileno=reply)
        self._senders[number] = sender
        with suppress(OSError):
            sender.send(b"%d" % number)
        return True

    def _become_child(self, order: bytes, pipe: int) -> None:
        """Never returns. The child keeps its pipe and nothing else."""
        walls.die_with_parent(os.getppid())
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        status = 1
        try:
            os.closerange(3, pipe)
            os.closerange(pipe + 1, _HIGHEST_DESCRIPTOR)
            child.serve(orjson.loads(order), pipe)
            status = 0
        finally:
            os._exit(status)

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            self._woken.recv(4096)
        while self._senders:
            number, status = os.waitpid(-1, os.WNOHANG)
            if number == 0:
                return
            sender = self._senders.pop(number)
            with suppress(OSError), sender:
                sender.send(b"%d" % os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
