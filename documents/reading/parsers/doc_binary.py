"""What the bytes of a .doc file say: its characters in their order, and how each of them and each paragraph is set.

The names are those of Microsoft's description of the format (MS-DOC). Characters are put together of pieces, which may
stand anywhere in the file; properties are kept by the place of the bytes they are about.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from documents.reading.draft import check_size
from documents.reading.limits import Limits
from documents.reading.parsers import ole

_WORD_97 = 0xA5EC
_WORD_95 = 0xA5DC
_ENCRYPTED = 0x0100
_SECOND_TABLE = 0x0200
_COMPRESSED = 0x40000000
# Where the header keeps how long each story is, and where the tables are.
_LENGTHS = 0x4C
_STYLES, _HEADERS, _CHARACTERS, _PARAGRAPHS, _PIECES = 0xA2, 0xF2, 0xFA, 0x102, 0x1A2
_FKP_BYTES = 512
STORIES = ("main", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header boxes")

# What is said of a character. White letters are hidden where nothing colours their ground.
HIDDEN, DELETED, BOLD, WHITE = 1, 2, 4, 8
_VANISH, _DELETION, _BOLD, _COLOUR, _COLOUR_INDEX, _SIZE = 0x083C, 0x0800, 0x0835, 0x6870, 0x2A42, 0x4A43
_SHADING = frozenset({0x4866, 0xCA71, 0x2A0C})
_PARAGRAPH_SHADING = frozenset({0x442D, 0xC64D})
# Switches are set outright, or against the style.
_ON = (b"\x01", b"\x81")
_IN_TABLE, _ROW_END, _LIST, _OUTLINE, _TABLE_HEADER = 0x2416, 0x2417, 0x460B, 0x2640, 0x3404
_OPERAND_BYTES = (1, 1, 2, 4, 2, 2, -1, 3)
_LONG_OPERAND = 0xD608
_HEADING_STYLES, _TITLE_STYLE, _LIST_STYLES = range(1, 10), 62, range(47, 62)


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters [start, end) of the text; they stand in the file from `offset` on, `width` bytes each."""

    start: int
    end: int
    offset: int
    width: int


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph is set. `level` is 1–6 for headings, else 0."""

    level: int = 0
    is_item: bool = False
    in_table: bool = False
    ends_row: bool = False
    is_table_header: bool = False
    is_coloured: bool = False


_PLAIN = Setting()


class Word97:
    """The text of a document with its properties; a character for each the format counts (two for a rare one)."""

    def __init__(self, document: bytes, table: bytes, limits: Limits) -> None:
        self._document, self._table = document, table
        self._pieces = list(_pieces(self._section(_PIECES)))
        check_size(max((piece.end for piece in self._pieces), default=0), limits.text_chars)
        self.text = "".join(_characters(document, piece) for piece in self._pieces)
        self.marks = self._marked()
        self._styles = list(_styles(self._section(_STYLES)))
        runs = sorted(self._runs(_PARAGRAPHS, _ParagraphPage))
        self._run_ends = [end for _, end, _ in runs]
        self._run_properties = [properties for _, _, properties in runs]
        self._piece_ends = [piece.end for piece in self._pieces]

    def story(self, name: str) -> tuple[int, int]:
        """Where a story of the document begins and ends."""
        lengths = struct.unpack_from(f"<{len(STORIES)}I", self._document, _LENGTHS)
        index = STORIES.index(name)
        start = sum(lengths[:index])
        return min(start, len(self.text)), min(start + lengths[index], len(self.text))

    def header_bounds(self) -> tuple[int, ...]:
        """Where each header and footer begins, counted in their story: six separators, then six for each section."""
        section = self._section(_HEADERS)
        return struct.unpack(f"<{len(section) // 4}I", section[: len(section) // 4 * 4])

    def setting(self, position: int) -> Setting:
        """How the paragraph is set whose mark stands at this position."""
        number = bisect_right(self._piece_ends, position)
        if number >= len(self._pieces):
            return _PLAIN
        piece = self._pieces[number]
        place = piece.offset + (position - piece.start) * piece.width
        run = bisect_right(self._run_ends, place)
        return self._read_setting(self._run_properties[run]) if run < len(self._run_properties) else _PLAIN

    def _section(self, pointer: int) -> bytes:
        start, length = struct.unpack_from("<II", self._document, pointer)
        return self._table[start : start + length]

    def _read_setting(self, properties: bytes) -> Setting:
        if len(properties) < 2:
            return _PLAIN
        level, is_item = self._style(int.from_bytes(properties[:2], "little"))
        told = dict(_sprms(properties[2:]))
        outline = told.get(_OUTLINE, b"\xff")[0]
        return Setting(
            level=min(outline + 1, 6) if outline < 9 else level if _OUTLINE not in told else 0,
            is_item=is_item or any(told.get(_LIST, b"")),
            in_table=any(told.get(_IN_TABLE, b"")),
            ends_row=any(told.get(_ROW_END, b"")),
            is_table_header=any(told.get(_TABLE_HEADER, b"")),
            is_coloured=bool(_PARAGRAPH_SHADING & told.keys()),
        )

    def _style(self, number: int) -> tuple[int, bool]:
        """The heading level of a style or of one it is made from, and whether it is that of a list."""
        for _ in range(10):
            kind, parent = self._styles[number] if number < len(self._styles) else (0xFFF, 0xFFF)
            if kind in _HEADING_STYLES or kind == _TITLE_STYLE:
                return (min(kind, 6) if kind != _TITLE_STYLE else 1), False
            if kind in _LIST_STYLES:
                return 0, True
            number = parent
        return 0, False

    def _marked(self) -> bytearray:
        """For each character whether it is hidden, deleted or bold."""
        marks = bytearray(len(self.text))
        runs = sorted(
            (start, end, flags) for start, end, data in self._runs(_CHARACTERS, _Page) if (flags := _flags(data))
        )
        starts = [start for start, _, _ in runs]
        for piece in self._pieces:
            until = piece.offset + (piece.end - piece.start) * piece.width
            first = max(bisect_right(starts, piece.offset) - 1, 0)
            for start, end, flags in runs[first : bisect_right(starts, until)]:
                low = max(start - piece.offset, 0) // piece.width + piece.start
                high = min(max(end - piece.offset, 0) // piece.width + piece.start, piece.end)
                if low < high:
                    marks[low:high] = bytes([flags]) * (high - low)
        return marks

    def _runs(self, pointer: int, page: "type[_Page]") -> Iterator[tuple[int, int, bytes]]:
        """From which byte to which byte the same properties hold, and these."""
        plc = self._section(pointer)
        count = max(len(plc) - 4, 0) // 8
        for (number,) in struct.iter_unpack("<I", plc[4 + 4 * count : 4 + 8 * count]):
            start = (number & 0x3FFFFF) * _FKP_BYTES
            yield from page(self._document[start : start + _FKP_BYTES]).runs()


class _Page:
    """Reads a page of properties: from where to where, and behind these the places of the properties themselves."""

    entry_bytes = 1

    def __init__(self, page: bytes) -> None:
        self._page = page

    def runs(self) -> Iterator[tuple[int, int, bytes]]:
        page = self._page
        if len(page) < _FKP_BYTES:
            return
        count = min(page[-1], (_FKP_BYTES - 5) // (4 + self.entry_bytes))
        places = struct.unpack_from(f"<{count + 1}I", page)
        for number in range(count):
            offset = 2 * page[4 * (count + 1) + number * self.entry_bytes]
            yield places[number], places[number + 1], self.properties(offset) if offset else b""

    def properties(self, offset: int) -> bytes:
        return self._page[offset + 1 : offset + 1 + self._page[offset]]


class _ParagraphPage(_Page):
    entry_bytes = 13

    def properties(self, offset: int) -> bytes:
        words = self._page[offset]
        if words:
            return self._page[offset + 1 : offset + 2 * words]
        return self._page[offset + 2 : offset + 2 + 2 * self._page[offset + 1]]


def check(document: bytes) -> None:
    """Refuses what is no Word document, or a locked one."""
    if len(document) < 0x200 or int.from_bytes(document[:2], "little") not in (_WORD_97, _WORD_95):
        raise ole.damaged("no Word header")
    if int.from_bytes(document[0x0A:0x0C], "little") & _ENCRYPTED:
        raise ole.locked()


def is_word_95(document: bytes) -> bool:
    return int.from_bytes(document[:2], "little") == _WORD_95


def table_stream(document: bytes) -> str:
    """The name of the stream where this document keeps its tables."""
    return "1Table" if int.from_bytes(document[0x0A:0x0C], "little") & _SECOND_TABLE else "0Table"


def word_95_text(document: bytes) -> str:
    """The characters of a document from before Word 97, where they stand in one piece."""
    start, end = struct.unpack_from("<II", document, 0x18)
    return document[start:end].decode("cp1252", errors="replace")


def _pieces(clx: bytes) -> Iterator[Piece]:
    position = 0
    while position + 3 <= len(clx) and clx[position] == 1:
        position += 3 + int.from_bytes(clx[position + 1 : position + 3], "little")
    (length,) = struct.unpack_from("<I", clx, position + 1)
    plc = clx[position + 5 : position + 5 + length]
    count = max(len(plc) - 4, 0) // 12
    places = struct.unpack_from(f"<{count + 1}I", plc)
    for number in range(count):
        (offset,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)
        if places[number] < places[number + 1]:
            if offset & _COMPRESSED:
                yield Piece(places[number], places[number + 1], (offset & ~_COMPRESSED) // 2, 1)
            else:
                yield Piece(places[number], places[number + 1], offset, 2)


def _characters(document: bytes, piece: Piece) -> str:
    """As many characters as the piece counts; halves of a pair stay apart, so that places keep their meaning."""
    count = piece.end - piece.start
    data = document[piece.offset : piece.offset + count * piece.width]
    if piece.width == 1:
        return data.decode("cp1252", errors="replace").ljust(count, "\x00")
    return "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2]))).ljust(count, "\x00")


def _sprms(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The single properties of a list of them, with their values."""
    position = 0
    while position + 2 < len(data):
        code = int.from_bytes(data[position : position + 2], "little")
        position += 2
        size = _OPERAND_BYTES[code >> 13]
        if code == _LONG_OPERAND:
            size = int.from_bytes(data[position : position + 2], "little") + 1
        elif size < 0:
            size = data[position] + 1
        yield code, data[position : position + size] or b"\x00"
        position += size


def _flags(data: bytes) -> int:
    told = dict(_sprms(data))
    white = told.get(_COLOUR, b"")[:3] == b"\xff\xff\xff" or told.get(_COLOUR_INDEX) == b"\x08"
    size = int.from_bytes(told.get(_SIZE, b"\xff"), "little")
    unseen = told.get(_VANISH) in _ON or 0 < size < 4
    white = white and not _SHADING & told.keys()
    deleted = told.get(_DELETION) in _ON
    return HIDDEN * unseen | DELETED * deleted | BOLD * (told.get(_BOLD) in _ON) | WHITE * white


def _styles(sheet: bytes) -> Iterator[tuple[int, int]]:
    """For each style by its number what it is built in as, and the style it is made from."""
    if len(sheet) < 4:
        return
    position = 2 + int.from_bytes(sheet[:2], "little")
    while position + 2 <= len(sheet):
        length = int.from_bytes(sheet[position : position + 2], "little")
        style = sheet[position + 2 : position + 2 + length]
        kind, parent = struct.unpack_from("<HH", style) if len(style) >= 4 else (0xFFF, 0xFFFF)
        yield kind & 0xFFF, parent >> 4
        position += 2 + length + length % 2
