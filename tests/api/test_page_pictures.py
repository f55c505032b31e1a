"""Pages as pictures, over the API and on the pages: where a citation's boxes stand, there are its words."""

from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageStat
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions, pictures
from documents import files as stored
from documents.models import Document
from tests.library import Commit
from tests.reading import files
from tests.reading.files import Sheet, Text

pytestmark = pytest.mark.django_db


def put(owner: User, commit: Commit, data: bytes, name: str = "report.pdf") -> Document:
    with commit():
        document = actions.upload(owner=owner, file=SimpleUploadedFile(name, data)).document
    return Document.objects.get(pk=document.pk)


def turned(data: bytes, **page_values: object) -> bytes:
    """The PDF with its pages turned or cut so."""
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            for name, value in page_values.items():
                page[f"/{name}"] = value
        pdf.save(out)
    return out.getvalue()


def drawn(api: APIClient, document: Document, number: int = 1, **query: int) -> Image.Image:
    answer = api.get(f"/api/documents/{document.pk}/pages/{number}.png", query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    return Image.open(BytesIO(answer.getvalue()))


def darkness(picture: Image.Image, box: tuple[float, ...]) -> float:
    """From 0, white, to 255, of this part of it, in fractions."""
    wide, tall = picture.size
    part = picture.convert("L").crop((box[0] * wide, box[1] * tall, box[2] * wide, box[3] * tall))
    return 255 - ImageStat.Stat(part).mean[0]


LINE = files.pdf(Sheet([Text("Rent nine hundred", x=100, y=600, size=24)]))


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"Rotate": 90},
        {"Rotate": 180},
        {"Rotate": 270},
        {"CropBox": [50, 500, 450, 700]},
        {"CropBox": [50, 500, 450, 700], "Rotate": 90},
    ],
)
def test_the_words_stand_in_their_boxes_however_the_page_is_cut_and_turned(
    api: APIClient, alice: User, commit: Commit, page: dict[str, object]
) -> None:
    document = put(alice, commit, turned(LINE, **page))

    picture = drawn(api, document)
    place = api.get(f"/api/documents/{document.pk}/place/", {"start": 0, "end": len(document.content)}).json()

    boxes = [tuple(box[1:]) for box in place["boxes"]]
    inside = sum(darkness(picture, box) * (box[2] - box[0]) * (box[3] - box[1]) for box in boxes)
    assert inside == pytest.approx(darkness(picture, (0, 0, 1, 1)), rel=0.1)


def test_a_picture_is_shown_as_the_camera_held_it(api: APIClient, alice: User, commit: Commit) -> None:
    photograph = Image.new("RGB", (300, 200), "white")
    photograph.paste("black", (0, 0, 300, 100))
    data, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    photograph.save(data, "JPEG", exif=exif)

    picture = drawn(api, put(alice, commit, data.getvalue(), "photo.jpg"))

    assert picture.width < picture.height
    assert darkness(picture, (0.6, 0, 1, 1)) > 200
    assert darkness(picture, (0, 0, 0.4, 1)) < 50


@pytest.mark.parametrize(
    ("wanted", "given"), [(1, 240), (240, 240), (300, 800), (1_201, 2_400), (9_000, 2_400), (None, 1_200)]
)
def test_there_are_four_widths(api: APIClient, alice: User, commit: Commit, wanted: int | None, given: int) -> None:
    document = put(alice, commit, LINE)

    picture = drawn(api, document, **({"width": wanted} if wanted else {}))

    assert given - 2 <= picture.width <= given


@pytest.mark.parametrize("number", [0, 2, 999_999, 10**12])
def test_a_page_that_is_not_there_has_no_picture(api: APIClient, alice: User, commit: Commit, number: int) -> None:
    document = put(alice, commit, LINE)

    assert api.get(f"/api/documents/{document.pk}/pages/{number}.png").status_code == 404


def test_a_page_without_a_size_is_drawn_on_a_usual_sheet(api: APIClient, alice: User, commit: Commit) -> None:
    both = files.pdf(Sheet([Text("Words")]), Sheet([Text("Hardly a page")]))
    with pikepdf.open(BytesIO(both)) as pdf:
        pdf.pages[1].MediaBox = [0, 0, 0, 0]
        pdf.save(file := BytesIO())

    document = put(alice, commit, file.getvalue())

    picture, row = drawn(api, document, 2), document.pages.get(number=2)
    assert picture.height / picture.width == pytest.approx(row.height / row.width, rel=0.01)


def test_a_page_whose_size_is_not_known_has_no_picture(api: APIClient, alice: User, commit: Commit) -> None:
    document = put(alice, commit, LINE)
    document.pages.update(width=0, height=0)

    answer = api.get(f"/api/documents/{document.pk}/pages/1.png")

    assert (answer.status_code, answer.json()["detail"]) == (404, pictures.NO_SUCH_PAGE)


def test_formats_without_pages_have_none(api: APIClient, as_alice: Client, notice: Document) -> None:
    answer = api.get(f"/api/documents/{notice.pk}/pages/1.png")

    assert (answer.status_code, answer.json()["code"]) == (404, "no_picture")
    assert answer.json()["detail"].startswith("This document has no page pictures")
    assert as_alice.get(f"/documents/{notice.pk}/pages/1.png").status_code == 404


def test_an_immense_page_is_drawn_small(api: APIClient, alice: User, commit: Commit) -> None:
    document = put(alice, commit, turned(LINE, MediaBox=[0, 0, 14_400, 60], CropBox=[0, 0, 14_400, 60]))
    tall = put(alice, commit, turned(LINE, MediaBox=[0, 0, 60, 14_400], CropBox=[0, 0, 60, 14_400]))

    assert max(drawn(api, document).size) <= 4_000
    assert max(drawn(api, tall).size) <= 4_000


def test_a_page_that_cannot_be_drawn_says_so(api: APIClient, as_alice: Client, alice: User, commit: Commit) -> None:
    document = put(alice, commit, LINE)
    stored.path(document.file_name).write_bytes(b"%PDF-1.7 no more of it")

    answer = api.get(f"/api/documents/{document.pk}/pages/1.png")

    assert (answer.status_code, answer.json()["code"]) == (422, "not_drawn")
    assert "This page cannot be drawn." in answer.json()["detail"]
    shown = as_alice.get(f"/documents/{document.pk}/pages/1.png")
    assert (shown.status_code, shown["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert "damaged" in shown.content.decode()


def test_a_width_that_is_none_is_refused(api: APIClient, alice: User, commit: Commit) -> None:
    document = put(alice, commit, LINE)

    assert api.get(f"/api/documents/{document.pk}/pages/1.png", {"width": "wide"}).status_code == 400


def test_bob_sees_no_page_of_alices(api_of_bob: APIClient, as_bob: Client, alice: User, commit: Commit) -> None:
    document = put(alice, commit, LINE)

    assert api_of_bob.get(f"/api/documents/{document.pk}/pages/1.png").status_code == 404
    assert as_bob.get(f"/documents/{document.pk}/pages/1.png").status_code == 404


def test_on_the_pages_it_is_kept_by_the_browser_and_by_nobody_else(
    as_alice: Client, alice: User, commit: Commit
) -> None:
    document = put(alice, commit, LINE)

    answer = as_alice.get(f"/documents/{document.pk}/pages/1.png", {"width": "240"})

    assert answer["Cache-Control"] == "private, max-age=86400, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue().startswith(b"\x89PNG")
