"""Notes at words of a document, as programs write and read them."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from documents import actions
from documents.models import Document, Note


def place(document: Document, words: str) -> dict[str, Any]:
    start = document.content.index(words)
    return {"document": str(document.pk), "start": start, "end": start + len(words)}


@pytest.fixture
def note(notice: Document) -> Note:
    start = notice.content.index("€4,800")
    return actions.write_note(owner=notice.owner, document=notice, start=start, end=start + 6, text="Too much?")


def test_a_note_is_written_at_words(api: APIClient, notice: Document) -> None:
    response = api.post("/api/notes/", place(notice, "12 May 2026") | {"text": "Be at home."}, format="json")

    assert response.status_code == 201
    assert response.json()["quote"] == "12 May 2026"
    assert response.json()["document"] == str(notice.pk)
    assert response.json()["content_sha256"] == notice.content_sha256


def test_notes_are_listed_by_document(api: APIClient, note: Note) -> None:
    other = actions.upload_text(owner=note.owner, title="Other", content="Other words.").document

    here = api.get("/api/notes/", {"document": str(note.document_id)}).json()["results"]
    there = api.get("/api/notes/", {"document": str(other.pk)}).json()["results"]

    assert [one["text"] for one in here] == ["Too much?"]
    assert there == []


def test_a_note_is_changed_and_removed(api: APIClient, note: Note) -> None:
    changed = api.patch(f"/api/notes/{note.pk}/", {"text": "Fair."}, format="json").json()
    gone = api.delete(f"/api/notes/{note.pk}/").status_code

    assert (changed["text"], changed["start"]) == ("Fair.", note.start)
    assert gone == 204
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    "change", [{"start": 5, "end": 5}, {"start": 0, "end": 10**6}, {"text": " "}, {"text": "x" * 4_001}, {"end": 2**40}]
)
def test_a_note_at_no_words_or_without_any_is_refused(api: APIClient, notice: Document, change: dict[str, Any]) -> None:
    sent = place(notice, "12 May 2026") | {"text": "Be at home."} | change

    response = api.post("/api/notes/", sent, format="json")

    assert response.status_code == 400
    assert not Note.objects.exists()


def test_bob_sees_and_touches_none_of_it(api_of_bob: APIClient, note: Note) -> None:
    written = api_of_bob.post(
        "/api/notes/", {"document": str(note.document_id), "start": 0, "end": 4, "text": "Mine"}, format="json"
    )

    assert written.status_code == 404
    assert api_of_bob.get("/api/notes/").json()["results"] == []
    assert api_of_bob.patch(f"/api/notes/{note.pk}/", {"text": "Mine"}, format="json").status_code == 404
    assert api_of_bob.delete(f"/api/notes/{note.pk}/").status_code == 404
    assert Note.objects.get().text == "Too much?"


def test_a_token_that_may_only_read_writes_no_note(reading_api: APIClient, notice: Document) -> None:
    response = reading_api.post("/api/notes/", place(notice, "12 May 2026") | {"text": "No."}, format="json")

    assert response.status_code == 403
