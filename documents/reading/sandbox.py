"""Reads a file in a process of its own, with limits on all it may use."""

import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path, PurePath
from time import monotonic
from typing import IO

import orjson

from documents.reading import language, reports
from documents.reading.child import Order
from documents.reading.errors import CRASHED, NO_TEXT, SCANNED, TOO_MUCH_MEMORY, TOO_SLOW, Code, UnreadableFile
from documents.reading.limits import DEFAULT, Limits
from documents.reading.progress import Progress, unheard
from documents.values import PageKind, ReadDocument

_ROOT = Path(__file__).resolve().parents[2]
# Python finds itself by these, where it needs them at all.
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_CHUNK_BYTES = 1_048_576
_SECONDS_TO_EXIT = 2.0


def read(path: Path, filename: str, limits: Limits = DEFAULT, on_progress: Progress | None = None) -> ReadDocument:
    """The document in the file, or UnreadableFile with words for its owner; whatever the file is, it ends in time."""
    with _child(path, filename, limits) as child:
        document = _document(child, limits, on_progress or unheard)
    if not document.text:
        scanned = any(page.kind is PageKind.UNREADABLE for page in document.pages)
        raise UnreadableFile(Code.NO_TEXT, SCANNED if scanned else NO_TEXT)
    return replace(document, language=language.detect(document.text))


@contextmanager
def _child(path: Path, filename: str, limits: Limits) -> Iterator[subprocess.Popen[bytes]]:
    """The reading process, gone with all it started when the block is left."""
    # The ending is all of the name that matters; the rest is nobody's business in a list of processes.
    order = Order(str(path.resolve(strict=True)), f"file{PurePath(filename).suffix}", limits, os.getpid())
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-s", "-B", "-m", "documents.reading.child", orjson.dumps(order).decode()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={**environment, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
        start_new_session=True,
    )
    with child:
        try:
            yield child
        finally:
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ends the whole group: what a parser started must not outlive it either."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _document(child: subprocess.Popen[bytes], limits: Limits, progress: Progress) -> ReadDocument:
    for line in _lines(child, limits):
        report = reports.parsed(line, limits)
        if report.refused:
            raise UnreadableFile(report.refused.code, report.refused.message, detail=report.refused.detail)
        if report.document:
            return report.document
        progress(report.page, report.pages)
    raise _death(child)


def _lines(child: subprocess.Popen[bytes], limits: Limits) -> Iterator[bytes]:
    """What the process writes, line by line, up to the limits of time and length."""
    assert child.stdout is not None
    unfinished: list[bytes] = []
    length = 0
    for chunk in _chunks(child.stdout, monotonic() + limits.wall_seconds):
        length += len(chunk)
        if length > limits.output_bytes:
            raise UnreadableFile(Code.TOO_LARGE, TOO_MUCH_MEMORY, detail="output beyond the limit")
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            yield b"".join([*unfinished, end])
            unfinished = []
        unfinished.append(rest)


def _chunks(pipe: IO[bytes], deadline: float) -> Iterator[bytes]:
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(max(deadline - monotonic(), 0)):
                raise UnreadableFile(Code.TIMED_OUT, TOO_SLOW, detail="wall clock")
            chunk = os.read(pipe.fileno(), _CHUNK_BYTES)
            if not chunk:
                return
            yield chunk


def _death(child: subprocess.Popen[bytes]) -> UnreadableFile:
    """Why a process ended without a last word."""
    try:
        status = child.wait(_SECONDS_TO_EXIT)
    except subprocess.TimeoutExpired:
        return UnreadableFile(Code.DAMAGED, CRASHED, detail="fell silent")
    if status == -signal.SIGXCPU:
        return UnreadableFile(Code.TIMED_OUT, TOO_SLOW, detail="processor time")
    if status == -signal.SIGKILL:
        return UnreadableFile(Code.TOO_LARGE, TOO_MUCH_MEMORY, detail="killed, probably for its memory")
    return UnreadableFile(Code.DAMAGED, CRASHED, detail=f"exit status {status}")
