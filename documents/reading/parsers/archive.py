"""Archives (ZIP): a list of what is inside, and each file that can be read as a document of its own."""

import re
import stat
from collections.abc import Iterator
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
_TOO_LARGE = "It is too large to be read out of an archive. Unpack it and upload it by itself."
_TOO_MANY = "There are more files in the archive than are read out of one. Unpack it and upload the rest."


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    entries = [entry for entry in archives.entries(path, limits) if not entry.is_dir() and not _is_rubbish(entry)]
    if not entries:
        raise UnreadableFile(Code.EMPTY_FILE, "There are no files in this archive. Check that it is the right one.")
    draft = Draft(limits)
    for entry in entries:
        draft.add(f"{_name(entry)} — {inside.size_in_words(entry.file_size)}", BlockKind.LIST_ITEM)
    yield draft.leaf()
    readable = 0
    with ZipFile(path) as archive:
        for entry in entries:
            part, data = _part(archive, entry, _TOO_MANY if readable >= limits.parts else "")
            yield part
            if not part.reason:
                readable += 1
                yield from inside.pieces(data)


def _part(archive: ZipFile, entry: ZipInfo, reason: str) -> tuple[Part, bytes]:
    """The member as a part, and its contents where it can be read."""
    name = _name(entry)
    reason = reason or _reason_against(entry)
    if reason:
        return Part(name, entry.file_size, reason=reason), b""
    try:
        data = archive.read(entry)
    except NotImplementedError:
        return Part(name, entry.file_size, reason=_ODDLY_PACKED), b""
    except archives.BROKEN:
        return Part(name, entry.file_size, reason=_TORN), b""
    return inside.part(name, data, archives=False), data


def _reason_against(entry: ZipInfo) -> str:
    if archives.is_locked(entry):
        return _LOCKED
    if stat.S_ISLNK(entry.external_attr >> 16):
        return _LINK
    return _TOO_LARGE if entry.file_size > _LARGEST_IN_MEMORY_BYTES else ""


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
