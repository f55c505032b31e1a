"""What is filled into the fields of a form, and typed onto a page afterwards: pdfium's text of a page leaves it out."""

import ctypes
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from documents.reading.draft import clean
from documents.reading.layout import Line, PlacedWord
from documents.reading.parsers.pdf_page import Rectangle, Sheet

_FIELDS = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_LARGEST_TYPE = 14.0
_MOST_BYTES = 200_000


def prepare(pdf: Any) -> None:
    """Makes the fields known, before any page is opened."""
    if pdf.get_formtype() != pdfium.FORMTYPE_NONE:
        try:
            pdf.init_forms()
        except pypdfium2.PdfiumError:
            # The form is broken; the pages are read without it.
            return


def lines(pdf: Any, page: Any, sheet: Sheet) -> list[Line]:
    """A line for each line of what is filled in, where its field stands."""
    return [
        line
        for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw))
        for text, box in _filled(pdf, page, index)
        for line in _lines(text, sheet.placed(box))
    ]


def _filled(pdf: Any, page: Any, index: int) -> Iterator[tuple[str, Rectangle]]:
    annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
    if not annotation:
        return
    with closing(_Closing(annotation)):
        text = _text(pdf, annotation)
        box = pdfium.FS_RECTF()
        if text and pdfium.FPDFAnnot_GetRect(annotation, box):
            left, right = sorted((box.left, box.right))
            low, high = sorted((box.bottom, box.top))
            yield text, (left, low, right, high)


class _Closing:
    def __init__(self, annotation: Any) -> None:
        self._annotation = annotation

    def close(self) -> None:
        pdfium.FPDFPage_CloseAnnot(self._annotation)


def _text(pdf: Any, annotation: Any) -> str:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return ""
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        return _string(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))
    form = pdf.formenv.raw if pdf.formenv else None
    if kind != pdfium.FPDF_ANNOT_WIDGET or form is None:
        return ""
    if pdfium.FPDFAnnot_GetFormFieldType(form, annotation) not in _FIELDS:
        return ""
    return _string(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))


def _string(get: Any) -> str:
    size = min(get(None, 0), _MOST_BYTES)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    get(buffer, size)
    return clean(bytes(buffer)[: size - 2].decode("utf-16-le", "ignore"))


def _lines(text: str, box: Rectangle) -> Iterator[Line]:
    """The text spread evenly over its field: how the viewer breaks it is not known."""
    rows = [row for row in text.splitlines() if row.strip()]
    x0, y0, x1, y1 = box
    size = min((y1 - y0) / max(len(rows), 1), _LARGEST_TYPE)
    for number, row in enumerate(rows):
        letter = min((x1 - x0) / len(row), 0.6 * size)
        top = y0 + number * size
        words: list[PlacedWord] = []
        position = 0
        for word in row.split():
            position = row.index(word, position)
            end = position + len(word)
            words.append(PlacedWord(word, x0 + position * letter, top, x0 + end * letter, top + size))
            position = end
        yield Line(tuple(words), size, top + size)
