"""Archives (ZIP): a list of what is inside, and each file that can be read as a document of its own."""

import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from documents.reading import archives
from documents.reading.draft import Draft
from documents.reading.errors import Code, UnreadableFile
from documents.reading.items import Item
from documents.reading.limits import Limits
from documents.reading.parsers import inside
from documents.values import BlockKind, Part

# What systems leave behind is no document of anybody.
_RUBBISH = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:")
_NAME_IS_UTF8 = 0x800
_LARGEST_IN_MEMORY_BYTES = 150_000_000
_LOCKED = "It is locked with a password. Unpack the archive and upload the file itself."
_LINK = "It is a link to another file, not a file."
_TORN = "It is damaged and could not be unpacked."
_ODDLY_PACKED = "It is packed in a way that is not known here. Unpack the archive and upload the file itself."
_TOO_LARGE = (
    "It is too large to be read out of an archive: {size}, and {most} may be. Unpack it and upload it by itself."
)
_SWELLS = "Unpacked, it is more than {ratio} times as large, as no document is. Unpack it and upload it by itself."
_NO_ROOM = "With it the files of the archive are more than {most} unpacked. Unpack it and upload the rest."
_TOO_MANY = "There are more files in the archive than are read out of one. Unpack it and upload the rest."


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    entries = [entry for entry in archives.listed(path, limits) if not entry.is_dir() and not _is_rubbish(entry)]
    if not entries:
        raise UnreadableFile(Code.EMPTY_FILE, "There are no files in this archive. Check that it is the right one.")
    draft = Draft(limits)
    for entry in entries:
        draft.add(f"{_name(entry)} — {inside.size_in_words(entry.file_size)}", BlockKind.LIST_ITEM)
    yield draft.leaf()
    with ZipFile(path) as archive:
        yield from _Unpacking(archive, limits).items(entries)


@dataclass(slots=True)
class _Unpacking:
    """Takes the files out one by one, as long as there is room; what is left out costs no other."""

    archive: ZipFile
    limits: Limits
    readable: int = 0
    unpacked_bytes: int = 0

    def items(self, entries: Iterable[ZipInfo]) -> Iterator[Item]:
        for entry in entries:
            part, data = self._part(entry)
            yield part
            if not part.reason:
                self.readable += 1
                yield from inside.pieces(data)

    def _part(self, entry: ZipInfo) -> tuple[Part, bytes]:
        """The member as a part, and its contents where it can be read."""
        name = _name(entry)
        reason = self._reason_against(entry) or self._reason_of_room(entry)
        if reason:
            return Part(name, entry.file_size, reason=reason), b""
        self.unpacked_bytes += entry.file_size
        try:
            data = self.archive.read(entry)
        except NotImplementedError:
            return Part(name, entry.file_size, reason=_ODDLY_PACKED), b""
        except archives.BROKEN:
            return Part(name, entry.file_size, reason=_TORN), b""
        return inside.part(name, data, archives=False), data

    def _reason_against(self, entry: ZipInfo) -> str:
        if archives.is_locked(entry):
            return _LOCKED
        if stat.S_ISLNK(entry.external_attr >> 16):
            return _LINK
        most = min(_LARGEST_IN_MEMORY_BYTES, self.limits.unpacked_bytes)
        if entry.file_size > most:
            size = inside.size_in_words(entry.file_size)
            return _TOO_LARGE.format(size=size, most=inside.size_in_words(most))
        if archives.swells(entry.file_size, entry.compress_size, self.limits):
            return _SWELLS.format(ratio=self.limits.unpacking_ratio)
        return ""

    def _reason_of_room(self, entry: ZipInfo) -> str:
        if self.readable >= self.limits.parts:
            return _TOO_MANY
        if self.unpacked_bytes + entry.file_size > self.limits.unpacked_bytes:
            return _NO_ROOM.format(most=inside.size_in_words(self.limits.unpacked_bytes))
        return ""


def _is_rubbish(entry: ZipInfo) -> bool:
    return bool(_RUBBISH.search(entry.filename.replace("\\", "/")))


def _name(entry: ZipInfo) -> str:
    """The path without what would lead out of the archive."""
    steps = _DRIVE.sub("", _in_letters(entry).replace("\\", "/")).split("/")
    return inside.short_name("/".join(step for step in steps if step.strip() not in ("", ".", "..")))


def _in_letters(entry: ZipInfo) -> str:
    """Names that do not say they are UTF-8 often are, and those of Japanese systems are Shift-JIS."""
    if entry.flag_bits & _NAME_IS_UTF8:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "shift_jis"):
        try:
            name = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_japanese(name):
            return name
    return entry.filename


def _is_japanese(name: str) -> bool:
    """Whether letters beyond ASCII are all of Japanese; half-wide ones look the same in any other encoding."""
    odd = [letter for letter in name if not letter.isascii()]
    return bool(odd) and all("\u3000" <= letter <= "\u30ff" or "\u4e00" <= letter <= "\u9fff" for letter in odd)
