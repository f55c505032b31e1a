"""A page read by text recognition: the leaf it makes, and what is said when there was nothing to recognise."""

from dataclasses import replace

from PIL import Image

from documents.reading import ocr
from documents.reading.errors import PAGE_ILLEGIBLE, PAGE_WITHOUT_WORDS, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.typesetting import set_page
from documents.values import Leaf, PageKind

# Below this mean the letters are guesses: another script, handwriting, or the grain of a photograph.
_LEAST_CONFIDENCE = 0.5
# So few words may be stains; as many make a page that somebody wrote.
_FEWEST_WORDS = 12


def leaf(picture: Image.Image, number: int, width: float, height: float, limits: Limits) -> Leaf:
    """The page on the picture, `width` × `height` points; unreadable with its reason when its letters are none."""
    try:
        found = ocr.recognise(picture, width, height, limits)
    except UnreadableFile as error:
        if not error.resumable:
            raise
        return Leaf(number, PageKind.UNREADABLE, width=width, height=height, reason=str(error))
    if found.confidence < _LEAST_CONFIDENCE:
        reason = _reason(found)
        kind = PageKind.UNREADABLE if reason else PageKind.EMPTY
        return Leaf(number, kind, width=width, height=height, reason=reason)
    fractions = found.stance.fractions
    page = set_page(found.lines, fractions, limits, number=number, kind=PageKind.OCR, width=width, height=height)
    return replace(page, confidence=round(found.confidence, 3))


def _reason(found: ocr.Recognised) -> str:
    """Why a page has no words that can be trusted; nothing when it is blank, or a photograph."""
    if found.words >= _FEWEST_WORDS:
        return PAGE_ILLEGIBLE
    return PAGE_WITHOUT_WORDS if found.looks_written else ""
