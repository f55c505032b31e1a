"""Formats that are ZIP archives inside: looked at before anything is unpacked."""

import zlib
from dataclasses import dataclass
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
_END_RECORD = b"PK\x05\x06"
_END_RECORD_BYTES = 22
_LOCATOR = b"PK\x06\x07"
_LOCATOR_BYTES = 20
_LONG_END_RECORD = b"PK\x06\x06"
_SHORTEST_ENTRY_BYTES = 46
_TOO_MANY = (
    "This file is packed from {found:,} files; {most:,} are read of one. Split it and upload the parts, or unpack it "
    "and upload what you need."
)
_ENDLESS = (
    "This file lists far more packed files than are read of one. Split it and upload the parts, or unpack it and "
    "upload what you need."
)


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
    """What is in the archive, if all of it may be unpacked."""
    found = listed(path, limits)
    unpacked = sum(entry.file_size for entry in found)
    if swells(unpacked, path.stat().st_size, limits) or unpacked > limits.unpacked_bytes:
        raise _too_large(
            f"Unpacked, this file is far larger than a document may be: {_in_megabytes(unpacked)}, where the most are "
            f"{_in_megabytes(limits.unpacked_bytes)} and {limits.unpacking_ratio} times the size it has packed. Remove "
            "embedded files and large pictures, or split it, and upload the parts."
        )
    return found


def listed(path: Path, limits: Limits) -> list[ZipInfo]:
    """What is in the archive, however large, if it lists no more files than may be."""
    _check_directory(path)
    try:
        with ZipFile(path) as archive:
            found = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise _damaged(type(error).__name__) from error
    if len(found) > limits.archive_members:
        raise _too_large(_TOO_MANY.format(found=len(found), most=limits.archive_members))
    # What is hidden from this library others would unpack.
    if _directory(path).entries > len(found):
        raise _damaged("entries not listed")
    return found


def swells(unpacked: int, packed: int, limits: Limits) -> bool:
    """Whether this grows as nothing but a bomb does."""
    return unpacked > _RATIO_COUNTS_FROM_BYTES and unpacked / max(packed, 1) > limits.unpacking_ratio


def _in_megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB" if size >= 1_000_000 else f"{size:,} bytes"


def _damaged(detail: str) -> UnreadableFile:
    return UnreadableFile(
        Code.DAMAGED,
        "This file is damaged: its packed contents cannot be opened. Open it in the program it comes from, save it "
        "again and upload that.",
        detail=detail,
    )


def _too_large(words: str) -> UnreadableFile:
    return UnreadableFile(Code.TOO_LARGE, words)


def _check_directory(source: Source) -> None:
    """Refuses what lists more files than any document holds."""
    if _directory(source).size > _LONGEST_DIRECTORY_BYTES:
        raise _too_large(_ENDLESS)


@dataclass(frozen=True, slots=True)
class _Directory:
    """How long the list of files is at most, and how many are in it, by the records at the end of the archive."""

    size: int
    entries: int


def _directory(source: Source) -> _Directory:
    """Looked at first: reading a directory takes ten times its size in memory."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            return _directory(file)
    source.seek(max(source.seek(0, 2) - _END_RECORD_WITHIN_BYTES, 0))
    tail = source.read()
    end = _end_record(tail)
    size, entries = _number(tail, end + 12, 4), _number(tail, end + 10, 2)
    long_end = _long_end_record(tail, end)
    if long_end >= 0:
        # Readers go by the long record even where the short one says something else.
        size, entries = _number(tail, long_end + 40, 8), _number(tail, long_end + 32, 8)
    return _Directory(max(size, entries * _SHORTEST_ENTRY_BYTES), entries) if end >= 0 else _Directory(0, 0)


def _end_record(tail: bytes) -> int:
    """Where readers find it: at the very end, or before a comment."""
    last = len(tail) - _END_RECORD_BYTES
    if last >= 0 and tail.startswith(_END_RECORD, last) and tail.endswith(b"\0\0"):
        return last
    return tail.rfind(_END_RECORD)


def _long_end_record(tail: bytes, end: int) -> int:
    """Of an archive that is too large for the short one, which then has a locator before it."""
    has_locator = end >= _LOCATOR_BYTES and tail.startswith(_LOCATOR, end - _LOCATOR_BYTES)
    return tail.rfind(_LONG_END_RECORD, 0, end) if has_locator else -1


def _number(data: bytes, place: int, length: int) -> int:
    return int.from_bytes(data[place : place + length], "little")
