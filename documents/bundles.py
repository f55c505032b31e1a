"""Many originals in one ZIP with a list of them, made while it is sent: no more than a piece is ever in memory."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

import orjson

from documents import files, tables
from documents.models import Document
from documents.models.document import DocumentQuerySet

PIECE_BYTES = 256 * 1024
FOLDER = "originals"
MISSING = "The original is missing on the server."
_COLUMNS = (
    "title",
    "filename",
    "file",
    "media_type",
    "size",
    "sha256",
    "status",
    "language",
    "page_count",
    "created_at",
)
_LONGEST_NAME = 120
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
# Names that Windows gives to devices, whatever follows the dot.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_ZIP64_BYTES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Item:
    """An original, and what the list says of it."""

    stored: str
    filename: str
    added_at: datetime
    told: dict[str, Any]


def items(documents: DocumentQuerySet) -> list[Item]:
    """What is packed of these. Read before anything is sent: the pieces are made in many threads, and a connection to
    the database belongs to one."""
    rows = documents.only(*_COLUMNS).prefetch_related("tags", "collections")
    return [Item(one.file_name, one.filename, one.created_at, _told(one)) for one in rows]


def _told(document: Document) -> dict[str, Any]:
    return {
        "id": str(document.pk),
        "title": document.title,
        "filename": document.filename,
        "media_type": document.media_type,
        "bytes": document.size,
        "sha256": document.sha256,
        "status": document.status,
        "language": document.language,
        "pages": document.page_count,
        "tags": sorted(tag.name for tag in document.tags.all()),
        "collections": sorted(one.name for one in document.collections.all()),
        "added_at": document.created_at.isoformat(),
    }


def pieces(chosen: Sequence[Item]) -> Iterator[bytes]:
    """The ZIP: the originals, then documents.json and documents.csv."""
    sink = _Sink()
    rows: list[dict[str, Any]] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for item, name in zip(chosen, names([one.filename for one in chosen]), strict=True):
            path = files.path(item.stored)
            if path.is_file():
                yield from _packed(
                    archive, sink, path, zipfile.ZipInfo(f"{FOLDER}/{name}", item.added_at.timetuple()[:6])
                )
                rows.append({"file": f"{FOLDER}/{name}"} | item.told)
            else:
                rows.append({"file": MISSING} | item.told)
        archive.writestr("documents.json", orjson.dumps(rows, option=orjson.OPT_INDENT_2))
        archive.writestr("documents.csv", _as_csv(rows))
        yield sink.taken()
    yield sink.taken()


def _packed(archive: zipfile.ZipFile, sink: "_Sink", path: Path, info: zipfile.ZipInfo) -> Iterator[bytes]:
    large = path.stat().st_size > _ZIP64_BYTES
    with path.open("rb") as original, archive.open(info, "w", force_zip64=large) as packed:
        while piece := original.read(PIECE_BYTES):
            packed.write(piece)
            yield sink.taken()


def _as_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    head = list(rows[0]) if rows else []
    return tables.as_csv([head, *([_cell(value) for value in row.values()] for row in rows)])


def _cell(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def names(given: Sequence[str]) -> list[str]:
    """File names that every system can hold, no two of them alike to any of them."""
    taken: set[str] = set()
    used: Counter[str] = Counter()
    made = []
    for name in map(clean, given):
        free = name
        while free.casefold() in taken:
            used[name.casefold()] += 1
            free = _numbered(name, used[name.casefold()] + 1)
        taken.add(free.casefold())
        made.append(free)
    return made


def _numbered(name: str, number: int) -> str:
    path = PurePath(name)
    return f"{path.stem} ({number}){path.suffix}"


def clean(name: str) -> str:
    """The name without what could be a path, a device or a hidden file."""
    flat = "".join(sign if sign.isprintable() else "_" for sign in _UNFIT.sub("_", name))
    flat = flat.strip(" .") or "document"
    if _DEVICES.match(flat):
        flat = f"_{flat}"
    suffix = PurePath(flat).suffix[:16]
    return flat if len(flat) <= _LONGEST_NAME else flat[: _LONGEST_NAME - len(suffix)].rstrip(" .") + suffix


class _Sink(io.RawIOBase):
    """What was written since it was last taken."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.held.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        whole = b"".join(self.held)
        self.held.clear()
        return whole
