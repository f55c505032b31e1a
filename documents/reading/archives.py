"""Formats that are ZIP archives inside: looked at before anything is unpacked."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits

# A small file of blank tables packs very well and harms nobody.
_RATIO_COUNTS_FROM_BYTES = 20_000_000
_LOCKED = 0x1
_LONGEST_DIRECTORY_BYTES = 2_000_000
_END_RECORD_WITHIN_BYTES = 65_536 + 22


def members(path: Path) -> frozenset[str]:
    """The names in the archive; none when its directory cannot be read, or is longer than that of any document."""
    if _directory_bytes(path) > _LONGEST_DIRECTORY_BYTES:
        return frozenset()
    try:
        with ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return frozenset()


def _directory_bytes(path: Path) -> int:
    """What the end record says; reading a directory takes ten times its size in memory."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _END_RECORD_WITHIN_BYTES, 0))
        tail = file.read()
    record = tail.rfind(b"PK\x05\x06")
    return int.from_bytes(tail[record + 12 : record + 16], "little") if record >= 0 else 0


def check(path: Path, limits: Limits) -> None:
    """Refuses what would unpack to more than a document may use. The sizes declared here bind the unpacking too."""
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableFile(
            Code.DAMAGED,
            "This file is damaged: its packed contents cannot be opened. Open it in the program it comes from, save it "
            "again and upload that.",
            detail=type(error).__name__,
        ) from error
    if any(entry.flag_bits & _LOCKED for entry in entries):
        raise UnreadableFile(
            Code.ENCRYPTED, "This file is locked with a password. Save a copy without the password and upload that."
        )
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(path.stat().st_size, 1)
    swells = unpacked > _RATIO_COUNTS_FROM_BYTES and unpacked / packed > limits.unpacking_ratio
    if swells or unpacked > limits.unpacked_bytes or len(entries) > limits.archive_members:
        raise UnreadableFile(
            Code.TOO_LARGE,
            "Unpacked, this file is far larger than a document may be. Remove embedded files and large pictures, or "
            "split it, and upload the parts.",
        )
