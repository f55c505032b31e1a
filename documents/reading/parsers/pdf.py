"""PDF: the text layer, character by character, each with its box. Nothing in a page is run or fetched."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unicodedata import category

import pypdfium2
import pypdfium2.raw as pdfium

from documents.reading import painting, typesetting
from documents.reading.errors import PAGE_CRASHED, Code, UnreadableFile
from documents.reading.items import Expected, Item, Note, Title
from documents.reading.layout import Line
from documents.reading.limits import Limits
from documents.reading.parsers import pdf_form, pdf_ocr, pdf_repair
from documents.reading.parsers.pdf_hidden import COVERED, TextLayer, Turned, covered, text_layer
from documents.reading.parsers.pdf_page import Sheet
from documents.values import Leaf, PageKind

# What programs write where their user gave no title.
_NO_TITLE = re.compile(
    r"^\W*(untitled|anonymous|unknown|no title)\W*$|^microsoft \w+ - |\.(docx?|dvi|indd|tex|pptx?|xlsx?|qxd|pmd)$",
    re.IGNORECASE,
)
# Code points without a meaning of their own, and marks that stand on letters.
_NO_SIGNS = ("Cc", "Co", "Cn", "Cs")
_MARKS = ("Mn", "Mc")
_AGAIN = re.compile(r"(.)\1+", re.DOTALL)
_MOST_UNKNOWN = 0.2
_FEWEST_LETTERS = 0.3
_ENOUGH = 40
# A page of so few letters over a picture as large as the page is a scan with a stamp on it.
_LITTLE_TEXT = 200
_MANY_PATHS, _MANY_CORNERS = 30, 300
_LOCKED = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    pdf, note = _opened(path)
    with pdf:
        count = _page_count(pdf, limits)
        yield Expected(count)
        if note:
            yield Note(note)
        title = pdf.get_metadata_value("Title")
        yield Title("" if _NO_TITLE.search(title) else title)
        for number in limits.pages_wanted or range(1, count + 1):
            yield _leaf(pdf, number, limits)


def draw(path: Path, limits: Limits) -> bytes:
    """The page as a viewer shows it: cut, turned, its form filled in."""
    pdf, _ = _opened(path)
    try:
        with pdf, closing(pdf[limits.pages_wanted[0] - 1]) as page:
            return _drawn(page, limits)
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(Code.DAMAGED, PAGE_CRASHED, detail="drawing") from error


def _drawn(page: Any, limits: Limits) -> bytes:
    width, height = page.get_size()
    return painting.png(page.render(scale=painting.scale(width, height, limits)).to_pil())


def _opened(path: Path) -> tuple[Any, str]:
    """The file, repaired when it does not open as it is, and what its owner must know of that."""
    try:
        pdf = pypdfium2.PdfDocument(path.read_bytes())
    except pypdfium2.PdfiumError as error:
        if error.err_code in _LOCKED:
            raise _refusal(error) from error
        return _repaired(path, error), pdf_repair.REPAIRED
    pdf_form.prepare(pdf)
    return pdf, ""


def _repaired(path: Path, error: Any) -> Any:
    whole = pdf_repair.repaired(path)
    if not whole:
        raise _refusal(error) from error
    try:
        pdf = pypdfium2.PdfDocument(whole)
    except pypdfium2.PdfiumError as again:
        raise _refusal(again) from again
    pdf_form.prepare(pdf)
    return pdf


def _refusal(error: Any) -> UnreadableFile:
    if error.err_code in _LOCKED:
        return UnreadableFile(
            Code.ENCRYPTED, "This PDF is locked with a password. Save a copy without the password and upload that."
        )
    return UnreadableFile(
        Code.DAMAGED,
        "This PDF is damaged and cannot be opened. Open it in a PDF viewer, print it as a new PDF, and upload that.",
        detail=f"pdfium error {error.err_code}",
    )


def _page_count(pdf: Any, limits: Limits) -> int:
    count = len(pdf)
    if count > limits.pages:
        raise UnreadableFile(
            Code.TOO_MANY_PAGES,
            f"This PDF has {count:,} pages; up to {limits.pages:,} are read. Split it and upload the parts.",
        )
    if count == 0:
        raise UnreadableFile(Code.DAMAGED, "This PDF has no pages. Create or download the file again and upload that.")
    return count


def _leaf(pdf: Any, number: int, limits: Limits) -> Leaf:
    """A page that cannot be opened is counted too, as unreadable; one without legible text is recognised."""
    try:
        with closing(pdf[number - 1]) as page:
            sheet = Sheet.of(page)
            if sheet.width <= 0 or sheet.height <= 0:
                return Leaf(number, PageKind.EMPTY)
            if limits.force_ocr:
                return pdf_ocr.recognised(page, sheet, number, limits)
            layer = text_layer(page, sheet)
            leaf = _set(layer, pdf_form.lines(pdf, page, sheet), sheet, number, limits)
            if not _wants_recognition(page, layer, leaf):
                return leaf
            found = pdf_ocr.recognised(page, sheet, number, limits)
            return leaf if _says_more(layer, found) else found
    except pypdfium2.PdfiumError:
        return Leaf(number, PageKind.UNREADABLE, reason=PAGE_CRASHED)


def _set(layer: TextLayer, filled: list[Line], sheet: Sheet, number: int, limits: Limits) -> Leaf:
    """The page as its text layer has it: what is shown first, what is hidden last."""
    setting = typesetting.Setting(limits)
    parts = layer.turned or [Turned(sheet)]
    for index, part in enumerate(parts):
        setting.add([*part.shown, *filled] if not index else part.shown, sheet.fractions_from(part.frame))
    for part in parts:
        setting.add_hidden(part.hidden, sheet.fractions_from(part.frame))
    return setting.leaf(number=number, kind=layer.kind, width=sheet.width, height=sheet.height)


def _wants_recognition(page: Any, layer: TextLayer, leaf: Leaf) -> bool:
    """Whether the page has more to see than its text layer tells."""
    if is_garbage(layer.letters):
        return True
    if not leaf.text:
        return _is_drawn(page)
    is_little = layer.kind is PageKind.TEXT and layer.shown_chars < _LITTLE_TEXT
    return is_little and covered(page) >= COVERED


def _says_more(layer: TextLayer, found: Leaf) -> bool:
    """Whether the text layer of a page that was recognised as well is the better of the two."""
    if is_garbage(layer.letters) or not layer.letters:
        return False
    return len(found.text) < 1.5 * layer.shown_chars


def is_garbage(text: str) -> bool:
    """Whether most of it is no writing: signs without meaning, or hardly a letter among many different signs."""
    signs = Counter(_AGAIN.sub(r"\1", text))
    count = sum(times for char, times in signs.items() if not char.isspace())
    if not count:
        return False
    unknown = sum(times for char, times in signs.items() if _is_unknown(char))
    letters = sum(times for char, times in signs.items() if char.isalnum() or category(char) in _MARKS)
    return unknown > _MOST_UNKNOWN * count or (count >= _ENOUGH and letters < _FEWEST_LETTERS * count)


def _is_unknown(char: str) -> bool:
    return not char.isspace() and (char == "\ufffd" or category(char) in _NO_SIGNS)


def _is_drawn(page: Any) -> bool:
    """Whether a page without text has pictures, or so many lines or corners that they may be letters."""
    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH]
    corners = 0
    for number, thing in enumerate(page.get_objects(filter=kinds, max_depth=3), start=1):
        corners += 0 if thing.type == kinds[0] else pdfium.FPDFPath_CountSegments(thing.raw)
        if thing.type == kinds[0] or number >= _MANY_PATHS or corners >= _MANY_CORNERS:
            return True
    return False
