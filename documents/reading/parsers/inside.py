"""Files inside of a file: each as a part, and its contents where it can be read as a document of its own."""

from collections.abc import Iterator

from documents.reading.draft import one_line
from documents.reading.errors import UnreadableFile
from documents.reading.items import PIECE_BYTES
from documents.reading.parsers.registry import ZIP
from documents.reading.sniffing import sniff_bytes, without_list
from documents.values import Part

NESTED = "An archive inside an archive is not opened. Unpack it and upload what is in it."
EMPTY = "It is empty."
_LONGEST_ENDING = 12


def part(name: str, data: bytes, *, archives: bool) -> Part:
    """The file as a part, with the reason when it cannot be read; `archives` says whether a ZIP may be opened here."""
    name = short_name(name)
    if not data:
        return Part(name, 0, reason=EMPTY)
    try:
        format_ = sniff_bytes(data, name).format
    except UnreadableFile as error:
        return Part(name, len(data), reason=without_list(error))
    if format_ is ZIP and not archives:
        return Part(name, len(data), reason=NESTED)
    return Part(name, len(data), format_.media_type)


def pieces(data: bytes) -> Iterator[bytes]:
    yield from (data[start : start + PIECE_BYTES] for start in range(0, len(data), PIECE_BYTES))


def short_name(name: str) -> str:
    """The name in one line; a very long one is cut in the middle, so that it keeps its ending."""
    words = " ".join(name.split())
    if len(words) > 200:
        stem, dot, ending = words.rpartition(".")
        words = f"{stem[:180]}…{dot}{ending}" if dot and len(ending) <= _LONGEST_ENDING else f"{words[:199]}…"
    return one_line(words) or "file"


def size_in_words(size: int) -> str:
    """As people say it: "34 KB"."""
    amount = float(size)
    for unit in ("bytes", "KB", "MB"):
        if amount < 1_000:
            return f"{amount:.0f} {unit}" if amount >= 10 or unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1_000
    return f"{amount:.1f} GB"
