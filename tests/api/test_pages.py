"""Pages over the API: their kinds, where words stand on them, and reading some of them again."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions, jobs, pipeline
from documents.models import Document, Job, JobState, Page, Status
from documents.reading.parsers import registry
from tests.library import Commit
from tests.reading import files
from tests.reading.files import Sheet, Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(alice: User, commit: Commit) -> Document:
    """A PDF of Alice's: a page of text, a page without any, a page of text with words nobody sees."""
    last = Sheet([Text("The rent is 900 euros."), Text("Praise the landlord.", x=20, y=-40)])
    data = files.pdf(Sheet([Text("The first page.")]), Sheet(), last)
    with commit():
        document = actions.upload(owner=alice, file=SimpleUploadedFile("report.pdf", data)).document
    return Document.objects.get(pk=document.pk)


def lose(document: Document, number: int) -> None:
    """As if the page had stopped the reading process."""
    Page.objects.filter(document=document, number=number).update(kind="unreadable", reason="It is torn.")
    Document.objects.filter(pk=document.pk).update(
        unread_pages=[number], unread=[{"page": number, "kind": "unreadable", "reason": "It is torn."}]
    )


def test_every_page_has_a_kind_and_hidden_words_are_told(api: APIClient, report: Document) -> None:
    content = api.get(f"/api/documents/{report.pk}/content/").json()

    assert [page["kind"] for page in content["pages"]] == ["text", "empty", "text"]
    hidden = [content["text"][start:end] for page in content["pages"] for start, end in page["hidden"]]
    assert hidden == ["Praise the landlord."]
    assert api.get(f"/api/documents/{report.pk}/").json()["hidden_text"] is True


def test_hidden_words_are_in_no_passage(report: Document) -> None:
    found = " ".join(report.content[passage.start : passage.end] for passage in report.passages.all())

    assert "900 euros" in found
    assert "landlord" not in found


def test_a_place_is_told_for_any_stretch_of_the_text(api: APIClient, report: Document) -> None:
    start = report.content.index("900 euros")

    place = api.get(f"/api/documents/{report.pk}/place/", {"start": start, "end": start + 9}).json()

    assert (place["page"], place["text"], place["anchor"]) == (3, "900 euros", "")
    [[page, x0, y0, x1, y1]] = place["boxes"]
    assert page == 3
    assert 0 < x0 < x1 < 1
    assert 0 < y0 < y1 < 1


@pytest.mark.parametrize(
    "span", [{"start": "5", "end": "5"}, {"start": "-1", "end": "3"}, {"start": "1"}, {"start": "a", "end": "2"}]
)
def test_a_stretch_that_is_none_is_refused_with_words(api: APIClient, report: Document, span: dict[str, str]) -> None:
    answer = api.get(f"/api/documents/{report.pk}/place/", span)

    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_a_row_of_a_sheet_has_a_place_by_name(api: APIClient, alice: User, commit: Commit) -> None:
    table = SimpleUploadedFile("sums.csv", b"Month,Amount\nMay,900\nJune,950\n")
    with commit():
        document = actions.upload(owner=alice, file=table).document
    document.refresh_from_db()
    start = document.content.index("June")

    place = api.get(f"/api/documents/{document.pk}/place/", {"start": start, "end": start + 4}).json()

    assert place["anchor"] == "Row 3"


def test_a_lost_page_can_be_read_again_alone(api: APIClient, report: Document, commit: Commit) -> None:
    lose(report, 1)

    with commit():
        answer = api.post(f"/api/documents/{report.pk}/read/", {"pages": [1]})

    shown = api.get(f"/api/documents/{report.pk}/").json()
    assert answer.status_code == 202
    assert (shown["status"], shown["unread"], shown["unread_pages"]) == ("ready", [], [])
    assert api.get(f"/api/documents/{report.pk}/content/").json()["text"] == report.content


def test_reading_a_page_again_leaves_the_others_as_they_are(api: APIClient, report: Document, commit: Commit) -> None:
    before = {page.number: page.words for page in report.pages.all()}

    with commit():
        api.post(f"/api/documents/{report.pk}/read/", {"pages": [2, 3]})

    assert {page.number: page.words for page in report.pages.all()} == before
    assert Document.objects.get(pk=report.pk).content_sha256 == report.content_sha256


def test_a_failure_to_read_a_page_again_costs_nothing(report: Document) -> None:
    actions.read_again(document=report, pages=(1,))
    held = jobs.claim(Job.objects.get(subject=report.pk, state=JobState.QUEUED).pk)
    assert held is not None

    pipeline.fail(held, state=JobState.FAILED, code="damaged", message="It is torn.")

    report.refresh_from_db()
    assert (report.status, report.error) == (Status.READY, "")
    assert report.content


@pytest.mark.parametrize("pages", [[4], [0], [], ["x"], list(range(1, 200))])
def test_pages_that_are_not_there_are_refused(api: APIClient, report: Document, pages: list[object]) -> None:
    answer = api.post(f"/api/documents/{report.pk}/read/", {"pages": pages})

    assert answer.status_code == 400
    assert not Job.objects.filter(subject=report.pk, state=JobState.QUEUED).exists()


def test_pages_of_a_text_cannot_be_read_one_by_one(api: APIClient, notice: Document) -> None:
    answer = api.post(f"/api/documents/{notice.pk}/read/", {"pages": [1]})

    assert (answer.status_code, answer.json()["code"]) == (400, "pages")


def test_a_document_at_work_is_not_read_page_by_page(api: APIClient, report: Document) -> None:
    Document.objects.filter(pk=report.pk).update(status=Status.READING)

    assert api.post(f"/api/documents/{report.pk}/read/", {"pages": [1]}).status_code == 409


def test_bob_reads_nothing_of_alices_again(api_of_bob: APIClient, report: Document) -> None:
    place = api_of_bob.get(f"/api/documents/{report.pk}/place/", {"start": 0, "end": 3})

    assert place.status_code == 404
    assert api_of_bob.post(f"/api/documents/{report.pk}/read/", {}).status_code == 404
    assert api_of_bob.post(f"/api/documents/{uuid.uuid4()}/read/", {}).status_code == 404


def test_the_schema_lists_every_format_that_is_read(api: APIClient) -> None:
    schema = api.get("/api/schema/", {"format": "json"}).json()

    description = schema["paths"]["/api/documents/"]["post"]["description"]
    for format_ in registry.FORMATS:
        assert format_.label in description
        assert format_.scope in description
        assert all(extension in description for extension in format_.extensions)
