"""Many originals in one ZIP with a list of them, made while it is sent: no more than a piece is ever in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils import timezone

from documents import files, tables
from documents.models import Document
from documents.models.document import DocumentQuerySet
from documents.packing import Names, Packer, gathered

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


@dataclass(frozen=True, slots=True)
class Item:
    """An original, and what the list says of it."""

    stored: str
    filename: str
    told: dict[str, Any]


def items(documents: DocumentQuerySet) -> list[Item]:
    """What is packed of these. Read before anything is sent: the pieces are made in many threads, and a connection to
    the database belongs to one."""
    rows = documents.only(*_COLUMNS).prefetch_related("tags", "collections")
    return [Item(one.file_name, one.filename, _told(one)) for one in rows]


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
    return gathered(_pieces(chosen))


def _pieces(chosen: Sequence[Item]) -> Iterator[bytes]:
    packer, names = Packer(timezone.now()), Names()
    rows: list[dict[str, Any]] = []
    for item in chosen:
        place, original = MISSING, files.opened(item.stored)
        if original:
            place = f"{FOLDER}/{names.take(item.filename)}"
            yield from packer.add(place, files.pieces(original), is_packed=True)
        rows.append({"file": place} | item.told)
    yield from packer.add("documents.json", [orjson.dumps(rows, option=orjson.OPT_INDENT_2)])
    yield from packer.add("documents.csv", [_as_csv(rows)])
    yield from packer.end()


def _as_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    head = list(rows[0]) if rows else []
    return tables.as_csv([head, *([_cell(value) for value in row.values()] for row in rows)])


def _cell(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value
