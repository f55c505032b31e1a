"""Text recognition on pages drawn here."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from documents.reading import word_boxes
from documents.reading.errors import NO_WORDS, Code, UnreadableFile
from documents.reading.limits import DEFAULT, Limits
from documents.reading.parsers import image
from documents.reading.sandbox import read
from documents.values import PageKind, ReadDocument
from tests.reading.reading import place, placed, read_with

LINES = (
    "The rent is nine hundred euros a month.",
    "It is due on the first day of every month,",
    "and the tenant pays it to the account below.",
    "The deposit is twice the rent of one month.",
    "Repairs of the roof are paid by the land-",
    "lord.",
)


def page(*lines: str, turned: int = 0, size: int = 40) -> Image.Image:
    """Black on white at 200 dpi; turned counter-clockwise in degrees."""
    sheet = Image.new("L", (1100, 600), 255)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size)
    for number, words in enumerate(lines):
        pen.text((100, 80 + 70 * number), words, fill=0, font=font)
    return sheet.rotate(turned, expand=True)


def saved(folder: Path, picture: Image.Image, kind: str = "PNG", **options: object) -> Path:
    path = folder / "picture"
    picture.save(path, kind, dpi=(200, 200), **options)
    return path


def deepened(gray: Image.Image) -> Image.Image:
    """With 16 bits a pixel, as scanners of films make them."""
    return gray.convert("I").point(lambda value: value * 257).convert("I;16")


def recognised(folder: Path, picture: Image.Image) -> ReadDocument:
    return read_with(image.parse, saved(folder, picture))


def test_a_picture_of_a_page_becomes_text_with_places_and_confidence(tmp_path: Path) -> None:
    document = recognised(tmp_path, page(*LINES))

    word = place(document, "rent")
    assert document.text.startswith("The rent is nine hundred euros a month.")
    assert document.pages[0].kind is PageKind.OCR
    assert (document.pages[0].confidence or 0) > 0.8
    assert (word.confidence or 0) > 0.5
    assert word.x0 == pytest.approx(180 / 1100, abs=0.02)
    assert word.y0 == pytest.approx(90 / 600, abs=0.03)


def test_a_word_divided_at_a_lines_end_is_one_word_in_two_places(tmp_path: Path) -> None:
    document = recognised(tmp_path, page(*LINES))

    assert "paid by the landlord." in document.text
    assert [letters for letters, _ in placed(document)][-2:] == ["land", "lord."]


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_turned_pages_are_read_and_boxes_stand_where_the_words_are(tmp_path: Path, turned: int) -> None:
    upright = place(recognised(tmp_path, page(*LINES)), "rent")
    middle = ((upright.x0 + upright.x1) / 2, (upright.y0 + upright.y1) / 2)
    expected = {90: (middle[1], 1 - middle[0]), 180: (1 - middle[0], 1 - middle[1]), 270: (1 - middle[1], middle[0])}

    word = place(recognised(tmp_path, page(*LINES, turned=turned)), "rent")

    assert ((word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2) == pytest.approx(expected[turned], abs=0.02)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("JPEG", "CMYK"), ("WEBP", "RGB"), ("PNG", "I;16")]
)
def test_every_kind_of_picture_is_read(tmp_path: Path, kind: str, mode: str) -> None:
    gray = page(*LINES)
    picture = deepened(gray) if mode == "I;16" else gray.convert(mode)

    document = read_with(image.parse, saved(tmp_path, picture, kind))

    assert "nine hundred euros" in document.text


def test_every_page_of_a_scan_is_there(tmp_path: Path) -> None:
    pages = [page("The first page."), Image.new("L", (600, 600), 255), page("The third page.")]

    document = read_with(image.parse, saved(tmp_path, pages[0], "TIFF", save_all=True, append_images=pages[1:]))

    assert [leaf.kind for leaf in document.pages] == [PageKind.OCR, PageKind.EMPTY, PageKind.OCR]
    assert document.text == "The first page.\n\nThe third page."


def test_a_page_of_too_many_pixels_is_put_down_as_too_large(tmp_path: Path) -> None:
    pages = [page("The first page."), Image.new("1", (4000, 4000), 1)]
    path = saved(tmp_path, pages[0], "TIFF", save_all=True, append_images=pages[1:])

    document = read_with(image.parse, path, Limits(pixels=1_000_000))

    assert [leaf.kind for leaf in document.pages] == [PageKind.OCR, PageKind.TOO_LARGE]
    assert "more than 1 megapixels" in document.pages[1].reason


def test_a_scan_of_too_many_pages_is_refused_with_the_limit(tmp_path: Path) -> None:
    blank = Image.new("1", (60, 60), 1)
    path = saved(tmp_path, blank, "TIFF", save_all=True, append_images=[blank, blank])

    with pytest.raises(UnreadableFile, match="3 pages; up to 2 are read") as refused:
        read_with(image.parse, path, Limits(pages=2))

    assert refused.value.code == Code.TOO_MANY_PAGES


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("1", (30_000, 30_000)))

    with pytest.raises(UnreadableFile) as refused:
        read(path, "bomb.png")

    assert refused.value.code in (Code.TOO_LARGE, Code.NO_TEXT)
    assert "more than 100 megapixels" in str(refused.value)


def test_a_torn_picture_is_refused_with_words(tmp_path: Path) -> None:
    file = BytesIO()
    page(*LINES).save(file, "PNG")
    path = tmp_path / "torn.png"
    path.write_bytes(file.getvalue()[:600])

    with pytest.raises(UnreadableFile) as refused:
        read(path, "torn.png")

    assert refused.value.code in (Code.DAMAGED, Code.NO_TEXT)


def test_a_picture_without_words_says_so(tmp_path: Path) -> None:
    document = read(saved(tmp_path, Image.radial_gradient("L").resize((900, 700))), "sun.png")

    assert [page.kind for page in document.pages] == [PageKind.EMPTY]
    assert document.notes == (NO_WORDS,)


def test_the_walls_do_not_hinder_recognition(tmp_path: Path) -> None:
    document = read(saved(tmp_path, page(*LINES)), "page.png", DEFAULT)

    assert document.language == "en"
    assert len(word_boxes.unpack(document.pages[0].words)) > 15
