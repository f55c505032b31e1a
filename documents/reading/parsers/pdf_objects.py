"""What a page of a PDF is drawn from, in the order it is drawn, and the texts among it that may not come to be seen."""

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from documents.reading.parsers.pdf_page import Rectangle, Sheet

Colour = tuple[int, int, int]
# A word: the address of its text, where it stands on the page, and its colour where that is known.
Written = tuple[int, Rectangle, Colour]

_MOST = 20_000
_DEEPEST = 3
# What is smaller, in points, covers no words: rules, and the edges of boxes.
_LEAST_COVER = 3.0
# Grounds are noted in squares of so many points.
_CELL = 2.0
_MOST_CELLS = 600
_FAR = 24
_STOPS = (0.1, 0.3, 0.5, 0.7, 0.9)
# So many points, or this share of the height, of a text may be cut off without losing a letter.
_LETTER, _LOW_PART = 3.0, 0.4
# Neither is like the other, or like any colour.
NO_COLOUR, _PATTERN = (-1_000, -1_000, -1_000), (-2_000, -2_000, -2_000)
_PICTURES = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
_MOST_MARKS = 50


@dataclass(frozen=True, slots=True)
class _Form:
    """Drawings kept together. `matrices` lead from them to the page, the innermost first.

    `frames` are what all of them are cut to, on the page. They may not be shown at all where this `is_doubted`.
    """

    matrices: tuple[Any, ...] = ()
    frames: tuple[Rectangle, ...] = ()
    is_doubted: bool = False

    def placed(self, box: Rectangle) -> Rectangle:
        for matrix in self.matrices:
            box = _moved(box, matrix)
        return box


_PAGE = _Form()


@dataclass(frozen=True, slots=True)
class Paint:
    """A piece that covers what was there before, and in which colour where that is known."""

    place: int
    box: Rectangle
    colour: Colour


class PageObjects:
    """The texts, paths and pictures of a page in the order they are drawn, those inside of forms among them."""

    def __init__(self, page: Any, sheet: Sheet) -> None:
        self.raws: list[Any] = []
        self._kinds: list[int] = []
        self._forms: dict[int, _Form] = {}
        self._marks = _Marks()
        self._clips = _Clips()
        self._sheet = sheet
        item, count = pdfium.FPDFPage_GetObject, min(pdfium.FPDFPage_CountObjects(page.raw), _MOST)
        self._add([item(page.raw, index) for index in range(count)], _PAGE)

    def _add(self, raws: list[Any], within: _Form) -> None:
        """The hot loop: pages of a letter a piece have thousands of pieces, and nothing else on them."""
        kind_of = pdfium.FPDFPageObj_GetType
        kinds = [kind_of(raw) for raw in raws]
        start = 0
        for place in [place for place, kind in enumerate(kinds) if kind == pdfium.FPDF_PAGEOBJ_FORM]:
            self._extend(raws[start:place], kinds[start:place], within)
            start = place + 1
            if len(within.matrices) < _DEEPEST:
                self._add(_children(raws[place]), self._form(raws[place], within))
        self._extend(raws[start:], kinds[start:], within)

    def _extend(self, raws: list[Any], kinds: list[int], within: _Form) -> None:
        if within is not _PAGE:
            self._forms |= dict.fromkeys(map(address_of, raws), within)
        self.raws += raws
        self._kinds += kinds

    def _form(self, raw: Any, within: _Form) -> _Form:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(raw, matrix)
        frames = self._clips.frames(raw)
        known = tuple(within.placed(frame) for frame in frames if frame)
        is_doubted = within.is_doubted or None in frames or self._marks.is_optional(raw)
        return _Form((matrix, *within.matrices), within.frames + known, is_doubted)

    def is_limited(self, text: Any) -> bool:
        """Whether a text may be switched off or cut away."""
        within = self._within(text)
        if within.is_doubted or self._marks.is_optional(text) or self._clips.cuts(text):
            return True
        box = self.box(text) if within.frames else None
        return box is not None and any(_protrudes(box, frame) for frame in within.frames)

    @cached_property
    def paints(self) -> list[Paint]:
        return [paint for place in self._others if (paint := self._paint(place))]

    def swallowed(self, words: Sequence[Written]) -> set[int]:
        """The addresses of texts with words that are painted over, or painted onto their own colour."""
        return _Grounds(self._sheet, self.paints).swallowed(words, lambda: self._places) if words else set()

    def _paint(self, place: int) -> Paint | None:
        raw, kind = self.raws[place], self._kinds[place]
        if kind == pdfium.FPDF_PAGEOBJ_PATH and not _is_painted(raw):
            return None
        box = self.box(raw)
        if box is None or min(box[2] - box[0], box[3] - box[1]) < _LEAST_COVER:
            return None
        return Paint(place, box, _PATTERN if kind in _PICTURES else _colour(raw) or _PATTERN)

    def box(self, raw: Any) -> Rectangle | None:
        """Where a piece stands on the page."""
        box = _bounds(raw)
        return self._within(raw).placed(box) if box else None

    def _within(self, raw: Any) -> _Form:
        return self._forms.get(address_of(raw), _PAGE) if self._forms else _PAGE

    @cached_property
    def _others(self) -> list[int]:
        """The places of what is not text."""
        return [place for place, kind in enumerate(self._kinds) if kind != pdfium.FPDF_PAGEOBJ_TEXT]

    @property
    def others(self) -> list[Any]:
        return [self.raws[place] for place in self._others]

    @cached_property
    def texts(self) -> dict[int, Any]:
        """The texts by their addresses."""
        pieces = zip(self.raws, self._kinds, strict=True)
        return {address_of(raw): raw for raw, kind in pieces if kind == pdfium.FPDF_PAGEOBJ_TEXT}

    @cached_property
    def _places(self) -> dict[int, int]:
        return {address_of(raw): place for place, raw in enumerate(self.raws)}


def address_of(raw: Any) -> int:
    return ctypes.addressof(raw.contents)


def _children(form: Any) -> list[Any]:
    count = min(pdfium.FPDFFormObj_CountObjects(form), _MOST)
    return [pdfium.FPDFFormObj_GetObject(form, index) for index in range(count)]


class _Marks:
    """Knows the marks of content that is shown on some conditions. Pieces share their marks."""

    def __init__(self) -> None:
        self._known: dict[int, bool] = {}

    def is_optional(self, raw: Any) -> bool:
        count = pdfium.FPDFPageObj_CountMarks(raw)
        return count > 0 and self._has_condition(raw, min(count, _MOST_MARKS))

    def _has_condition(self, raw: Any, count: int) -> bool:
        return any(self._is_condition(pdfium.FPDFPageObj_GetMark(raw, index)) for index in range(count))

    def _is_condition(self, mark: Any) -> bool:
        if not mark:
            return False
        address = ctypes.addressof(mark.contents)
        if address not in self._known:
            name, length = (ctypes.c_ushort * 4)(), ctypes.c_ulong()
            pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length)
            self._known[address] = bytes(name).startswith("OC\0".encode("utf-16-le"))
        return self._known[address]


class _Clips:
    """Knows which pieces are cut to less than they are. Most of a page's pieces are cut alike."""

    def __init__(self) -> None:
        self._known: dict[tuple[float, ...], Rectangle | None] = {}

    def cuts(self, raw: Any) -> bool:
        frames = self.frames(raw)
        box = _bounds(raw) if frames else None
        return box is not None and any(frame is None or _protrudes(box, frame) for frame in frames)

    def frames(self, raw: Any) -> list[Rectangle | None]:
        """What a piece is cut to."""
        clip = pdfium.FPDFPageObj_GetClipPath(raw)
        count = pdfium.FPDFClipPath_CountPaths(clip) if clip else 0
        return [self._frame(clip, index) for index in range(count)] if count > 0 else []

    def _frame(self, clip: Any, index: int) -> Rectangle | None:
        """The rectangle it is cut to; None for other shapes."""
        count = pdfium.FPDFClipPath_CountPathSegments(clip, index)
        if not 4 <= count <= 5:
            return None
        key = (count, *_corner(clip, index, 0), *_corner(clip, index, 2))
        if key not in self._known:
            self._known[key] = _rectangle([_corner(clip, index, place) for place in range(4)])
        return self._known[key]


def _corner(clip: Any, index: int, place: int) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, index, place), x, y)
    return x.value, y.value


def _rectangle(corners: list[tuple[float, float]]) -> Rectangle | None:
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    is_upright = xs[1] - xs[0] + xs[3] - xs[2] < 1 and ys[1] - ys[0] + ys[3] - ys[2] < 1
    return (xs[0], ys[0], xs[3], ys[3]) if is_upright else None


class _Grounds:
    """What was painted last, square by square."""

    def __init__(self, sheet: Sheet, paints: Sequence[Paint]) -> None:
        self._left, self._bottom = sheet.left, sheet.bottom
        wide, tall = sheet.right - sheet.left, sheet.top - sheet.bottom
        self._cell = max(_CELL, wide / _MOST_CELLS, tall / _MOST_CELLS)
        self._last = np.full((int(tall / self._cell) + 1, int(wide / self._cell) + 1), -1, np.int32)
        self._places = np.array([paint.place for paint in paints])
        self._colours = np.array([paint.colour for paint in paints])
        for number, paint in enumerate(paints):
            self._last[self._inside(paint.box)] = number

    def _inside(self, box: Rectangle) -> tuple[slice, slice]:
        left, low, right, high = box
        rows, columns = self._last.shape
        return (
            _between((low - self._bottom) / self._cell, (high - self._bottom) / self._cell, rows),
            _between((left - self._left) / self._cell, (right - self._left) / self._cell, columns),
        )

    def swallowed(self, words: Sequence[Written], places: Callable[[], dict[int, int]]) -> set[int]:
        """Looks along the middle of each word, what is there."""
        last = self._along([box for _, box, _ in words])
        onto = [int(index) for index in np.flatnonzero((last >= 0).any(axis=1))]
        if not onto:
            return set()
        last, order = last[onto], places()
        addresses = [words[index][0] for index in onto]
        when = np.array([order.get(address, 0) for address in addresses])
        colours = np.array([words[index][2] for index in onto])
        is_above = self._places[last] > when[:, None]
        is_alike = np.abs(self._colours[last] - colours[:, None, :]).max(axis=-1) < _FAR
        found = ((last >= 0) & (is_above | is_alike)).any(axis=1)
        return {address for address, is_found in zip(addresses, found, strict=True) if is_found}

    def _along(self, boxes: Sequence[Rectangle]) -> Any:
        left, low, right, high = np.array(boxes).T
        xs = left[:, None] + (right - left)[:, None] * np.array(_STOPS)
        ys = np.broadcast_to(((low + high) / 2)[:, None], xs.shape)
        rows, columns = self._last.shape
        row = np.clip((ys - self._bottom) / self._cell, 0, rows - 1).astype(int)
        column = np.clip((xs - self._left) / self._cell, 0, columns - 1).astype(int)
        return self._last[row, column]


def _between(start: float, end: float, most: int) -> slice:
    """The squares that lie wholly inside."""
    return slice(ceil(min(max(start, 0), most)), floor(min(max(end, 0), most)))


def _is_painted(path: Any) -> bool:
    """Whether a path is filled, or drawn as with a broad brush."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    width = ctypes.c_float()
    if stroke.value and not fill.value:
        pdfium.FPDFPageObj_GetStrokeWidth(path, width)
    return bool(fill.value) or width.value >= _LEAST_COVER


def _colour(raw: Any) -> Colour | None:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(raw, red, green, blue, alpha):
        return None
    return red.value, green.value, blue.value


def _bounds(raw: Any) -> Rectangle | None:
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(raw, left, low, right, high):
        return None
    return left.value, low.value, right.value, high.value


def _moved(box: Rectangle, matrix: Any) -> Rectangle:
    left, low, right, high = box
    corners = [(left, low), (left, high), (right, low), (right, high)]
    xs = [matrix.a * x + matrix.c * y + matrix.e for x, y in corners]
    ys = [matrix.b * x + matrix.d * y + matrix.f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _protrudes(box: Rectangle, frame: Rectangle) -> bool:
    """Whether enough of the box for a letter lies outside of the frame."""
    across, up = max(frame[0] - box[0], box[2] - frame[2]), max(frame[1] - box[1], box[3] - frame[3])
    return across > _LETTER or up > _LOW_PART * (box[3] - box[1])
