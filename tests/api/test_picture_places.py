"""What boxes say of a page is where its picture has the words, whatever kind of page it is."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont
from rest_framework.test import APIClient

from accounts.models import User
from documents.models import Document
from tests.api.test_page_pictures import darkness, drawn, put
from tests.library import Commit
from tests.reading import files
from tests.reading.files import Sheet, Text
from tests.reading.test_ocr import LINES, deepened, page
from tests.reading.test_pdf_odd import _form as form

pytestmark = pytest.mark.django_db

# How a camera says that the picture was held: what has to be done to it so that it is stored like this.
STORED: dict[int, tuple[Image.Transpose, ...]] = {
    1: (),
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_90,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_270,),
}


def word(text: str, *, sheet: tuple[int, int] = (1100, 1400), at: tuple[int, int] = (200, 300)) -> Image.Image:
    picture = Image.new("RGB", sheet, "white")
    ImageDraw.Draw(picture).text(at, text, fill="black", font=ImageFont.load_default(70))
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def share_in_boxes(api: APIClient, document: Document, number: int = 1) -> float:
    """How much of the page's ink lies within the boxes of all its words."""
    picture = drawn(api, document, number)
    row = document.pages.get(number=number)
    place = api.get(f"/api/documents/{document.pk}/place/", {"start": row.start, "end": row.end}).json()
    covered, mask = picture.copy(), Image.new("L", picture.size, "white")
    for _, x0, y0, x1, y1 in (box for box in place["boxes"] if box[0] == number):
        edges = (
            round(x0 * picture.width),
            round(y0 * picture.height),
            round(x1 * picture.width),
            round(y1 * picture.height),
        )
        covered.paste("white", edges)
        mask.paste("black", edges)
    # Boxes over the whole page would hold all its ink too.
    assert darkness(mask, (0, 0, 1, 1)) < 0.45 * 255
    return 1 - darkness(covered, (0, 0, 1, 1)) / darkness(picture, (0, 0, 1, 1))


@pytest.mark.parametrize("orientation", STORED)
def test_words_of_a_photograph_stand_in_their_boxes_however_it_was_held(
    api: APIClient, alice: User, commit: Commit, orientation: int
) -> None:
    picture, exif = word("Rent nine hundred"), Image.Exif()
    exif[0x0112] = orientation
    for step in STORED[orientation]:
        picture = picture.transpose(step)

    document = put(alice, commit, saved(picture, "JPEG", exif=exif), "photo.jpg")

    assert document.content == "Rent nine hundred"
    assert drawn(api, document).width < drawn(api, document).height
    assert share_in_boxes(api, document) > 0.9


@pytest.mark.parametrize("turned", [90, 180, 270, 4])
def test_words_of_a_scan_that_lies_turned_stand_in_their_boxes(
    api: APIClient, alice: User, commit: Commit, turned: int
) -> None:
    scan = page(*LINES).rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor=255)

    document = put(alice, commit, saved(scan, "PNG", dpi=(200, 200)), "scan.png")

    assert "nine hundred euros" in document.content
    assert share_in_boxes(api, document) > 0.9


def test_every_page_of_a_scan_has_its_own_picture(api: APIClient, alice: User, commit: Commit) -> None:
    sheets = [word("First of all", at=(200, 200)), word("Second to none", at=(300, 1000))]

    document = put(alice, commit, saved(sheets[0], "TIFF", save_all=True, append_images=sheets[1:]), "scan.tiff")

    assert [share_in_boxes(api, document, number) > 0.9 for number in (1, 2)] == [True, True]
    assert drawn(api, document, 1).tobytes() != drawn(api, document, 2).tobytes()


def test_a_fax_has_the_proportions_of_its_paper(api: APIClient, alice: User, commit: Commit) -> None:
    fax = word("Rent nine hundred", sheet=(1700, 1100))

    document = put(alice, commit, saved(fax, "TIFF", dpi=(200, 100)), "fax.tiff")

    picture = drawn(api, document)
    assert picture.height / picture.width == pytest.approx(1100 / 850, rel=0.01)
    assert share_in_boxes(api, document) > 0.9


def _see_through(picture: Image.Image) -> Image.Image:
    ink = picture.convert("L").point(lambda value: 255 - value)
    clear = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    clear.putalpha(ink)
    return clear


@pytest.mark.parametrize(
    "made",
    [
        _see_through,
        lambda picture: deepened(picture.convert("L")),
        lambda picture: picture.convert("1"),
        lambda picture: picture.convert("P"),
    ],
    ids=["see-through", "16 bits", "1 bit", "palette"],
)
def test_every_kind_of_pixel_is_black_on_white(
    api: APIClient, alice: User, commit: Commit, made: Callable[[Image.Image], Image.Image]
) -> None:
    document = put(alice, commit, saved(made(word("Rent nine hundred")), "PNG"), "scan.png")

    assert darkness(drawn(api, document), (0, 0, 1, 1)) < 30
    assert share_in_boxes(api, document) > 0.9


def test_what_is_filled_into_a_form_is_in_the_picture(api: APIClient, alice: User, commit: Commit) -> None:
    filled, empty = (put(alice, commit, form(value), "form.pdf") for value in ("Ada Byron", ""))
    place = (250 / 600, 1 - 716 / 800, 500 / 600, 1 - 700 / 800)

    ink = [_black(drawn(api, document), place) for document in (filled, empty)]

    assert ink[0] > 100
    assert ink[1] == 0


def _black(picture: Image.Image, box: tuple[float, ...]) -> int:
    wide, tall = picture.size
    part = picture.convert("L").crop((int(box[0] * wide), int(box[1] * tall), int(box[2] * wide), int(box[3] * tall)))
    return sum(part.histogram()[:80])


def test_a_repaired_file_has_pictures(api: APIClient, alice: User, commit: Commit) -> None:
    before, _, after = files.pdf(Sheet([Text("Still to be read", size=24)])).rpartition(b">>")

    document = put(alice, commit, before + after)

    assert document.notes
    assert share_in_boxes(api, document) > 0.9
