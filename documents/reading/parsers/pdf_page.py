"""One page of a PDF: its characters gathered into words and lines, placed as the page is shown."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import pypdfium2.raw as pdfium

from documents.reading.draft import clean
from documents.reading.layout import Line, PlacedWord

# pdfium puts this for a hyphen at a line's end, and leaves the line's end out. As text it gives U+FFFE instead.
_HYPHEN_AT_END = 0x02
_FIRST_HALF = 0xD800
_LINE_ENDS = frozenset({0x0A, 0x0D})
_SPACES = frozenset(code for code in range(0x3001) if code <= 0x20 or chr(code).isspace())
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"demi")
_FONT_NAME_BYTES = 128

# left, bottom, right, top in the page's own coordinates
Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The part of a page that is shown, and how it is turned (in quarter turns, clockwise)."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @classmethod
    def of(cls, page: Any) -> "Sheet":
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, (page.get_rotation() // 90) % 4)

    @property
    def width(self) -> float:
        return self._tall if self.turns % 2 else self._wide

    @property
    def height(self) -> float:
        return self._wide if self.turns % 2 else self._tall

    @property
    def _wide(self) -> float:
        return self.right - self.left

    @property
    def _tall(self) -> float:
        return self.top - self.bottom

    def placed(self, box: Rectangle) -> Rectangle:
        """The box as the page is shown: x0, y0, x1, y1 in points from the top left."""
        left, low, right, high = box
        x0, x1 = left - self.left, right - self.left
        y0, y1 = self.top - high, self.top - low
        if self.turns == 1:
            return self._tall - y1, x0, self._tall - y0, x1
        if self.turns == 2:
            return self._wide - x1, self._tall - y1, self._wide - x0, self._tall - y0
        if self.turns == 3:
            return y0, self._wide - x1, y1, self._wide - x0
        return x0, y0, x1, y1

    def fractions(self, word: PlacedWord) -> Rectangle | None:
        """The word's box in fractions of the page, cut at its edges; None when it stands wholly outside."""
        wide, tall = self.width, self.height
        if word.x1 < 0 or word.y1 < 0 or word.x0 > wide or word.y0 > tall:
            return None
        return _clamp(word.x0 / wide), _clamp(word.y0 / tall), _clamp(word.x1 / wide), _clamp(word.y1 / tall)


NO_SHEET = Sheet(0.0, 0.0, 0.0, 0.0, 0)


def _clamp(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 5)


def lines_of(page: Any, sheet: Sheet) -> Iterator[Line]:
    """The lines of the page, in the order of its content."""
    with closing(page.get_textpage()) as textpage:
        for raw_line in _raw_lines(textpage.raw):
            words = [word for raw in raw_line if (word := _word(raw, sheet)) is not None]
            if words:
                yield _line(textpage.raw, raw_line, words, sheet)


@dataclass(slots=True)
class _RawWord:
    """Characters with nothing between them: their codes, and the left, right, bottom and top edge of each in turn."""

    first: int
    glued: bool
    codes: list[int] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)

    def box(self) -> Rectangle:
        # Mirrored text has its edges the other way round.
        xs, ys = self.edges[0::4] + self.edges[1::4], self.edges[2::4] + self.edges[3::4]
        box = (min(xs), min(ys), max(xs), max(ys))
        return box if all(map(isfinite, box)) else (0.0, 0.0, 0.0, 0.0)

    def text(self) -> str:
        if max(self.codes) < _FIRST_HALF:
            text = "".join(map(chr, self.codes))
            return text if text.isprintable() else clean(text)
        # Characters beyond the first plane come as two halves.
        halves = "".join(chr(code) if code <= sys.maxunicode else "\ufffd" for code in self.codes)
        return clean(halves.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))


def _raw_lines(textpage: Any) -> Iterator[list[_RawWord]]:
    """The hot loop: two calls into pdfium for each character, everything else kept local."""
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetCharBox
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    edges = tuple(ctypes.byref(edge) for edge in (left, right, bottom, top))
    line: list[_RawWord] = []
    word: _RawWord | None = None
    glued = False
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = unicode_of(textpage, index)
        ends_line = code in _LINE_ENDS
        if code == _HYPHEN_AT_END and pdfium.FPDFText_IsHyphen(textpage, index) == 1:
            ends_line = glued = True
            code = 0 if _is_lower(unicode_of(textpage, index + 1)) else ord("-")
        if code not in _SPACES:
            if word is None:
                word = _RawWord(index, glued)
                line.append(word)
                glued = ends_line
            box_of(textpage, index, *edges)
            word.codes.append(code)
            word.edges += (left.value, right.value, bottom.value, top.value)
        elif not ends_line:
            word = None
        if ends_line:
            word = None
            if line:
                yield line
                line = []
    if line:
        yield line


def _is_lower(code: int) -> bool:
    """Whether a word goes on small after its hyphen: then the hyphen only divides it."""
    return code <= sys.maxunicode and chr(code).islower()


def _word(raw: _RawWord, sheet: Sheet) -> PlacedWord | None:
    text = raw.text()
    return PlacedWord(text, *sheet.placed(raw.box()), glued=raw.glued) if text else None


def _line(textpage: Any, raw_line: list[_RawWord], words: list[PlacedWord], sheet: Sheet) -> Line:
    """The line with the measures of its type, taken from its longest word."""
    longest = max(raw_line, key=lambda raw: len(raw.codes))
    _, top, _, base = sheet.placed(_type_box(textpage, longest))
    bold = _is_bold(textpage, raw_line[0].first) and _is_bold(textpage, raw_line[-1].first)
    return Line(tuple(words), base - top, base, bold)


def _type_box(textpage: Any, raw: _RawWord) -> Rectangle:
    """The height of the type itself, from below its g to above its h, whatever letters the word has."""
    box = pdfium.FS_RECTF()
    known = pdfium.FPDFText_GetLooseCharBox(textpage, raw.first, box)
    edges = (box.left, box.bottom, box.right, box.top)
    return edges if known and all(map(isfinite, edges)) and box.top > box.bottom else raw.box()


def _is_bold(textpage: Any, index: int) -> bool:
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    pdfium.FPDFText_GetFontInfo(textpage, index, name, _FONT_NAME_BYTES, None)
    return any(part in name.value.lower() for part in _BOLD_NAMES)
