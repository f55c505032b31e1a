"""The text layer of a page, told apart into what a reader of the page can see and what not.

Hidden are words drawn in no colour (render mode 3, or 7 and nothing to see), smaller than 2 points, or outside of the
shown page; and words that change nothing in the page's looks, being in the colour of their ground, transparent, cut or
painted over, or switched off. The page is drawn for that only where the way a word is drawn leaves a doubt. One
exception: a scan with a text layer laid invisibly over its picture, or beneath it, was recognised elsewhere. There,
words with ink at their place are the page's text (PageKind.OCR for an invisible layer, how sure is not known), and only
those without are hidden.
"""

import ctypes
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from itertools import chain, islice, pairwise
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from documents.reading.layout import Line, PlacedWord
from documents.reading.parsers.pdf_characters import RawWord, is_tiny, raw_lines, turns_of
from documents.reading.parsers.pdf_ink import Ink
from documents.reading.parsers.pdf_objects import NO_COLOUR, Colour, PageObjects, address_of
from documents.reading.parsers.pdf_page import Sheet
from documents.values import PageKind

_NEARLY_WHITE = 0xF0
_NEARLY_CLEAR = 0x08
# Render modes that set text as a clip as well stand so far behind those that do not.
_AND_CLIP = 4
_MOST_OBJECTS = 5_000
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"demi")
_FONT_NAME_BYTES = 128
# A picture over so much of the page is the page.
COVERED = 0.5


class _Sight(Enum):
    SHOWN = auto()
    HIDDEN = auto()
    # Drawn in no colour.
    INVISIBLE = auto()
    # Drawn as a hole for what comes after it.
    HOLE = auto()
    # Drawn so that it shows on some grounds only, or at some places.
    DOUBTFUL = auto()


class _Style(NamedTuple):
    """How a piece of text is drawn."""

    sight: _Sight
    colour: Colour


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
        sights = look.sights(lines)
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
    """Looks at words. How they are drawn is asked once for each piece of text, and the page is drawn only when the way
    a word is drawn leaves a doubt."""

    def __init__(self, page: Any, textpage: Any, sheet: Sheet) -> None:
        self.textpage = textpage
        self.sheet = sheet
        self._page = page
        self._objects = PageObjects(page, sheet)
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        self._styles: dict[int, _Style] = {}

    def sights(self, lines: Sequence[Sequence[RawWord]]) -> list[list[_Sight]]:
        """How the words of the lines are drawn; the first character of each decides."""
        addresses = [[self._style(word) for word in line] for line in lines]
        if self._objects.paints:
            self._doubt_swallowed(chain(*lines), chain(*addresses))
        return [
            [self._at(word, self._styles[address].sight) for word, address in zip(*pair, strict=True)]
            for pair in zip(lines, addresses, strict=True)
        ]

    def _doubt_swallowed(self, words: Iterable[RawWord], addresses: Iterable[int]) -> None:
        styles = self._styles
        written = [(address, word.box, styles[address].colour) for word, address in zip(words, addresses, strict=True)]
        for address in self._objects.swallowed(written):
            if styles[address].sight is _Sight.SHOWN:
                styles[address] = styles[address]._replace(sight=_Sight.DOUBTFUL)

    def _at(self, word: RawWord, sight: _Sight) -> _Sight:
        return _Sight.HIDDEN if is_tiny(self.textpage, word) else sight

    def is_bold(self, word: RawWord) -> bool:
        return _is_bold(self.textpage, word.first)

    def shows(self, word: RawWord, sight: _Sight, *, is_layer: bool) -> bool:
        """Whether the word is seen on the page."""
        if sight is _Sight.HIDDEN or self._is_outside(word):
            return False
        if sight is _Sight.SHOWN:
            return True
        if sight is _Sight.DOUBTFUL:
            return self._ink.shows(word, self._style(word)) or (self._may_be_drawn(word) and self._has_ink(word))
        return (sight is _Sight.HOLE or is_layer) and self._has_ink(word)

    def _may_be_drawn(self, word: RawWord) -> bool:
        """Whether a picture, or a drawing such as that of a ticked box, may say the same."""
        return not any(map(str.isalnum, word.text)) or covered(self._page) >= COVERED

    def _has_ink(self, word: RawWord) -> bool:
        return self._ink.lies_on_ink(word.box)

    def _style(self, word: RawWord) -> int:
        """The address of the text a word begins in; how that is drawn is known from now on."""
        piece = pdfium.FPDFText_GetTextObject(self.textpage, word.first)
        address = address_of(piece) if piece else 0
        if address not in self._styles:
            self._styles[address] = self._looked_at(piece, word.first)
        return address

    def _looked_at(self, piece: Any, index: int) -> _Style:
        mode = pdfium.FPDFTextObj_GetTextRenderMode(piece) if piece else pdfium.FPDF_TEXTRENDERMODE_FILL
        if mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
            return _Style(_Sight.INVISIBLE, NO_COLOUR)
        if mode == pdfium.FPDF_TEXTRENDERMODE_CLIP:
            return _Style(_Sight.HOLE, NO_COLOUR)
        colour, is_pale = self._tint(mode % _AND_CLIP, index)
        is_doubtful = is_pale or (piece and self._objects.is_limited(piece))
        return _Style(_Sight.DOUBTFUL if is_doubtful else _Sight.SHOWN, colour)

    def _tint(self, mode: int, index: int) -> tuple[Colour, bool]:
        """The colour of the text, and whether it is one that white paper does not show."""
        if mode == pdfium.FPDF_TEXTRENDERMODE_STROKE:
            return self._inked(pdfium.FPDFText_GetStrokeColor, index)
        colour, is_pale = self._inked(pdfium.FPDFText_GetFillColor, index)
        if is_pale and mode == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE:
            return self._inked(pdfium.FPDFText_GetStrokeColor, index)
        return colour, is_pale

    def _inked(self, colour_of: Callable[..., int], index: int) -> tuple[Colour, bool]:
        red, green, blue, alpha = self._colour
        if not colour_of(self.textpage, index, red, green, blue, alpha):
            return NO_COLOUR, False
        colour = red.value, green.value, blue.value
        return colour, alpha.value <= _NEARLY_CLEAR or min(colour) >= _NEARLY_WHITE

    def _is_outside(self, word: RawWord) -> bool:
        left, low, right, high = word.box
        sheet = self.sheet
        return right <= sheet.left or left >= sheet.right or high <= sheet.bottom or low >= sheet.top

    @cached_property
    def _ink(self) -> Ink:
        """Asked for when the styles of all words are known."""
        doubtful = {address for address, style in self._styles.items() if style.sight is _Sight.DOUBTFUL}
        return Ink(self._page, self.textpage, self.sheet, self._objects, doubtful)


def _is_bold(textpage: Any, index: int) -> bool:
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    pdfium.FPDFText_GetFontInfo(textpage, index, name, _FONT_NAME_BYTES, None)
    return any(part in name.value.lower() for part in _BOLD_NAMES)
