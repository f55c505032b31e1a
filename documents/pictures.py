"""Pages as pictures: the first is drawn when its document is read, others when somebody looks; kept by the original."""

import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from documents import files, providers
from documents.models import Document, Page
from documents.reading import nursery, reports, sandbox
from documents.reading.errors import Code, UnreadableFile
from documents.reading.parsers import registry
from documents.values import ReadDocument

log = logging.getLogger(__name__)

WIDTHS = (240, 800, 1_200, 2_400)
# Of who does not say how wide; the widest are for those who look closely.
USUAL = 1_200
# Raised whenever pages come out otherwise: what was kept before is drawn again.
RENDERER = 1
# So many are drawn at once in a process, and so many wait; who comes then, or waits longer, is told to come back.
_AT_ONCE, _WAITING, _PATIENCE_SECONDS = 2, 6, 5.0
_drawing = threading.BoundedSemaphore(_AT_ONCE)
_room = threading.BoundedSemaphore(_AT_ONCE + _WAITING)

NO_PICTURES = "This document has no page pictures: only PDFs, scans and pictures have them. Read its text instead."
NO_SUCH_PAGE = "This document has no picture of this page. Choose one of its pages that was read."
NO_ORIGINAL = "The original of this document is missing on the server. Upload it again."


class Busy(Exception):
    """Others are being drawn just now; try again in so many seconds."""

    retry_after_seconds = 5

    def __init__(self) -> None:
        super().__init__("Other pages are being drawn. Ask again in a moment.")


class NotDrawn(Exception):
    """This page has no picture, in words for who asked."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a PNG; `tag` is another one for other pixels."""

    data: bytes
    tag: str


def has_pictures(document: Document) -> bool:
    """Whether its pages can be drawn."""
    format_ = registry.by_media_type(document.media_type)
    return format_ is not None and format_.is_paged


def of(document: Document, number: int, width: int = USUAL) -> Picture:
    """The picture of a page, so many pixels wide or the next width there is. Raises NotDrawn, Busy or
    UnreadableFile."""
    wide = next((one for one in WIDTHS if one >= width), WIDTHS[-1])
    if not has_pictures(document):
        raise NotDrawn(NO_PICTURES)
    if not Page.objects.filter(document=document, number=number, width__gt=0, height__gt=0).exists():
        raise NotDrawn(NO_SUCH_PAGE)
    data = _kept(document, number, wide) or _drawn(document, number, wide)
    return Picture(data, f'"{document.sha256[:32]}-{number}-{wide}-{RENDERER}"')


def draw_first(document: Document, text: ReadDocument) -> None:
    """Draws the first page small, for lists. A document is none the worse for not having it."""
    first = text.pages[0] if text.pages else None
    if first is None or not has_pictures(document) or first.width <= 0 or first.height <= 0:
        return
    try:
        if not _kept(document, first.number, WIDTHS[0]):
            _drawn(document, first.number, WIDTHS[0])
    except (UnreadableFile, NotDrawn, Busy, OSError) as error:
        log.info("no picture of the first page of %s: %s", document.pk, type(error).__name__)


def folder(name: str) -> Path:
    """Where the pictures of an original are kept."""
    return files.path(name.replace("originals/", "pictures/", 1))


def forget(name: str) -> None:
    """Removes the pictures of an original."""
    shutil.rmtree(folder(name), ignore_errors=True)


def _place(document: Document, number: int, width: int) -> Path:
    # An original is never written to: its folder stands for its bytes.
    return folder(document.file_name) / f"{number}-{width}-{RENDERER}.png"


def _kept(document: Document, number: int, width: int) -> bytes:
    """What was drawn before; nothing when it was not, or when the power went before all of it was on the disk."""
    try:
        data = _place(document, number, width).read_bytes()
    except FileNotFoundError:
        return b""
    return data if reports.is_picture(data, width) else b""


def _drawn(document: Document, number: int, width: int) -> bytes:
    """The picture, drawn and kept."""
    limits = replace(providers.limits(pages_wanted=(number,)), picture_width=width)
    with _turn():
        try:
            data = sandbox.draw(files.path(document.file_name), document.filename, limits)
        except nursery.NotBorn as error:
            raise Busy from error
        except FileNotFoundError as error:
            raise UnreadableFile(Code.DAMAGED, NO_ORIGINAL, detail="no original") from error
    files.put(_place(document, number, width), data)
    if not Document.objects.filter(pk=document.pk).exists():
        # Deleted meanwhile, perhaps after its pictures were looked for.
        forget(document.file_name)
        raise NotDrawn(NO_SUCH_PAGE)
    return data


@contextmanager
def _turn() -> Iterator[None]:
    """While the block runs, few others draw. Raises Busy when too many want to."""
    if not _room.acquire(blocking=False):
        raise Busy
    try:
        if not _drawing.acquire(timeout=_PATIENCE_SECONDS):
            raise Busy
        try:
            yield
        finally:
            _drawing.release()
    finally:
        _room.release()
