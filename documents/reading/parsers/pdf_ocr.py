"""Pages of a PDF whose text has to be recognised: drawn as pictures, then read."""

from typing import Any

import pypdfium2

from documents.reading import ocr, recognition
from documents.reading.errors import PAGE_CRASHED
from documents.reading.limits import Limits
from documents.reading.parsers.pdf_page import Sheet
from documents.values import Leaf, PageKind


def recognised(page: Any, sheet: Sheet, number: int, limits: Limits) -> Leaf:
    """The page as it looks, recognised."""
    try:
        drawn = page.render(scale=ocr.scale_for(sheet.width, sheet.height), grayscale=True)
    except pypdfium2.PdfiumError:
        return Leaf(number, PageKind.UNREADABLE, width=sheet.width, height=sheet.height, reason=PAGE_CRASHED)
    return recognition.leaf(drawn.to_pil(), number, sheet.width, sheet.height, limits)
