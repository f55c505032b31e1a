"""What the ZIP holds: originals, their texts, every table, and sums to check them by."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.models import BigIntegerField, Func
from django.utils import timezone

from accounts.models import User
from documents import files
from documents.models import Document
from documents.packing import Names, Packer, gathered
from documents.takeout.tables import DOCUMENTS, LEFT_OUT, PROFILE, TABLES, Table, filled, rows, use_a_live_connection

FORMAT = 1
# Texts are read together up to this much; a larger one by itself.
TOGETHER_BYTES, TOGETHER = 8 * 1024 * 1024, 20

README = """This is all that Glossa kept for {email} on {day}.

originals/        the files as they were put in
documents/        of each: its title, its text, its pages, tags and collections, as JSON
profile.json      your account
{tables}
manifest.json     every file here with its size and SHA-256, and originals that were missing on the server
SHA256SUMS        the same for `sha256sum -c SHA256SUMS`

Places in a text (`start`, `end`) count Unicode code points of `content`. Moments are in UTC.

Left out:
{left_out}
"""


def pack(person: User) -> Iterator[bytes]:
    """The ZIP, piece by piece, as it is asked for."""
    return gathered(_pieces(person, timezone.now()))


def _pieces(person: User, now: datetime) -> Iterator[bytes]:
    packer, missing = Packer(now), list[dict[str, str]]()
    yield from packer.add("README.txt", [_readme(person, now)])
    yield from packer.add("profile.json", (_json(row) for row in rows(PROFILE, person.pk)))
    yield from _documents(person, packer, missing)
    for table in TABLES:
        yield from packer.add(f"{table.name}.json", _array(table, person))
    yield from packer.add("manifest.json", [_manifest(person, now, packer, missing)])
    sums = "".join(f"{entry.sha256}  {entry.path}\n" for entry in packer.entries)
    yield from packer.add("SHA256SUMS", [sums.encode()])
    yield from packer.end()


def _documents(person: User, packer: Packer, missing: list[dict[str, str]]) -> Iterator[bytes]:
    names = Names()
    for keys in _portions(person):
        for row in _rows_of(keys):
            original, name = files.opened(row.pop("file")), names.take(row["filename"] or row["title"])
            row["original"] = f"originals/{name}" if original else None
            if original:
                yield from packer.add(f"originals/{name}", files.pieces(original), is_packed=True)
            else:
                missing.append({"document": str(row["id"]), "filename": row["filename"]})
            yield from packer.add(f"documents/{name}.json", [_json(row)])


def _portions(person: User) -> Iterator[list[UUID]]:
    """Their ids, as many together as their texts fit into memory."""
    size = Func("content", function="octet_length", output_field=BigIntegerField())
    found: list[tuple[UUID, int]] = []
    last: dict[str, UUID] = {}
    while True:
        use_a_live_connection()
        hers = Document.objects.filter(owner=person, **last).order_by("pk")
        found = list(hers.annotate(bytes=size).values_list("pk", "bytes")[: DOCUMENTS.at_once])
        yield from _together(found)
        if len(found) < DOCUMENTS.at_once:
            return
        last = {"pk__gt": found[-1][0]}


def _together(found: Iterable[tuple[UUID, int]]) -> Iterator[list[UUID]]:
    keys: list[UUID] = []
    held = 0
    for key, size in found:
        if keys and (held + size > TOGETHER_BYTES or len(keys) == TOGETHER):
            yield keys
            keys, held = [], 0
        keys.append(key)
        held += size
    if keys:
        yield keys


def _rows_of(keys: list[UUID]) -> Iterable[dict[str, Any]]:
    found = Document.objects.filter(pk__in=keys).order_by("pk").values(*DOCUMENTS.columns, "file")
    return filled(DOCUMENTS, list(found))


def _array(table: Table, person: User) -> Iterator[bytes]:
    """A list with one row after the other, which is never whole in memory."""
    before = b"[\n"
    for row in rows(table, person.pk):
        yield before + _json(row)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _json(row: Any) -> bytes:
    return orjson.dumps(row, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)


def _readme(person: User, now: datetime) -> bytes:
    tables = "\n".join(f"{table.name + '.json':17} {', '.join(_holds(table))}" for table in TABLES)
    left_out = "\n".join(f"- {label.split('.')[1]}: {reason}" for label, reason in LEFT_OUT.items())
    return README.format(email=person.email, day=f"{now:%Y-%m-%d}", tables=tables, left_out=left_out).encode()


def _holds(table: Table) -> list[str]:
    return [table.name, *(inner for child in table.within for inner in _holds(child))]


def _manifest(person: User, now: datetime, packer: Packer, missing: list[dict[str, str]]) -> bytes:
    told = {
        "format": FORMAT,
        "account": person.email,
        "made_at": now.isoformat(timespec="seconds"),
        "files": [{"path": one.path, "bytes": one.size, "sha256": one.sha256} for one in packer.entries],
        "missing_originals": missing,
        "left_out": LEFT_OUT,
    }
    return json.dumps(told, indent=2, ensure_ascii=False).encode()
