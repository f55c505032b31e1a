"""Pages as pictures: how large they are drawn, and the bytes of one."""

from io import BytesIO

from PIL import Image, ImageOps

from documents.reading.errors import PAGE_CRASHED, Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.reports import LONGEST_EDGE


def scale(width: float, height: float, limits: Limits) -> float:
    """By how much a page of this size is drawn larger or smaller."""
    if width <= 0 or height <= 0:
        raise UnreadableFile(Code.DAMAGED, PAGE_CRASHED, detail="a page without a size")
    # A pixel less than allowed, however it is rounded.
    return min((limits.picture_width - 1) / width, (LONGEST_EDGE - 1) / height)


def flat(picture: Image.Image) -> Image.Image:
    """The picture on white where it lets shine through, in eight bits."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        coloured = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured)
    if picture.mode.startswith("I"):
        picture = ImageOps.autocontrast(picture.point(lambda value: value / 256).convert("L"))
    return picture


def png(picture: Image.Image) -> bytes:
    data = BytesIO()
    picture.convert("RGB").save(data, "PNG", compress_level=6)
    return data.getvalue()
