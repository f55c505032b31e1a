"""A ZIP made while it is sent: nothing of it is ever on the disk, and only the next piece is in memory."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

EARLIEST = 1980  # the year zero of ZIP
SENT_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the ZIP."""

    path: str
    size: int
    sha256: str


class _Outgoing:
    """What was written since it was last taken. Without `seek`, a ZipFile writes sizes and sums behind each entry."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """There is nothing behind it."""

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Packer:
    """Entries in, pieces of the ZIP out."""

    def __init__(self, made_at: datetime) -> None:
        self._out = _Outgoing()
        self._zip = ZipFile(self._out, "w")  # type: ignore[call-overload]  # it asks for no more than `write` and `flush`
        self._made_at = made_at
        self.entries: list[Entry] = []

    def add(self, path: str, pieces: Iterable[bytes], *, is_packed: bool = False) -> Iterator[bytes]:
        """An entry made of these pieces; what is packed in itself, as most originals are, is not packed again."""
        info = ZipInfo(path, max(self._made_at.timetuple()[:6], (EARLIEST, 1, 1, 0, 0, 0)))
        info.compress_type = ZIP_STORED if is_packed else ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        # How large it will be is not known before, and the ZIP of the nineties ends at two gigabytes.
        with self._zip.open(info, "w", force_zip64=True) as entry:
            for piece in pieces:
                digest.update(piece)
                size += entry.write(piece)
                yield self._out.take()
        self.entries.append(Entry(path, size, digest.hexdigest()))
        yield self._out.take()

    def end(self) -> Iterator[bytes]:
        """The list of entries, without which it is no ZIP."""
        self._zip.close()
        yield self._out.take()


def gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same in pieces worth sending."""
    held, size = [], 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= SENT_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if size:
        yield b"".join(held)
