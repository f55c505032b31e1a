import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions
from documents.models import Document, Status
from documents.reading import word_boxes
from tests.library import LETTER, Commit

pytestmark = pytest.mark.django_db

UNTOLD: dict[str, object] = {"label": "", "reason": "", "confidence": None, "hidden": []}


def file(name: str = "notice.md", content: bytes = LETTER.encode()) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(api: APIClient, **sent: Any) -> Any:
    return api.post("/api/documents/", sent or {"file": file()}, format="multipart")


def test_an_uploaded_file_becomes_a_document_that_is_read(api: APIClient, commit: Commit) -> None:
    with commit():
        answer = upload(api, file=file(), title="The notice")

    shown = api.get(f"/api/documents/{answer.json()['id']}/").json()
    assert answer.status_code == 201
    assert (shown["title"], shown["status"], shown["page_count"]) == ("The notice", "ready", 1)
    assert shown["media_type"] == "text/markdown"


def test_a_text_becomes_a_document(api: APIClient, commit: Commit) -> None:
    with commit():
        answer = api.post("/api/documents/", {"title": "Note", "content": "The meeting is on Monday."})

    content = api.get(f"/api/documents/{answer.json()['id']}/content/").json()
    assert content["text"] == "The meeting is on Monday."
    assert content["pages"] == [
        {"number": 1, "start": 0, "end": 25, "kind": "text", "width": 0.0, "height": 0.0} | UNTOLD
    ]


def test_the_same_bytes_are_kept_once_and_the_answer_says_so(api: APIClient) -> None:
    first = upload(api)

    second = upload(api, file=file("copy.md"))

    assert second.status_code == 200
    assert second.json()["id"] == first.json()["id"]
    assert second.json()["duplicate"] is True


def test_two_people_may_have_the_same_bytes(api: APIClient, api_of_bob: APIClient) -> None:
    first = upload(api)

    second = upload(api_of_bob)

    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]


def test_the_original_comes_back_as_an_attachment(api: APIClient, notice: Document) -> None:
    answer = api.get(f"/api/documents/{notice.pk}/file/")

    assert b"".join(answer.streaming_content) == LETTER.encode()  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="notice.md"'
    assert answer["Content-Type"] == "application/octet-stream"


def test_a_document_is_renamed(api: APIClient, notice: Document) -> None:
    answer = api.patch(f"/api/documents/{notice.pk}/", {"title": "Water"})

    assert answer.json()["title"] == "Water"


def test_a_deleted_document_is_gone_with_its_file(api: APIClient, notice: Document, commit: Commit) -> None:
    path = Path(notice.file.path)

    with commit():
        answer = api.delete(f"/api/documents/{notice.pk}/")

    assert answer.status_code == 204
    assert api.get(f"/api/documents/{notice.pk}/").status_code == 404
    assert not path.exists()


def test_the_list_shows_the_newest_first_page_by_page(api: APIClient, alice: User) -> None:
    for number in range(5):
        actions.upload_text(owner=alice, title=f"Note {number}", content=f"Number {number}.")

    first = api.get("/api/documents/?limit=2").json()
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()
    back = api.get(third["previous"]).json()

    assert [row["title"] for page in (first, second, third) for row in page["results"]] == [
        "Note 4",
        "Note 3",
        "Note 2",
        "Note 1",
        "Note 0",
    ]
    assert first["previous"] is None
    assert third["next"] is None
    assert back["results"] == second["results"]


def test_the_list_loads_neither_texts_nor_vectors(
    api: APIClient, notice: Document, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4) as queries:
        api.get("/api/documents/")

    listing = queries.captured_queries[-1]["sql"]
    assert '"content"' not in listing
    assert '"embedding"' not in listing


def test_the_list_is_narrowed_by_status_and_words(api: APIClient, notice: Document, alice: User) -> None:
    actions.upload_text(owner=alice, title="Minutes of Monday", content="We met.")

    ready = api.get("/api/documents/", {"status": "ready"}).json()["results"]
    found = api.get("/api/documents/", {"q": "monday minutes"}).json()["results"]

    assert [row["title"] for row in ready] == ["notice"]
    assert [row["title"] for row in found] == ["Minutes of Monday"]


def test_bob_sees_nothing_of_alices(api_of_bob: APIClient, notice: Document) -> None:
    own = f"/api/documents/{notice.pk}/"

    statuses = [
        api_of_bob.get(own).status_code,
        api_of_bob.patch(own, {"title": "Mine"}).status_code,
        api_of_bob.delete(own).status_code,
        api_of_bob.get(f"{own}content/").status_code,
        api_of_bob.get(f"{own}file/").status_code,
        api_of_bob.post(f"{own}analyze/", {}).status_code,
    ]

    assert set(statuses) == {404}
    assert api_of_bob.get("/api/documents/").json()["results"] == []
    assert Document.objects.get(pk=notice.pk).title == "notice"


def test_a_reading_token_changes_nothing(reading_api: APIClient, notice: Document) -> None:
    assert reading_api.get(f"/api/documents/{notice.pk}/").status_code == 200
    assert reading_api.delete(f"/api/documents/{notice.pk}/").status_code == 403
    assert upload(reading_api).status_code == 403


def test_a_document_holds_its_mean_vector_and_its_passages_what_search_needs(notice: Document) -> None:
    passage = notice.passages.first()

    assert passage is not None
    assert notice.embedding is not None
    assert len(notice.embedding) == 384
    assert len(passage.embedding) == 384
    assert len(passage.terms.indices()) > 20
    assert passage.heading_path == ["Notice to the tenants of 8 Quay Street"]
    assert notice.content[passage.start : passage.end].startswith("Notice to the tenants")


def test_a_real_pdf_of_ours_is_read_page_by_page(alice: User, commit: Commit) -> None:
    with commit():
        samples = actions.add_samples(owner=alice)

    report = Document.objects.get(pk=samples[0].pk)
    pages = list(report.pages.all())
    assert report.status == Status.READY
    assert [page.number for page in pages] == [1, 2]
    for page in pages:
        text = report.content[page.start : page.end]
        assert all(text[word.start : word.end].strip() for word in word_boxes.unpack(bytes(page.words)))


def test_samples_are_put_in_once(alice: User) -> None:
    first = actions.add_samples(owner=alice)

    second = actions.add_samples(owner=alice)

    assert first == second
    assert Document.objects.visible_to(alice).count() == 3


def test_reading_again_keeps_what_was_found(api: APIClient, notice: Document, commit: Commit) -> None:
    before = notice.content_sha256

    with commit():
        actions.read_again(document=notice)

    notice.refresh_from_db()
    assert (notice.status, notice.content_sha256) == (Status.READY, before)


def test_an_upload_that_breaks_off_leaves_no_file(alice: User, settings: Any) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    broken = SimpleUploadedFile("notice.md", b"x")
    broken.file = Breaking(b"x")

    with pytest.raises(ConnectionResetError):
        actions.upload(owner=alice, file=broken)

    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
