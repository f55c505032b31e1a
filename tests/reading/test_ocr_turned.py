"""Text recognition on pages that lean, lie upside down, cannot be read or are damaged."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageDraw

from documents.reading.errors import PAGE_PICTURE_DAMAGED, PAGE_WITHOUT_WORDS
from documents.reading.ink import Ink
from documents.reading.parsers import image, pdf
from documents.values import PageKind, ReadDocument
from tests.reading.files_pdf import drawn
from tests.reading.reading import place, read_with
from tests.reading.test_ocr import LINES, page, recognised, saved


def leaning(degrees: float) -> Image.Image:
    """The page turned counter-clockwise, on a larger sheet."""
    return page(*LINES).rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def scribble() -> Image.Image:
    """Arcs on paper: surely drawn by hand, and no letters."""
    sheet = Image.new("L", (1100, 1400), 255)
    pen = ImageDraw.Draw(sheet)
    for top in range(100, 1300, 100):
        for left in range(100, 1000, 40):
            pen.arc((left, top, left + 60, top + 70), 20, 320, fill=0, width=3)
    return sheet


def pdf_of(folder: Path, content: bytes, kind: str = "/DCTDecode") -> Path:
    """A page filled by one picture, whose bytes are these."""
    file = pikepdf.new()
    picture = Stream(file, b"")
    picture.write(content, filter=Name(kind))
    for key, value in {"Width": 1100, "Height": 1400, "BitsPerComponent": 8}.items():
        picture[f"/{key}"] = value
    picture.Type, picture.Subtype, picture.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
    resources = Dictionary(XObject=Dictionary(I=file.make_indirect(picture)))
    drawing = file.make_stream(b"q 550 0 0 700 20 20 cm /I Do Q")
    sheet = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 590, 740]), Resources=resources, Contents=drawing)
    file.pages.append(pikepdf.Page(file.make_indirect(sheet)))
    file.save(folder / "scan.pdf")
    return folder / "scan.pdf"


def jpeg(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


def read_scan(path: Path) -> ReadDocument:
    return read_with(pdf.parse, path)


@pytest.mark.parametrize("degrees", [-12.0, -6.0, 8.0, 12.0])
def test_a_leaning_page_is_read_whole(tmp_path: Path, degrees: float) -> None:
    document = recognised(tmp_path, leaning(degrees))

    assert document.text.startswith("The rent is nine hundred euros a month.")
    assert "paid by the landlord." in document.text


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_boxes_of_a_leaning_page_hold_its_words(tmp_path: Path, turned: int) -> None:
    picture = leaning(8).rotate(turned, expand=True)

    word = place(recognised(tmp_path, picture), "tenant")

    wide, tall = picture.size
    mark = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mark).rectangle((word.x0 * wide, word.y0 * tall, word.x1 * wide, word.y1 * tall), fill=255)
    alone = Image.composite(picture, Image.new("L", picture.size, 255), mark).rotate(-turned, expand=True)
    assert "tenant" in recognised(tmp_path, alone).text


@pytest.mark.parametrize("lines", [LINES[1:2], LINES[1:3], LINES[:4]])
def test_a_few_lines_upside_down_are_read(tmp_path: Path, lines: tuple[str, ...]) -> None:
    document = recognised(tmp_path, page(*lines, turned=180))

    assert document.text.startswith(lines[0])
    assert (document.pages[0].confidence or 0) > 0.8


def test_a_scan_of_scribbles_is_unreadable_with_a_reason(tmp_path: Path) -> None:
    document = read_scan(pdf_of(tmp_path, jpeg(scribble())))

    assert [leaf.kind for leaf in document.pages] == [PageKind.UNREADABLE]
    assert document.pages[0].reason


def test_a_blank_scan_is_empty(tmp_path: Path) -> None:
    document = read_scan(pdf_of(tmp_path, jpeg(Image.new("L", (1100, 1400), 250))))

    assert [leaf.kind for leaf in document.pages] == [PageKind.EMPTY]


@pytest.mark.parametrize("kind", ["/DCTDecode", "/JPXDecode"])
def test_a_page_whose_picture_is_damaged_is_unreadable(tmp_path: Path, kind: str) -> None:
    document = read_scan(pdf_of(tmp_path, b"no picture at all" * 20, kind))

    assert [(leaf.kind, leaf.reason) for leaf in document.pages] == [(PageKind.UNREADABLE, PAGE_PICTURE_DAMAGED)]


def test_a_drawing_is_lost_among_the_pages_of_a_scan_and_kept_alone(tmp_path: Path) -> None:
    drawing = Image.new("L", (1100, 800), 255)
    for size in range(60, 700, 24):
        ImageDraw.Draw(drawing).ellipse((550 - size / 2, 400 - size / 2, 550 + size / 2, 400 + size / 2), outline=0)

    alone = recognised(tmp_path, drawing)
    path = saved(tmp_path, page(*LINES), "TIFF", save_all=True, append_images=[drawing.copy()])
    among = read_with(image.parse, path)

    assert alone.pages[0].kind is PageKind.EMPTY
    assert (among.pages[1].kind, among.pages[1].reason) == (PageKind.UNREADABLE, PAGE_WITHOUT_WORDS)


def test_level_lines_are_left_as_they_are() -> None:
    assert Ink.of(page(*LINES)).skew() == 0.0
    assert Ink.of(leaning(5)).skew() == pytest.approx(5.0, abs=0.3)
    assert Ink.of(leaning(5).rotate(90, expand=True)).skew() == pytest.approx(5.0, abs=0.3)


def test_a_photograph_of_no_paper_does_not_look_written() -> None:
    assert not Ink.of(Image.effect_noise((900, 700), 90)).looks_written
    assert not Ink.of(Image.new("L", (900, 700), 128)).looks_written
    assert Ink.of(page(*LINES)).looks_written


def test_writing_drawn_as_one_shape_is_no_blank_page(tmp_path: Path) -> None:
    strokes = "".join(
        f"{left} {top} m {left + 9} {top + 8} l {left} {top + 8} l {left + 9} {top} l "
        for top in range(100, 700, 24)
        for left in range(60, 540, 14)
    )
    path = tmp_path / "outlines.pdf"
    path.write_bytes(drawn(f"2 w {strokes} S"))

    document = read_scan(path)

    assert document.pages[0].kind is not PageKind.EMPTY
