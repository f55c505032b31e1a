"""Search, similar documents and collections by API."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions
from documents.models import Collection, Document
from tests.library import Commit

pytestmark = pytest.mark.django_db


@pytest.fixture
def lease(alice: User, commit: Commit) -> Document:
    with commit():
        text = "The tenant pays the rent of 900 euros on the first day of every month."
        return actions.upload_text(owner=alice, title="Lease", content=text).document


def test_passages_are_found_with_their_place(api: APIClient, notice: Document) -> None:
    found = api.get("/api/search/", {"q": "replaced pipe"}).json()

    best = found["results"][0]
    assert best["document"] == str(notice.pk)
    assert notice.content[best["start"] : best["end"]] == best["text"]
    assert [notice.content[start:end] for start, end in best["highlights"]] == ["pipe", "replaced"]
    assert best["page"] == 1
    assert 0 < best["score"] <= 1
    assert found["understood"] == {"words": "replaced pipe", "phrases": [], "excluded": [], "corrections": {}}


def test_pages_of_results_are_walked_by_cursor(api: APIClient, notice: Document, lease: Document) -> None:
    first = api.get("/api/search/", {"q": "the", "limit": "1"}).json()
    second = api.get(first["next"]).json()

    assert first["previous"] is None
    assert first["results"][0]["document"] != second["results"][0]["document"]
    assert api.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("cursor", ["nonsense", "LTE=", "OTk5OTk5", "é"])
def test_a_cursor_of_somebody_elses_making_is_refused(api: APIClient, cursor: str) -> None:
    answer = api.get("/api/search/", {"q": "rent", "cursor": cursor})

    assert answer.status_code == 400
    assert "cursor" in answer.json()["detail"]


def test_documents_and_collections_narrow_the_search(api: APIClient, notice: Document, lease: Document) -> None:
    made = api.post("/api/collections/", {"name": "House", "documents": [str(lease.pk)]}).json()

    def found(**narrowed: Any) -> set[str]:
        rows = api.get("/api/search/", {"q": "the", **narrowed}).json()["results"]
        return {row["document"] for row in rows}

    assert found(document=[str(notice.pk)]) == {str(notice.pk)}
    assert found(document=[str(notice.pk), str(lease.pk)]) == {str(notice.pk), str(lease.pk)}
    assert found(collection=made["id"]) == {str(lease.pk)}
    assert found(collection=10**6) == set()


def test_wrong_questions_are_answered_with_what_is_wrong(api: APIClient) -> None:
    assert api.get("/api/search/").status_code == 400
    assert api.get("/api/search/", {"q": "x" * 1_001}).status_code == 400
    assert api.get("/api/search/", {"q": "x", "document": "y"}).status_code == 400
    assert api.get("/api/search/", {"q": "x", "mode": "magic"}).status_code == 400
    assert api.get("/api/search/", {"q": '"(*&[\\', "limit": "1"}).status_code == 200


def test_bob_finds_nothing_of_alices(api_of_bob: APIClient, notice: Document) -> None:
    assert api_of_bob.get("/api/search/", {"q": "pipe"}).json()["results"] == []
    assert api_of_bob.get("/api/search/", {"q": "pipe", "document": str(notice.pk)}).json()["results"] == []
    assert api_of_bob.get(f"/api/documents/{notice.pk}/similar/").status_code == 404


def test_similar_documents_come_with_their_likeness(api: APIClient, notice: Document, lease: Document) -> None:
    (other,) = api.get(f"/api/documents/{notice.pk}/similar/").json()

    assert other["document"] == str(lease.pk)
    assert other["title"] == "Lease"
    assert -1 <= other["score"] < 1


class TestCollections:
    def test_one_is_made_changed_listed_and_removed(self, api: APIClient, notice: Document) -> None:
        made = api.post("/api/collections/", {"name": "House"})
        address = f"/api/collections/{made.json()['id']}/"

        assert made.status_code == 201
        assert made.json()["documents"] == []
        assert api.patch(address, {"documents": [str(notice.pk)]}).json()["documents"] == [str(notice.pk)]
        assert api.patch(address, {"name": "Home"}).json()["name"] == "Home"
        assert api.get(address).json()["documents"] == [str(notice.pk)]
        assert [row["name"] for row in api.get("/api/collections/").json()["results"]] == ["Home"]
        assert api.get("/api/documents/", {"collection": made.json()["id"]}).json()["results"][0]["id"] == str(
            notice.pk
        )
        assert api.delete(address).status_code == 204
        assert Document.objects.filter(pk=notice.pk).exists()

    def test_a_name_is_given_once(self, api: APIClient) -> None:
        api.post("/api/collections/", {"name": "House"})

        again = api.post("/api/collections/", {"name": "HOUSE"})
        assert again.status_code == 409
        assert "already" in again.json()["detail"]

    def test_only_ones_own_documents_go_in(self, api_of_bob: APIClient, notice: Document) -> None:
        answer = api_of_bob.post("/api/collections/", {"name": "Mine", "documents": [str(notice.pk)]})

        assert answer.status_code == 400
        assert not Collection.objects.exists()

    def test_bob_does_not_see_alices(self, api: APIClient, api_of_bob: APIClient) -> None:
        address = f"/api/collections/{api.post('/api/collections/', {'name': 'House'}).json()['id']}/"

        assert api_of_bob.get(address).status_code == 404
        assert api_of_bob.patch(address, {"name": "Mine"}).status_code == 404
        assert api_of_bob.delete(address).status_code == 404
        assert api_of_bob.get("/api/collections/").json()["results"] == []

    def test_many_are_walked_by_cursor(self, api: APIClient, alice: User) -> None:
        for number in range(3):
            actions.make_collection(owner=alice, name=f"Number {number}")

        first = api.get("/api/collections/", {"limit": 2}).json()
        assert len(first["results"]) == 2
        assert len(api.get(first["next"]).json()["results"]) == 1
