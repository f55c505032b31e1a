"""Originals on disk: written whole or not at all."""

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage

PIECE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in storage: its name there, SHA-256 in hex, bytes."""

    name: str
    sha256: str
    size: int


def keep(file: "File[Any]") -> Kept:
    """Stores a file durably under a name of its own: after this call, losing power loses nothing."""
    return keep_pieces(file.chunks())


def keep_pieces(pieces: Iterable[bytes]) -> Kept:
    """The same for contents that come in pieces."""
    identity = uuid.uuid4().hex
    incoming = _path(f"incoming/{identity}")
    name = f"originals/{identity[:2]}/{identity}"
    try:
        sha256, size = _write(pieces, incoming)
        final = _path(name)
        incoming.rename(final)
        _sync(final.parent)
    except BaseException:
        incoming.unlink(missing_ok=True)
        raise
    return Kept(name, sha256, size)


def path(name: str) -> Path:
    """Where a kept file can be read."""
    return Path(default_storage.path(name))


def opened(name: str) -> IO[bytes] | None:
    """A kept file to read; none when it is missing, or goes in this very moment."""
    try:
        return path(name).open("rb")
    except (FileNotFoundError, IsADirectoryError):
        return None


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """What is in it, and then it is closed."""
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def forget(name: str) -> None:
    """Removes a kept file; one that is gone already is fine."""
    path(name).unlink(missing_ok=True)


def put(place: Path, data: bytes) -> None:
    """Writes a file that can be made again: whole or not at all, but not for certain."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    incoming = place.with_suffix(f".{uuid.uuid4().hex}")
    with open(incoming, "xb", opener=_for_us_alone) as out:
        out.write(data)
    incoming.rename(place)


def _path(name: str) -> Path:
    place = path(name)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def _write(pieces: Iterable[bytes], place: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with open(place, "xb", opener=_for_us_alone) as out:
        for chunk in pieces:
            digest.update(chunk)
            size += out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def _for_us_alone(place: str, flags: int) -> int:
    return os.open(place, flags, 0o600)


def _sync(folder: Path) -> None:
    """A rename is only durable once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
