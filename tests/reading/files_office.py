"""Small presentations and old Office files, made in code. The old ones are written as their specification has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from struct import pack
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pptx
from pptx.util import Inches

from tests.reading.files_compound import compound

VANISH, DELETED, BOLD, WHITE = b"\x3c\x08\x01", b"\x00\x08\x01", b"\x35\x08\x01", b"\x42\x2a\x08"
IN_TABLE, ROW_END, LISTED = b"\x16\x24\x01", b"\x17\x24\x01", b"\x0b\x46\x01\x00"
_TEXT_AT, _PAGE = 0x800, 512


@dataclass(frozen=True)
class Run:
    """Words of a .doc, and the bytes that say how they are set."""

    words: str
    setting: bytes = b""


@dataclass(frozen=True)
class Line:
    """A paragraph of a .doc: its runs, the number of its style, how it is set, and the mark it ends with."""

    runs: Sequence[Run]
    style: int = 0
    setting: bytes = b""
    mark: str = "\r"


def line(words: str, style: int = 0, setting: bytes = b"", mark: str = "\r") -> Line:
    return Line((Run(words),), style, setting, mark)


def row(*cells: str | Run) -> list[Line]:
    """A row of a table: its cells, then the mark of its end."""
    runs = [cell if isinstance(cell, Run) else Run(cell) for cell in cells]
    return [*(Line((run,), 0, IN_TABLE, "\x07") for run in runs), line("", 0, IN_TABLE + ROW_END, "\x07")]


def doc(
    *lines: Line, header: Sequence[Line] = (), footnotes: Sequence[Line] = (), flags: int = 0, magic: int = 0xA5EC
) -> bytes:
    """A Word 97 document: a header when there is one, the lines, then the footnotes."""
    stories = [list(lines), list(footnotes), list(header)]
    everything = [line for story in stories for line in story]
    text = "".join(run.words for line in everything for run in (*line.runs, Run(line.mark)))
    lengths = [sum(_units(run.words) for line in story for run in line.runs) + len(story) for story in stories]
    data = text.encode("utf-16-le")
    first_page = -(-(_TEXT_AT + len(data)) // _PAGE)
    end = _TEXT_AT + len(data)
    parts = {
        0xA2: _styles(),
        0xF2: pack("<14I", *[0] * 8, *[lengths[2]] * 6) if header else b"",
        0xFA: pack("<3I", _TEXT_AT, end, first_page),
        0x102: pack("<3I", _TEXT_AT, end, first_page + 1),
        0x1A2: b"\x02" + pack("<IIIHIH", 16, 0, _units(text), 0, _TEXT_AT, 0),
    }
    head = bytearray(_TEXT_AT)
    head[:12] = pack("<HH6xH", magic, 0xC1, 0x0200 | flags)
    head[0x4C:0x6C] = pack("<8I", *lengths, 0, 0, 0, 0, 0)
    table = b""
    for place, part in parts.items():
        head[place : place + 8] = pack("<II", len(table), len(part))
        table += part
    pages = _character_page(everything) + _paragraph_page(everything)
    document = (bytes(head) + data).ljust(first_page * _PAGE, b"\0") + pages
    return compound({"WordDocument": document, "1Table": table})


def _units(words: str) -> int:
    """How many characters the format counts."""
    return len(words.encode("utf-16-le")) // 2


def _styles() -> bytes:
    """Normal, and Heading 1 to 9 with their numbers."""
    return pack("<HH", 2, 10) + b"".join(pack("<HHH", 4, number, 0xFFF1) for number in range(10))


def _character_page(lines: Sequence[Line]) -> bytes:
    places, settings, place = [_TEXT_AT], [], _TEXT_AT
    for line in lines:
        for run in (*line.runs, Run(line.mark)):
            if run.words:
                place += 2 * _units(run.words)
                places.append(place)
                settings.append(bytes([len(run.setting)]) + run.setting if run.setting else b"")
    return _page(places, settings, entry_bytes=1)


def _paragraph_page(lines: Sequence[Line]) -> bytes:
    places, settings, place = [_TEXT_AT], [], _TEXT_AT
    for line in lines:
        place += 2 * (sum(_units(run.words) for run in line.runs) + 1)
        places.append(place)
        data = pack("<H", line.style) + line.setting
        settings.append(b"\0" + bytes([-(-len(data) // 2)]) + data.ljust(len(data) + len(data) % 2, b"\0"))
    return _page(places, settings, entry_bytes=13)


def _page(places: Sequence[int], settings: Sequence[bytes], *, entry_bytes: int) -> bytes:
    page = bytearray(_PAGE)
    page[: 4 * len(places)] = pack(f"<{len(places)}I", *places)
    page[-1] = len(settings)
    free = _PAGE - 1
    for number, setting in enumerate(settings):
        if setting:
            free = (free - len(setting)) // 2 * 2
            page[free : free + len(setting)] = setting
            page[4 * len(places) + number * entry_bytes] = free // 2
    return bytes(page)


@dataclass(frozen=True)
class Box:
    """A shape of a .ppt with words in it: 0 is a title, 1 a list, 2 notes, 4 anything, 6 the title of a title slide.

    Words that are `listed` stand in the list of slides, and the shape refers to them.
    """

    words: str
    kind: int = 4
    corner: tuple[int, int] | None = None
    listed: bool = False


@dataclass(frozen=True)
class Slide:
    """A slide of a .ppt; the boxes of `table` make one, by their corners (left, top)."""

    boxes: Sequence[Box] = ()
    table: Sequence[Box] = ()
    notes: str = ""
    hidden: bool = False


def ppt(*slides: Slide, locked: bool = False) -> bytes:
    """A PowerPoint 97 presentation."""
    shown = [_slide(slide, number) for number, slide in enumerate(slides, start=1)]
    spoken = [_record(0x03F0, _drawing((Box(slide.notes, 2),)), version=15) for slide in slides]
    lists = _slide_list(slides) + _notes_list(len(slides))
    data, places = b"", []
    for record in (_record(0x03E8, lists, version=15), *shown, *spoken):
        places.append(len(data))
        data += record
    directory = len(data)
    data += _record(0x1772, pack(f"<I{len(places)}I", len(places) << 20 | 1, *places))
    edit = len(data)
    data += _record(0x0FF5, pack("<IIIIII4x", 0, 0, 0, directory, 1, 0))
    token = 0xF3D1C4DF if locked else 0xE391C05F
    return compound({"PowerPoint Document": data, "Current User": _record(0x0FF6, pack("<III8x", 20, token, edit))})


def _record(kind: int, data: bytes, *, version: int = 0, instance: int = 0) -> bytes:
    return pack("<HHI", version | instance << 4, kind, len(data)) + data


def _slide(slide: Slide, number: int) -> bytes:
    atom = _record(0x03EF, pack("<12xIIHH", 0, 500 + number if slide.notes else 0, 0, 0))
    show = _record(0x03F9, pack("<IIBBH4x", 0, 0, 0, 0, 4 if slide.hidden else 0))
    return _record(0x03EE, atom + show + _drawing(slide.boxes, slide.table), version=15)


def _drawing(boxes: Sequence[Box], table: Sequence[Box] = ()) -> bytes:
    listed = [box for box in boxes if box.listed]
    shapes = b"".join(_shape(box, listed) for box in boxes)
    if table:
        frame = _record(0xF004, _record(0xF122, pack("<HI", 0x03A0, 0), version=3, instance=1), version=15)
        shapes += _record(0xF003, frame + b"".join(_shape(box, ()) for box in table), version=15)
    group = _record(0xF003, _record(0xF004, b"", version=15) + shapes, version=15)
    return _record(0x040C, _record(0xF002, group, version=15), version=15)


def _shape(box: Box, listed: Sequence[Box]) -> bytes:
    anchor = _record(0xF00F, pack("<iiii", *box.corner, 0, 0)) if box.corner else b""
    text = _record(0x0F9E, pack("<I", listed.index(box))) if box.listed else _text(box)
    return _record(0xF004, anchor + _record(0xF00D, text, version=15), version=15)


def _text(box: Box) -> bytes:
    return _record(0x0F9F, pack("<I", box.kind)) + _record(0x0FA0, box.words.encode("utf-16-le"))


def _slide_list(slides: Sequence[Slide]) -> bytes:
    data = b""
    for number, slide in enumerate(slides, start=1):
        data += _record(0x03F3, pack("<IIiI4x", number + 1, 0, 0, 255 + number))
        data += b"".join(_text(box) for box in slide.boxes if box.listed)
    return _record(0x0FF0, data, version=15)


def _notes_list(count: int) -> bytes:
    data = b"".join(_record(0x03F3, pack("<IIiI4x", count + n + 1, 0, 0, 500 + n)) for n in range(1, count + 1))
    return _record(0x0FF0, data, version=15, instance=2)


def pptx_bytes(presentation: Any) -> bytes:
    file = BytesIO()
    presentation.save(file)
    return file.getvalue()


def slide_with(presentation: Any, layout: int, title: str = "", *lines: str) -> Any:
    """A new slide with its title, and lines in its body."""
    slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
    if title:
        slide.shapes.title.text = title
    if lines:
        slide.placeholders[1].text = "\n".join(lines)
    return slide


def text_box(slide: Any, words: str, left: float = 1, top: float = 1) -> Any:
    """A box with words on the slide, inches from its corner."""
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1))
    box.text_frame.text = words
    return box


def talk() -> bytes:
    """A title slide, then a slide with a list and notes."""
    presentation = pptx.Presentation()
    slide_with(presentation, 0, "Our harbour", "A talk")
    slide = slide_with(presentation, 1, "Ships", "Sailing boats", "Ferries")
    slide.notes_slide.notes_text_frame.text = "Speak slowly here."
    return pptx_bytes(presentation)


def changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """An Office file in which one of its parts says something else."""
    made = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for member in source.namelist():
            part = source.read(member)
            target.writestr(member, part.replace(old, new) if member == name else part)
    return made.getvalue()
