"""The text layer of a page, told apart into what a reader of the page can see and what not.

Hidden are words drawn in no colour (render mode 3, or 7 and nothing to see), in white on white or transparent, smaller
than 2 points, or outside of the shown page. One exception: a scan with a text layer laid invisibly over its picture was
recognised elsewhere. There, words with ink beneath them are the page's text (PageKind.OCR, how sure is not known), and
only those without are hidden.
"""

import ctypes
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from documents.reading.layout import Line, PlacedWord
from documents.reading.parsers.pdf_characters import RawWord, raw_lines, turns_of
from documents.reading.parsers.pdf_page import Rectangle, Sheet
from documents.values import PageKind

# Type of 2 points, from below its g to above its h.
_SMALLEST = 2.2
_NEARLY_WHITE = 0xF0
_NEARLY_CLEAR = 0x08
# Gray values so far apart are ink on paper.
_INK = 10
_DRAWN_SCALE, _DRAWN_EDGE = 1.5, 1_400
# The upper and lower edge of type stay free: the neighbours' letters reach in there.
_INSET = 0.15
_MOST_OBJECTS = 5_000
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"demi")
_FONT_NAME_BYTES = 128
# A picture over so much of the page is the page.
COVERED = 0.5


class _Sight(Enum):
    SHOWN = auto()
    HIDDEN = auto()
    # Drawn in no colour, or in one that shows only on some grounds.
    INVISIBLE = auto()
    FAINT = auto()


@dataclass(frozen=True, slots=True)
class _Style:
    """How a piece of text is drawn."""

    sight: _Sight
    bold: bool


@dataclass(slots=True)
class Turned:
    """The lines that stand upright when the sheet is turned like this frame: shown ones and hidden ones."""

    frame: Sheet
    shown: list[Line] = field(default_factory=list)
    hidden: list[Line] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(len(line.words) for line in self.shown)


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What is written on a page: its lines by how they are turned, most of them first.

    `letters` are all characters as the file has them, with those that mean nothing.
    """

    kind: PageKind
    turned: list[Turned]
    letters: str

    @property
    def shown_chars(self) -> int:
        return sum(len(word.text) for part in self.turned for line in part.shown for word in line.words)


def text_layer(page: Any, sheet: Sheet) -> TextLayer:
    """The text of the page."""
    with closing(page.get_textpage()) as textpage:
        lines = list(raw_lines(textpage.raw))
        look = _Look(page, textpage.raw, sheet)
        sights = [[look.at(word) for word in line] for line in lines]
        is_layer = _is_layer(sights) and covered(page) >= COVERED
        turned: dict[int, Turned] = {}
        for line, seen in zip(lines, sights, strict=True):
            _take(line, [look.shows(*pair, is_layer=is_layer) for pair in zip(line, seen, strict=True)], look, turned)
    for part in turned.values():
        part.shown = _from_the_top(part.shown)
    letters = "".join(chr(code) for line in lines for word in line for code in word.codes if 0 < code < 0x110000)
    kind = PageKind.OCR if is_layer else PageKind.TEXT
    return TextLayer(kind, sorted(turned.values(), key=lambda part: -part.weight), letters)


def _from_the_top(lines: list[Line]) -> list[Line]:
    """Lines that run down the sheet come from the last to the first."""
    upwards = sum(second.base < first.base for first, second in pairwise(lines))
    return lines[::-1] if upwards and 2 * upwards >= len(lines) else lines


def covered(page: Any) -> float:
    """The share of the page its largest picture covers."""
    left, bottom, right, top = page.get_bbox()
    area = (right - left) * (top - bottom)
    most = 0.0
    for item in islice(page.get_objects(max_depth=3), _MOST_OBJECTS):
        if item.type != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        try:
            x0, y0, x1, y1 = item.get_bounds()
        except pypdfium2.PdfiumError:
            continue
        wide, tall = min(x1, right) - max(x0, left), min(y1, top) - max(y0, bottom)
        most = max(most, max(wide, 0) * max(tall, 0))
    return most / area if area > 0 else 0.0


def _is_layer(sights: Sequence[Sequence[_Sight]]) -> bool:
    return bool(sights) and all(sight is _Sight.INVISIBLE for line in sights for sight in line)


def _take(line: list[RawWord], shown: list[bool], look: "_Look", turned: dict[int, Turned]) -> None:
    """Puts the words of a line down among the lines turned as they are."""
    turns = turns_of(look.textpage, max(line, key=lambda word: len(word.codes)))
    if turns not in turned:
        turned[turns] = Turned(look.sheet.turned_to(turns))
    part = turned[turns]
    for is_shown, lines in ((True, part.shown), (False, part.hidden)):
        raws = [word for word, seen in zip(line, shown, strict=True) if seen is is_shown and word.text]
        if raws:
            bold = look.is_bold(raws[0]) and look.is_bold(raws[-1])
            lines.append(_line(raws, part.frame, bold=bold))


def _line(raws: Sequence[RawWord], frame: Sheet, *, bold: bool) -> Line:
    """The line as placed on the sheet, with the measures of its type, taken from its longest word."""
    words = tuple(PlacedWord(raw.text, *frame.placed(raw.box), glued=raw.glued) for raw in raws)
    longest = max(words, key=lambda word: len(word.text))
    return Line(words, longest.y1 - longest.y0, longest.y1, bold)


class _Look:
    """Looks at words. How they are drawn is asked once for each piece of text, and the page is drawn once at most, only
    when the way a word is drawn leaves a doubt."""

    def __init__(self, page: Any, textpage: Any, sheet: Sheet) -> None:
        self.textpage = textpage
        self.sheet = sheet
        self._page = page
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        self._styles: dict[int, _Style] = {}

    def at(self, word: RawWord) -> _Sight:
        """How the word is drawn; its first character decides."""
        return _Sight.HIDDEN if _is_tiny(word) else self._style(word.first).sight

    def is_bold(self, word: RawWord) -> bool:
        return self._style(word.first).bold

    def shows(self, word: RawWord, sight: _Sight, *, is_layer: bool) -> bool:
        """Whether the word is seen on the page."""
        if sight is _Sight.HIDDEN or self._is_outside(word):
            return False
        if sight is _Sight.SHOWN:
            return True
        return (sight is _Sight.FAINT or is_layer) and self._has_ink(word.box)

    def _style(self, index: int) -> _Style:
        piece = pdfium.FPDFText_GetTextObject(self.textpage, index)
        address = ctypes.addressof(piece.contents) if piece else 0
        style = self._styles.get(address)
        if style is None:
            mode = pdfium.FPDFTextObj_GetTextRenderMode(piece) if piece else pdfium.FPDF_TEXTRENDERMODE_FILL
            style = self._styles[address] = _Style(self._sight(mode, index), _is_bold(self.textpage, index))
        return style

    def _sight(self, mode: int, index: int) -> _Sight:
        if mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
            return _Sight.INVISIBLE
        if mode == pdfium.FPDF_TEXTRENDERMODE_CLIP:
            return _Sight.FAINT
        is_filled = mode in (pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_CLIP)
        return _Sight.FAINT if is_filled and self._is_faint(index) else _Sight.SHOWN

    def _is_outside(self, word: RawWord) -> bool:
        left, low, right, high = word.box
        sheet = self.sheet
        return right <= sheet.left or left >= sheet.right or high <= sheet.bottom or low >= sheet.top

    def _is_faint(self, index: int) -> bool:
        red, green, blue, alpha = self._colour
        if not pdfium.FPDFText_GetFillColor(self.textpage, index, red, green, blue, alpha):
            return False
        return alpha.value <= _NEARLY_CLEAR or min(red.value, green.value, blue.value) >= _NEARLY_WHITE

    def _has_ink(self, box: Rectangle) -> bool:
        """Whether anything is to be seen inside of the box; taken for granted where the page cannot be drawn."""
        drawn = self._drawn
        if drawn is None:
            return True
        x0, y0, x1, y1 = self.sheet.placed(box)
        inset = _INSET * (y1 - y0)
        across, down = drawn.shape[1] / self.sheet.width, drawn.shape[0] / self.sheet.height
        rows = slice(max(int((y0 + inset) * down), 0), int((y1 - inset) * down) + 1)
        part = drawn[rows, max(int(x0 * across), 0) : int(x1 * across) + 1]
        return part.size > 0 and int(part.max()) - int(part.min()) >= _INK

    @cached_property
    def _drawn(self) -> NDArray[np.uint8] | None:
        scale = min(_DRAWN_SCALE, _DRAWN_EDGE / max(self.sheet.width, self.sheet.height))
        try:
            bitmap = self._page.render(scale=scale, grayscale=True, may_draw_forms=False)
        except pypdfium2.PdfiumError:
            return None
        shades: NDArray[np.uint8] = bitmap.to_numpy().reshape(bitmap.height, bitmap.width, -1)[:, :, 0].copy()
        return shades


def _is_tiny(word: RawWord) -> bool:
    left, low, right, high = word.boxes[0]
    if max(high - low, right - left, 1.1 * word.type_size) >= _SMALLEST:
        return False
    x0, y0, x1, y1 = word.box
    # Fonts that tell no height leave a full stop as small as its ink; a whole word is not.
    return len(word.codes) > 1 and min(x1 - x0, y1 - y0) < _SMALLEST


def _is_bold(textpage: Any, index: int) -> bool:
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    pdfium.FPDFText_GetFontInfo(textpage, index, name, _FONT_NAME_BYTES, None)
    return any(part in name.value.lower() for part in _BOLD_NAMES)
