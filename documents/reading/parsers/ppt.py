"""PowerPoint presentations of 1997 to 2003: each slide with its tables, then what the speaker noted.

The file is a heap of records, some of them saved several times. A directory says which of them count; the names are
those of Microsoft's description of the format (MS-PPT).
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from documents.reading.draft import Draft, table_row
from documents.reading.errors import NO_TEXT, Code, UnreadableFile
from documents.reading.items import Expected, Item, Title
from documents.reading.limits import Limits
from documents.reading.parsers import ole, slides
from documents.values import BlockKind, Leaf

_EDIT, _DIRECTORY, _PERSIST, _SLIDE_LIST = 0x0FF5, 0x1772, 0x03F3, 0x0FF0
_SLIDE_ATOM, _SHOW_ATOM, _DRAWING = 0x03EF, 0x03F9, 0x040C
_TEXT_KIND, _TEXT_WIDE, _TEXT_NARROW, _TEXT_REFERENCE = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E
_GROUP, _SHAPE, _SHAPE_TEXT, _CHILD_ANCHOR, _MORE_PROPERTIES = 0xF003, 0xF004, 0xF00D, 0xF00F, 0xF122
_TABLE_PROPERTY = 0x03A0
_LOCKED_USER = b"\xdf\xc4\xd1\xf3"
_SLIDES, _NOTES = 0, 2
_TITLES = {6: 1, 0: 2}
_BODIES = frozenset({1, 7, 8})
# Stands for the number of the slide, the date or the footer.
_STAND_IN = "*"
_MOST_EDITS = 10_000


@dataclass(frozen=True, slots=True)
class Record:
    """A record: its kind, and where its contents begin and end."""

    kind: int
    instance: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """Words of one shape, and what kind of text they are."""

    words: str
    kind: int

    @property
    def paragraphs(self) -> list[str]:
        return [words for words in self.words.split("\r") if words.strip() not in ("", _STAND_IN)]


@dataclass(slots=True)
class Listed:
    """A slide as the document lists it: its number in the directory, its own number, and the texts kept in the list."""

    persist: int
    number: int
    texts: list[Text] = field(default_factory=list)


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    with ole.container(path) as opened:
        if ole.stream(opened, "Current User")[12:16] == _LOCKED_USER:
            raise ole.locked()
        data, user = ole.stream(opened, "PowerPoint Document"), ole.stream(opened, "Current User")
        title = ole.title(opened)
    try:
        presentation = _Presentation(data, user)
    except (struct.error, KeyError, IndexError) as error:
        raise ole.damaged(type(error).__name__) from error
    _check_number(len(presentation.slides), limits)
    yield Expected(len(presentation.slides))
    naming = slides.Naming()
    for number, slide in enumerate(presentation.slides, start=1):
        yield naming.seen(presentation.leaf(slide, number, Draft(limits)))
    hidden = [number for number, slide in enumerate(presentation.slides, start=1) if presentation.is_hidden(slide)]
    if hidden:
        yield slides.hidden_note(hidden)
    yield Title(naming.title(title))


def _check_number(count: int, limits: Limits) -> None:
    if not count:
        raise UnreadableFile(Code.NO_TEXT, NO_TEXT)
    if count > limits.pages:
        raise UnreadableFile(
            Code.TOO_MANY_PAGES,
            f"This presentation has {count:,} slides; up to {limits.pages:,} are read. Split it and upload the parts.",
        )


class _Presentation:
    """The slides of a presentation in their order, and how to read each."""

    def __init__(self, data: bytes, user: bytes) -> None:
        self._data = data
        (edit,) = struct.unpack_from("<I", user, 16)
        document, self._places = _directory(data, edit)
        lists = {
            record.instance: list(self._listed(record))
            for record in _children(data, *_extent(data, self._places[document]))
            if record.kind == _SLIDE_LIST
        }
        self.slides = lists.get(_SLIDES, [])
        self._notes = {notes.number: notes for notes in lists.get(_NOTES, [])}

    def leaf(self, slide: Listed, number: int, draft: Draft) -> Leaf:
        texts = list(self._texts(slide))
        # The title stands first, wherever it was drawn.
        for text in sorted(texts, key=lambda text: isinstance(text, list) or text.kind not in _TITLES):
            _write(text, draft)
        notes = self._notes.get(self._atom(slide, _SLIDE_ATOM, 16))
        spoken = [text for text in self._texts(notes) if isinstance(text, Text)] if notes else []
        spoken = [text for text in spoken if text.kind == _NOTES and text.paragraphs]
        if spoken:
            draft.add("Notes", BlockKind.HEADING, slides.NOTES_LEVEL)
        for text in spoken:
            _write(text, draft)
        return draft.leaf(number, label=slides.label(number))

    def is_hidden(self, slide: Listed) -> bool:
        return bool(self._atom(slide, _SHOW_ATOM, 10) & 0x4)

    def _extent(self, slide: Listed) -> tuple[int, int]:
        place = self._places.get(slide.persist, len(self._data))
        return _extent(self._data, place) if place + 8 <= len(self._data) else (0, 0)

    def _atom(self, slide: Listed, kind: int, offset: int) -> int:
        """A number that an atom of the slide tells; 0 without one."""
        for record in _children(self._data, *self._extent(slide)):
            if record.kind == kind:
                return int.from_bytes(
                    self._data[record.start + offset : min(record.start + offset + 4, record.end)], "little"
                )
        return 0

    def _listed(self, record: Record) -> Iterator[Listed]:
        slide: Listed | None = None
        kind = -1
        for child in _children(self._data, record.start, record.end):
            contents = self._data[child.start : child.end]
            if child.kind == _PERSIST:
                if slide:
                    yield slide
                persist, _, _, number = struct.unpack_from("<IIiI", contents)
                slide = Listed(persist, number)
            elif child.kind == _TEXT_KIND:
                kind = int.from_bytes(contents[:4], "little")
            elif slide and child.kind in (_TEXT_WIDE, _TEXT_NARROW):
                slide.texts.append(Text(_decoded(child.kind, contents), kind))
        if slide:
            yield slide

    def _texts(self, slide: Listed) -> Iterator[Text | list[list[str]]]:
        """What is written on the slide, in the order of its drawing; a table as its rows."""
        unused = dict(enumerate(slide.texts))
        for record in _children(self._data, *self._extent(slide)):
            if record.kind == _DRAWING:
                for drawing in _children(self._data, record.start, record.end):
                    yield from self._drawn(drawing, slide.texts, unused)
        yield from unused.values()

    def _drawn(
        self, group: Record, listed: Sequence[Text], unused: dict[int, Text]
    ) -> Iterator[Text | list[list[str]]]:
        records = list(_children(self._data, group.start, group.end))
        if group.kind == _GROUP and self._is_table(records):
            yield _rows((self._corner(record), self._text(record, listed, unused)) for record in records[1:])
            return
        for record in records:
            if record.kind == _GROUP:
                yield from self._drawn(record, listed, unused)
            elif record.kind == _SHAPE and (text := self._text(record, listed, unused)):
                yield text

    def _is_table(self, records: Sequence[Record]) -> bool:
        """The first shape of a group stands for the group, and tells how high the rows of a table are."""
        if not records or records[0].kind != _SHAPE:
            return False
        return any(
            _TABLE_PROPERTY in _properties(self._data[record.start : record.end], record.instance)
            for record in _children(self._data, records[0].start, records[0].end)
            if record.kind == _MORE_PROPERTIES
        )

    def _corner(self, shape: Record) -> tuple[int, int]:
        """From the top, from the left."""
        for record in _children(self._data, shape.start, shape.end):
            if record.kind == _CHILD_ANCHOR and record.end - record.start >= 8:
                left, top = struct.unpack_from("<ii", self._data, record.start)
                return top, left
        return 0, 0

    def _text(self, shape: Record, listed: Sequence[Text], unused: dict[int, Text]) -> Text | None:
        kind = -1
        for box in _children(self._data, shape.start, shape.end):
            for record in _children(self._data, box.start, box.end) if box.kind == _SHAPE_TEXT else ():
                contents = self._data[record.start : record.end]
                if record.kind == _TEXT_KIND:
                    kind = int.from_bytes(contents[:4], "little")
                elif record.kind in (_TEXT_WIDE, _TEXT_NARROW):
                    return Text(_decoded(record.kind, contents), kind)
                elif record.kind == _TEXT_REFERENCE:
                    index = int.from_bytes(contents[:4], "little")
                    unused.pop(index, None)
                    return listed[index] if index < len(listed) else None
        return None


def _directory(data: bytes, edit: int) -> tuple[int, Mapping[int, int]]:
    """The number of the document, and where each numbered record was saved last."""
    places: dict[int, int] = {}
    document, edits = 0, 0
    while edit and edits < _MOST_EDITS:
        start, _ = _extent(data, edit)
        before, directory, persist = struct.unpack_from("<III", data, start + 8)
        document = document or persist
        for number, place in _directory_entries(data, *_extent(data, directory)):
            places.setdefault(number, place)
        edit, edits = (before if before < edit else 0), edits + 1
    return document, places


def _directory_entries(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start + 4 <= end:
        (entry,) = struct.unpack_from("<I", data, start)
        first, count = entry & 0xFFFFF, min(entry >> 20, (end - start) // 4 - 1)
        yield from enumerate(struct.unpack_from(f"<{count}I", data, start + 4), start=first)
        start += 4 + 4 * count


def _extent(data: bytes, place: int) -> tuple[int, int]:
    """Where the contents of the record begin and end that stands there."""
    (length,) = struct.unpack_from("<I", data, place + 4)
    return place + 8, min(place + 8 + length, len(data))


def _children(data: bytes, start: int, end: int) -> Iterator[Record]:
    while start + 8 <= end:
        head, kind, length = struct.unpack_from("<HHI", data, start)
        yield Record(kind, head >> 4, start + 8, min(start + 8 + length, end))
        start += 8 + length


def _properties(data: bytes, count: int) -> set[int]:
    """The numbers of the properties of a shape."""
    entries = struct.iter_unpack("<HI", data[: min(count, len(data) // 6) * 6])
    return {number & 0x3FFF for number, _ in entries}


def _decoded(kind: int, contents: bytes) -> str:
    words = contents.decode("utf-16-le", "replace") if kind == _TEXT_WIDE else contents.decode("latin-1")
    return words.replace("\x0b", "\n")


def _rows(cells: Iterator[tuple[tuple[int, int], Text | None]]) -> list[list[str]]:
    """Cells by their corners: those of one row stand at one height."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for (top, left), text in cells:
        if text:
            rows.setdefault(top, []).append((left, " ".join(" ".join(text.paragraphs).split())))
    return [[words for _, words in sorted(rows[top])] for top in sorted(rows)]


def _write(text: Text | list[list[str]], draft: Draft) -> None:
    if isinstance(text, list):
        for row in text:
            draft.add(table_row((), row), BlockKind.TABLE_ROW if len(row) > 1 else BlockKind.PARAGRAPH)
        return
    paragraphs = text.paragraphs
    if text.kind in _TITLES:
        draft.add(" ".join(" ".join(paragraphs).split()), BlockKind.HEADING, _TITLES[text.kind])
        return
    is_list = text.kind in _BODIES and len(paragraphs) > 1
    for paragraph in paragraphs:
        draft.add(paragraph, BlockKind.LIST_ITEM if is_list else BlockKind.PARAGRAPH)
