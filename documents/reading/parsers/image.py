"""Pictures of pages: PNG, JPEG, WebP, and TIFF with any number of pages. Their text is recognised."""

import warnings
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from documents.reading import ocr, recognition
from documents.reading.errors import DAMAGED_PICTURE, PAGE_CRASHED, PAGE_TOO_LARGE, Code, UnreadableFile
from documents.reading.items import Expected, Item
from documents.reading.limits import Limits
from documents.values import Leaf, PageKind

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "MPO")
# What a scanner would write where the file says nothing, or nonsense.
_USUAL_DPI = 96.0
_LEAST_DPI, _MOST_DPI = 30.0, 2_400.0
# Pillow raises these for pictures whose insides are broken.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError)


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    Image.MAX_IMAGE_PIXELS = limits.pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with _open(path) as picture:
        count = min(getattr(picture, "n_frames", 1), limits.pages) if picture.format == "TIFF" else 1
        yield Expected(count)
        for number in limits.pages_wanted or range(1, count + 1):
            yield _leaf(picture, number, limits)


def _open(path: Path) -> Image.Image:
    try:
        return Image.open(path, formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableFile(Code.TOO_LARGE, PAGE_TOO_LARGE, detail="pixels") from error
    except (UnidentifiedImageError, *_BROKEN) as error:
        raise UnreadableFile(Code.DAMAGED, DAMAGED_PICTURE, detail=type(error).__name__) from error


def _leaf(picture: Image.Image, number: int, limits: Limits) -> Leaf:
    """A page that cannot be decoded is counted too."""
    try:
        picture.seek(number - 1)
        if picture.width * picture.height > limits.pixels:
            return Leaf(number, PageKind.TOO_LARGE, reason=PAGE_TOO_LARGE)
        upright = ImageOps.exif_transpose(picture)
        width, height = _points(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Leaf(number, PageKind.TOO_LARGE, reason=PAGE_TOO_LARGE)
    except _BROKEN:
        return Leaf(number, PageKind.UNREADABLE, reason=PAGE_CRASHED)
    return recognition.leaf(upright, number, width, height, limits)


def _points(picture: Image.Image) -> tuple[float, float]:
    """The size on paper, by what the file says of its resolution."""
    said = picture.info.get("dpi", (_USUAL_DPI, _USUAL_DPI))
    across, down = (float(dpi) if _LEAST_DPI <= float(dpi) <= _MOST_DPI else _USUAL_DPI for dpi in said)
    return picture.width / across * ocr.POINTS_PER_INCH, picture.height / down * ocr.POINTS_PER_INCH
