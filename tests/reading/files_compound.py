"""Small compound files (OLE): what Outlook messages and Office files before 2007 are inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from struct import pack
from typing import Union

_SECTOR = 512
_SMALL = 64
_SMALL_BELOW = 4_096
_NONE, _END, _FAT = 0xFFFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
Tree = Mapping[str, Union[bytes, "Tree"]]


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    child: int = _NONE
    right: int = _NONE
    start: int = _END


@dataclass
class _Room:
    """Sectors one after another, and which follows which."""

    size: int
    data: bytearray = field(default_factory=bytearray)
    chain: list[int] = field(default_factory=list)

    def put(self, data: bytes) -> int:
        """Where the data begins; nothing begins at the end."""
        if not data:
            return _END
        first, count = len(self.chain), -(-len(data) // self.size)
        self.data += data.ljust(count * self.size, b"\0")
        self.chain += [*range(first + 1, first + count), _END]
        return first


def compound(tree: Tree) -> bytes:
    """A compound file with these streams, and storages of streams."""
    entries = [_Entry("Root Entry", _ROOT)]
    _add(entries, 0, tree)
    room, small = _Room(_SECTOR), _Room(_SMALL)
    for entry in entries:
        if entry.kind == _STREAM:
            entry.start = (small if len(entry.data) < _SMALL_BELOW else room).put(entry.data)
    entries[0].data = bytes(small.data)
    entries[0].start = room.put(entries[0].data)
    small_fat = room.put(_numbers(small.chain))
    directory = room.put(b"".join(map(_described, entries)).ljust(_SECTOR, b"\0"))
    tables = -(-(len(room.chain) + 2) // (_SECTOR // 4 - 1))
    first_table = len(room.chain)
    chain = _numbers([*room.chain, *[_FAT] * tables]).ljust(tables * _SECTOR, b"\xff")
    header = pack("<8s16x5H6x8I", _MARK, 0x3E, 3, 0xFFFE, 9, 6, 0, tables, directory, 0, _SMALL_BELOW, small_fat,
                  -(-len(small.chain) // (_SECTOR // 4)), _END)  # fmt: skip
    header += pack("<I", 0) + _numbers(range(first_table, first_table + tables))
    return header.ljust(_SECTOR, b"\xff") + bytes(room.data) + chain


_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _add(entries: list[_Entry], parent: int, tree: Tree) -> None:
    before = _NONE
    for name, content in tree.items():
        place = len(entries)
        is_stream = isinstance(content, bytes)
        entries.append(_Entry(name, _STREAM if is_stream else _STORAGE, content if isinstance(content, bytes) else b""))
        if before == _NONE:
            entries[parent].child = place
        else:
            entries[before].right = place
        before = place
        if not isinstance(content, bytes):
            _add(entries, place, content)


def _numbers(numbers: Sequence[int] | range) -> bytes:
    return pack(f"<{len(numbers)}I", *numbers)


def _described(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    head = name.ljust(64, b"\0") + pack("<HBB3I", len(name), entry.kind, 1, _NONE, entry.right, entry.child)
    return head + bytes(36) + pack("<IQ", entry.start, len(entry.data))


_TEXT, _BINARY, _NUMBER, _MOMENT = 0x001F, 0x0102, 0x0003, 0x0040
_SUBJECT, _BODY, _PAGE, _SENDER, _ADDRESS, _SENT = 0x0037, 0x1000, 0x1013, 0x0C1A, 0x0C1F, 0x0039
_DATA, _FILENAME, _METHOD, _NAME, _SMTP = 0x3701, 0x3707, 0x3705, 0x3001, 0x39FE


def msg(
    *, subject: str = "", body: str = "", page: str = "", attachments: Mapping[str, bytes] | None = None, to: str = ""
) -> bytes:
    """An Outlook message from alice@example.org, sent on 1 May 2024 at noon."""
    attachments = attachments or {}
    said: dict[int, str | bytes | int] = {_SUBJECT: subject, _SENDER: "Alice", _ADDRESS: "alice@example.org"}
    said |= {_SENT: 133_590_384_000_000_000}
    said |= {_BODY: body} if body else {}
    said |= {_PAGE: page.encode()} if page else {}
    counts = pack("<8x4I8x", 1, len(attachments), int(bool(to)), len(attachments))
    tree: dict[str, bytes | Tree] = {"__nameid_version1.0": {}}
    if to:
        tree["__recip_version1.0_#00000000"] = _properties(bytes(8), {_NAME: "Bob", _SMTP: to})
    for number, (name, data) in enumerate(attachments.items()):
        tree[f"__attach_version1.0_#{number:08X}"] = _properties(bytes(8), {_FILENAME: name, _DATA: data, _METHOD: 1})
    return compound(tree | _properties(counts, said))


def _properties(head: bytes, said: Mapping[int, str | bytes | int]) -> dict[str, bytes | Tree]:
    table, streams = head, {}
    for number, value in said.items():
        if isinstance(value, int):
            table += pack("<HHIQ", _MOMENT if number == _SENT else _NUMBER, number, 6, value)
            continue
        kind = _TEXT if isinstance(value, str) else _BINARY
        data = value.encode("utf-16-le") if isinstance(value, str) else value
        table += pack("<HHIQ", kind, number, 6, len(data))
        streams[f"__substg1.0_{number:04X}{kind:04X}"] = data
    return {"__properties_version1.0": table, **streams}
