"""Formats that are ZIP archives inside: looked at before anything is unpacked."""

import zlib
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits

# A file on disk, or one in memory.
Source = Path | IO[bytes]
# What unpacking one member may raise: a wrong sum, a broken stream, an unknown method, a name that means nothing.
BROKEN = (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, KeyError)
# A small file of blank tables packs very well and harms nobody.
_RATIO_COUNTS_FROM_BYTES = 20_000_000
_LOCKED = 0x1
_LONGEST_DIRECTORY_BYTES = 4_000_000
_END_RECORD_WITHIN_BYTES = 65_536 + 22 + 76
_IN_LONG_RECORD = 0xFFFF_FFFF


def members(source: Source) -> frozenset[str]:
    """The names in the archive; none when its directory cannot be read."""
    _check_directory(source)
    try:
        with ZipFile(source) as archive:
            return frozenset(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return frozenset()


def beginning(source: Source, member: str, size: int) -> bytes:
    """The first bytes of a member; none when it cannot be unpacked."""
    try:
        with ZipFile(source) as archive, archive.open(member) as file:
            return file.read(size)
    except BROKEN:
        return b""


def check(path: Path, limits: Limits) -> None:
    """Refuses what is locked or would unpack to more than a document may use. Sizes declared bind the unpacking."""
    if any(is_locked(entry) for entry in entries(path, limits)):
        raise UnreadableFile(
            Code.ENCRYPTED, "This file is locked with a password. Save a copy without the password and upload that."
        )


def is_locked(entry: ZipInfo) -> bool:
    return bool(entry.flag_bits & _LOCKED)


def entries(path: Path, limits: Limits) -> list[ZipInfo]:
    """What is in the archive, if it may be unpacked."""
    _check_directory(path)
    try:
        with ZipFile(path) as archive:
            found = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableFile(
            Code.DAMAGED,
            "This file is damaged: its packed contents cannot be opened. Open it in the program it comes from, save it "
            "again and upload that.",
            detail=type(error).__name__,
        ) from error
    unpacked = sum(entry.file_size for entry in found)
    packed = max(path.stat().st_size, 1)
    swells = unpacked > _RATIO_COUNTS_FROM_BYTES and unpacked / packed > limits.unpacking_ratio
    if swells or unpacked > limits.unpacked_bytes or len(found) > limits.archive_members:
        raise _too_large()
    return found


def _too_large() -> UnreadableFile:
    return UnreadableFile(
        Code.TOO_LARGE,
        "Unpacked, this file is far larger than a document may be. Remove embedded files and large pictures, or "
        "split it, and upload the parts.",
    )


def _check_directory(source: Source) -> None:
    """Refuses what lists more files than any document holds."""
    if _directory_bytes(source) > _LONGEST_DIRECTORY_BYTES:
        raise _too_large()


def _directory_bytes(source: Source) -> int:
    """What the end record says; reading a directory takes ten times its size in memory."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            return _directory_bytes(file)
    size = source.seek(0, 2)
    source.seek(max(size - _END_RECORD_WITHIN_BYTES, 0))
    tail = source.read()
    record = tail.rfind(b"PK\x05\x06")
    length = int.from_bytes(tail[record + 12 : record + 16], "little") if record >= 0 else 0
    if length < _IN_LONG_RECORD:
        return length
    record = tail.rfind(b"PK\x06\x06")
    return int.from_bytes(tail[record + 40 : record + 48], "little") if record >= 0 else length
