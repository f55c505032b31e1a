"""Whether words are seen on a page as it is drawn: what the drawing loses when they are left out of it."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from documents.reading.parsers.pdf_characters import RawWord
from documents.reading.parsers.pdf_objects import Colour, PageObjects, address_of
from documents.reading.parsers.pdf_page import Rectangle, Sheet

Pixels = NDArray[np.int16]

_SCALE, _EDGE = 1.5, 1_400
# The upper and lower edge of type stay free: the neighbours' letters reach in there.
_INSET = 0.15
# Gray values so far apart are ink on paper.
_INK = 10
# Letters in full ink stand out from their ground by so much, this much of their ink does, over this much of their area.
_CONTRAST = 16
_SEEN, _SEEN_AREA = 0.3, 0.4
# Pixels with less of a letter on them tell nothing.
_LEAST_SHARE = 0.1
# A colour nothing is written in, to see the letters' shapes on.
_ODD_PAPER = (1, 254, 1)
_WHITE = (255, 255, 255)
# Texts that overlap are drawn one by one, as far as this goes.
_MOST_DRAWINGS = 4


class Ink:
    """Draws the page once for each look that is needed, and no two texts that overlap at once.

    `asked` are the addresses of the texts it will be asked about. Where the page cannot be drawn everything is taken
    for seen.
    """

    def __init__(self, page: Any, textpage: Any, sheet: Sheet, objects: PageObjects, asked: set[int]) -> None:
        self._page = page
        self._textpage = textpage
        self._sheet = sheet
        self._objects = objects
        self._groups = _apart(_boxes(objects, asked), sheet)
        self._drawings: dict[tuple[int | None, Colour], Pixels | None] = {}

    def shows(self, word: RawWord, address: int) -> bool:
        """Whether the page would look different without the letters of the word that are in this text."""
        group = self._groups.get(address, 0)
        with_it, without, shapes = self._drawn(group), self._drawn(None), self._shapes(group)
        if with_it is None or without is None or shapes is None:
            return True
        letters = self._letters(word, address)
        if letters is None:
            return False
        change = np.abs(with_it[letters] - without[letters]).max(axis=-1, initial=0)
        share = np.abs(shapes[letters] - np.array(_ODD_PAPER)).max(axis=-1, initial=0) / 255
        seen = (share >= _LEAST_SHARE) & (change >= _CONTRAST * share)
        is_enough = bool(seen.sum() > _SEEN * (share >= _LEAST_SHARE).sum())
        return is_enough and _extent(seen) >= _SEEN_AREA * (seen.shape[0] - 1) * (seen.shape[1] - 1)

    def _letters(self, word: RawWord, address: int) -> tuple[slice, slice] | None:
        """Where the ink of the letters should be; other letters of the word may be drawn otherwise."""
        edges = [ctypes.c_double() for _ in range(4)]
        boxes = []
        for index in range(word.first, word.first + len(word.codes)):
            piece = pdfium.FPDFText_GetTextObject(self._textpage, index)
            is_meant = not piece or address_of(piece) == address
            if is_meant and pdfium.FPDFText_GetCharBox(self._textpage, index, *edges):
                boxes.append([edge.value for edge in edges])
        if not boxes:
            return None
        lefts, rights, lows, highs = zip(*boxes, strict=True)
        return self._pixels((min(lefts), min(lows), max(rights), max(highs)))

    def lies_on_ink(self, box: Rectangle) -> bool:
        """Whether anything but text is to be seen inside of the box."""
        drawn = self._drawn(None)
        if drawn is None:
            return True
        rows, columns = self._pixels(box)
        inset = int(_INSET * (rows.stop - rows.start))
        part = drawn[rows.start + inset : rows.stop - inset, columns]
        return part.size > 0 and int(np.ptp(part, axis=(0, 1)).max()) >= _INK

    def _pixels(self, box: Rectangle) -> tuple[slice, slice]:
        x0, y0, x1, y1 = (edge * self._scale for edge in self._sheet.placed(box))
        return slice(max(int(y0), 0), max(int(y1) + 1, 0)), slice(max(int(x0), 0), max(int(x1) + 1, 0))

    @cached_property
    def _scale(self) -> float:
        return min(_SCALE, _EDGE / max(self._sheet.width, self._sheet.height))

    def _drawn(self, group: int | None) -> Pixels | None:
        """The page with the texts of one group and no others."""
        return self._render(group, _WHITE)

    def _shapes(self, group: int) -> Pixels | None:
        """The texts of the group and nothing else."""
        return self._render(group, _ODD_PAPER)

    def _render(self, group: int | None, paper: Colour) -> Pixels | None:
        key = group, paper
        if key not in self._drawings:
            off = [raw for address, raw in self._objects.texts.items() if not self._is_in(address, group)]
            off += self._objects.others if paper != _WHITE else []
            self._drawings[key] = _render(self._page, self._scale, paper, off)
        return self._drawings[key]

    def _is_in(self, address: int, group: int | None) -> bool:
        return group is not None and self._groups.get(address) == group


def _extent(seen: Any) -> int:
    """The area of the rectangle around pixels."""
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return int((rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)) if len(rows) else 0


def _render(page: Any, scale: float, paper: Colour, off: list[Any]) -> Pixels | None:
    try:
        with _switched_off(off):
            bitmap = page.render(
                scale=scale, fill_color=(*paper, 255), draw_annots=False, may_draw_forms=False, rev_byteorder=True
            )
    except pypdfium2.PdfiumError:
        return None
    pixels: Pixels = bitmap.to_numpy().reshape(bitmap.height, bitmap.width, -1)[:, :, :3].astype(np.int16)
    return pixels


@contextmanager
def _switched_off(raws: list[Any]) -> Iterator[None]:
    """Later drawings of the page, as for recognition, have them again."""
    for raw in raws:
        pdfium.FPDFPageObj_SetIsActive(raw, False)
    try:
        yield
    finally:
        for raw in raws:
            pdfium.FPDFPageObj_SetIsActive(raw, True)


def _boxes(objects: PageObjects, asked: set[int]) -> dict[int, Rectangle]:
    known = [address for address in objects.texts if address in asked]
    return {address: objects.box(objects.texts[address]) or (0, 0, 0, 0) for address in known}


def _apart(boxes: dict[int, Rectangle], sheet: Sheet) -> dict[int, int]:
    """Texts in groups, by their addresses, so that few in a group overlap."""
    size = int(min(sheet.top - sheet.bottom, 4_000)) + 1, int(min(sheet.right - sheet.left, 4_000)) + 1
    taken = np.zeros((_MOST_DRAWINGS - 1, *size), bool)
    groups = {}
    for address, (left, low, right, high) in boxes.items():
        rows = slice(max(int(low - sheet.bottom) + 1, 0), max(int(high - sheet.bottom), 0))
        columns = slice(max(int(left - sheet.left) + 1, 0), max(int(right - sheet.left), 0))
        free = [group for group in range(_MOST_DRAWINGS - 1) if not taken[group, rows, columns].any()]
        groups[address] = free[0] if free else _MOST_DRAWINGS - 1
        if free:
            taken[free[0], rows, columns] = True
    return groups
