"""Pages are drawn behind the walls: whatever the file is, a PNG of a sane size comes of it, or words."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from documents.reading import sandbox
from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.reports import LONGEST_EDGE, check_picture
from tests.reading import files
from tests.reading.files import Sheet, Text

PAGE = files.pdf(Sheet([Text("Words on a page")]))


def draw(folder: Path, data: bytes, limits: Limits, name: str = "file.pdf") -> Image.Image:
    path = folder / name
    path.write_bytes(data)
    return Image.open(BytesIO(sandbox.draw(path, name, limits)))


def refused(folder: Path, data: bytes, limits: Limits, name: str = "file.pdf") -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        draw(folder, data, limits, name)
    return caught.value


def sized(width: float, height: float) -> bytes:
    file = BytesIO()
    with pikepdf.open(BytesIO(PAGE)) as pdf:
        pdf.pages[0].MediaBox = [0, 0, width, height]
        pdf.save(file)
    return file.getvalue()


def tiff(*sizes: tuple[int, int]) -> bytes:
    file, (first, *others) = BytesIO(), [Image.new("L", size, "white") for size in sizes]
    first.save(file, "TIFF", save_all=True, append_images=others)
    return file.getvalue()


@pytest.mark.parametrize(
    ("width", "height"), [(14_400, 14_400), (14_400, 1), (1, 14_400), (0.01, 0.01), (1e9, 1e9), (600, 1e-7)]
)
def test_no_page_is_too_large_or_too_small_to_be_drawn(tmp_path: Path, width: float, height: float) -> None:
    picture = draw(tmp_path, sized(width, height), Limits(pages_wanted=(1,), picture_width=800))

    assert 0 < picture.width <= 800
    assert 0 < picture.height <= LONGEST_EDGE


@pytest.mark.parametrize("number", [2, 2_000, 2**40])
def test_a_page_beyond_the_last_is_refused(tmp_path: Path, number: int) -> None:
    assert refused(tmp_path, PAGE, Limits(pages_wanted=(number,))).code == Code.DAMAGED


def test_a_picture_of_too_many_pixels_is_refused_with_the_limit(tmp_path: Path) -> None:
    limits = Limits(pages_wanted=(2,), pixels=20_000)

    error = refused(tmp_path, tiff((100, 100), (200, 200)), limits, "scan.tiff")

    assert (error.code, "0.02 megapixels" in str(error)) == (Code.TOO_LARGE, True)


def test_the_other_pages_of_such_a_file_are_drawn(tmp_path: Path) -> None:
    limits = Limits(pages_wanted=(1,), pixels=20_000)

    assert draw(tmp_path, tiff((100, 100), (200, 200)), limits, "scan.tiff").size == (1_199, 1_199)


@pytest.mark.parametrize("left", [40, 200, 600])
def test_what_is_cut_off_ends_in_words(tmp_path: Path, left: int) -> None:
    assert str(refused(tmp_path, tiff((100, 100))[:left], Limits(pages_wanted=(1,)), "scan.tiff"))


def test_a_locked_file_says_so(tmp_path: Path) -> None:
    locked = files.pdf(Sheet(), locked=True)

    assert refused(tmp_path, locked, Limits(pages_wanted=(1,))).code == Code.ENCRYPTED


def png(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("L", (width, height)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"<html><script>",
        b"GIF89a" + png(10, 10),
        png(10, 10)[:-1],
        png(10, 10) + b"<script>",
        png(801, 10),
        png(10, LONGEST_EDGE + 1),
    ],
)
def test_what_is_no_whole_picture_of_the_size_is_not_taken(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        check_picture(data, Limits(picture_width=800))
