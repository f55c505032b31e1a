"""Pages as pictures, drawn when somebody first looks and kept beside the original."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path

from documents import files, providers
from documents.models import Document, Page
from documents.reading import sandbox
from documents.reading.parsers import registry

WIDTHS = (240, 800, 1_200)
# So many are drawn at once in a process; who waits longer is told to come back.
_AT_ONCE, _PATIENCE_SECONDS = 2, 15.0
_drawing = threading.BoundedSemaphore(_AT_ONCE)


class Busy(Exception):
    """Others are being drawn just now."""


class NotDrawn(Exception):
    """This page has no picture."""


def has_pictures(document: Document) -> bool:
    """Whether its pages can be drawn."""
    format_ = registry.by_media_type(document.media_type)
    return format_ is not None and format_.is_paged


def of(document: Document, number: int, width: int = WIDTHS[-1]) -> Path:
    """The file with the picture of a page, so many pixels wide or the next width there is. Raises NotDrawn, Busy, or
    UnreadableFile."""
    wide = next((one for one in WIDTHS if one >= width), WIDTHS[-1])
    if not has_pictures(document) or not Page.objects.filter(document=document, number=number, width__gt=0).exists():
        raise NotDrawn
    place = folder(document.file_name) / f"{number}-{wide}.png"
    if not place.exists():
        _draw(document, number, wide, place)
    return place


def folder(name: str) -> Path:
    """Where the pictures of an original are kept."""
    return files.path(name.replace("originals/", "pictures/", 1))


def forget(name: str) -> None:
    """Removes the pictures of an original."""
    shutil.rmtree(folder(name), ignore_errors=True)


def _draw(document: Document, number: int, width: int, place: Path) -> None:
    if not _drawing.acquire(timeout=_PATIENCE_SECONDS):
        raise Busy
    try:
        limits = replace(providers.limits(pages_wanted=(number,)), picture_width=width)
        drawn = sandbox.draw(files.path(document.file_name), document.filename, limits)
    finally:
        _drawing.release()
    files.put(place, drawn)
