"""Pages of a PDF whose text has to be recognised: drawn as pictures, then read."""

from dataclasses import replace
from itertools import islice
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from documents.reading import ocr, recognition
from documents.reading.errors import PAGE_CRASHED, PAGE_PICTURE_DAMAGED
from documents.reading.limits import Limits
from documents.reading.parsers.pdf_page import Sheet
from documents.values import Leaf, PageKind

# Smaller pictures, as a share of the page, are ornaments; nobody counts more of them than this.
_LEAST_PICTURE = 0.05
_MOST_PICTURES = 200


def recognised(page: Any, sheet: Sheet, number: int, limits: Limits) -> Leaf:
    """The page as it looks, recognised; unreadable when it has no words and a picture on it cannot be shown."""
    try:
        drawn = page.render(scale=ocr.scale_for(sheet.width, sheet.height), grayscale=True)
    except pypdfium2.PdfiumError:
        return Leaf(number, PageKind.UNREADABLE, width=sheet.width, height=sheet.height, reason=PAGE_CRASHED)
    leaf = recognition.leaf(drawn.to_pil(), number, sheet.width, sheet.height, limits)
    if not leaf.text and _has_damaged_picture(page, sheet.width * sheet.height):
        return replace(leaf, kind=PageKind.UNREADABLE, reason=PAGE_PICTURE_DAMAGED)
    return leaf


def _has_damaged_picture(page: Any, area: float) -> bool:
    pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    return any(_is_damaged(picture, area) for picture in islice(pictures, _MOST_PICTURES))


def _is_damaged(picture: Any, area: float) -> bool:
    """Whether a picture that takes up some of the page has no pixels to show: a blank scan has them."""
    try:
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) >= _LEAST_PICTURE * area:
            picture.get_bitmap().close()
    except pypdfium2.PdfiumError:
        return True
    return False
