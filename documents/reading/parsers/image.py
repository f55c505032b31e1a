"""Pictures of pages: PNG, JPEG, WebP, and TIFF with any number of pages. Their text is recognised."""

import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from documents.reading import ocr, painting, recognition
from documents.reading.errors import (
    DAMAGED_PICTURE,
    PAGE_CRASHED,
    PAGE_WITHOUT_WORDS,
    Code,
    UnreadableFile,
    too_many_pixels,
)
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
    with _open(path, limits) as picture:
        count = _page_count(picture, limits)
        yield Expected(count)
        for number in limits.pages_wanted or range(1, count + 1):
            leaf = _leaf(picture, number, limits)
            yield _kept(leaf) if count == 1 else leaf


def draw(path: Path, limits: Limits) -> bytes:
    """The page as a viewer shows it, turned as the camera said, in the proportions it has on paper."""
    Image.MAX_IMAGE_PIXELS = limits.pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with _open(path, limits) as picture:
        try:
            picture.seek(limits.pages_wanted[0] - 1)
            if picture.width * picture.height > limits.pixels:
                raise _too_large(limits)
            return _drawn(picture, limits)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large(limits) from error
        except _BROKEN as error:
            raise UnreadableFile(Code.DAMAGED, PAGE_CRASHED, detail=type(error).__name__) from error


def _drawn(picture: Image.Image, limits: Limits) -> bytes:
    # JPEGs are decoded no larger than needed: of 99 megapixels in a third of the time and a tenth of the memory.
    picture.draft(None, (limits.picture_width, limits.picture_width))
    ImageOps.exif_transpose(picture, in_place=True)
    width, height = _points(picture)
    by = painting.scale(width, height, limits)
    size = max(round(width * by), 1), max(round(height * by), 1)
    # A copy of a large scan takes 400 MB: those whose pixels can be mixed as they are do without.
    mixable: Image.Image = picture if _is_plain(picture) else painting.flat(picture).convert("RGB")
    return painting.png(mixable.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0))


def _is_plain(picture: Image.Image) -> bool:
    return picture.mode in ("L", "RGB") and "transparency" not in picture.info


def _too_large(limits: Limits) -> UnreadableFile:
    return UnreadableFile(Code.TOO_LARGE, too_many_pixels(limits.pixels), detail="pixels")


def _open(path: Path, limits: Limits) -> Image.Image:
    try:
        return Image.open(path, formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(limits) from error
    except (UnidentifiedImageError, *_BROKEN) as error:
        raise UnreadableFile(Code.DAMAGED, DAMAGED_PICTURE, detail=type(error).__name__) from error


def _page_count(picture: Image.Image, limits: Limits) -> int:
    count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    if count > limits.pages:
        raise UnreadableFile(
            Code.TOO_MANY_PAGES,
            f"This picture has {count:,} pages; up to {limits.pages:,} are read. Split it and upload the parts.",
        )
    return count


def _kept(leaf: Leaf) -> Leaf:
    """A picture without words, alone in its file, is what its owner wanted kept: nothing is amiss."""
    return replace(leaf, kind=PageKind.EMPTY, reason="") if leaf.reason == PAGE_WITHOUT_WORDS else leaf


def _leaf(picture: Image.Image, number: int, limits: Limits) -> Leaf:
    """A page that cannot be decoded is counted too."""
    try:
        picture.seek(number - 1)
        if picture.width * picture.height > limits.pixels:
            return Leaf(number, PageKind.TOO_LARGE, reason=too_many_pixels(limits.pixels))
        upright = ImageOps.exif_transpose(picture)
        width, height = _points(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Leaf(number, PageKind.TOO_LARGE, reason=too_many_pixels(limits.pixels))
    except _BROKEN:
        return Leaf(number, PageKind.UNREADABLE, reason=PAGE_CRASHED)
    return recognition.leaf(upright, number, width, height, limits)


def _points(picture: Image.Image) -> tuple[float, float]:
    """The size on paper, by what the file says of its resolution."""
    said = picture.info.get("dpi", (_USUAL_DPI, _USUAL_DPI))
    across, down = (float(dpi) if _LEAST_DPI <= float(dpi) <= _MOST_DPI else _USUAL_DPI for dpi in said)
    return picture.width / across * ocr.POINTS_PER_INCH, picture.height / down * ocr.POINTS_PER_INCH
