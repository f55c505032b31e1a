"""Tags by the API."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions
from documents.models import Document, Tag

pytestmark = pytest.mark.django_db


def made(api: APIClient, name: str = "Urgent", **sent: Any) -> dict[str, Any]:
    answer = api.post("/api/tags/", {"name": name} | sent)
    assert answer.status_code in (200, 201), answer.content
    found: dict[str, Any] = answer.json()
    return found


def put_on(api: APIClient, tag: dict[str, Any], *documents: Document) -> Any:
    return api.post(f"/api/tags/{tag['id']}/documents/", {"documents": [str(one.pk) for one in documents]})


def titles(api: APIClient, **query: Any) -> list[str]:
    return [row["title"] for row in api.get("/api/documents/", query).json()["results"]]


def test_a_tag_is_made_put_on_and_found(api: APIClient, leases: list[Document]) -> None:
    tag = made(api, colour=3)

    answer = put_on(api, tag, leases[0], leases[2])

    assert (tag["name"], tag["colour"], tag["documents"]) == ("Urgent", 3, 0)
    assert answer.json()["documents"] == 2
    assert titles(api, tag=tag["id"]) == ["Lease C", "Lease A"]
    assert api.get(f"/api/documents/{leases[0].pk}/").json()["tags"] == ["Urgent"]


def test_the_same_word_is_one_tag_whatever_its_capitals(api: APIClient) -> None:
    first = api.post("/api/tags/", {"name": "Urgent"})
    second = api.post("/api/tags/", {"name": " URGENT "})

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


def test_new_ones_take_colours_in_turn(api: APIClient) -> None:
    assert [made(api, f"Tag {number}")["colour"] for number in range(9)] == [*range(8), 0]


def test_it_is_renamed_and_recoloured(api: APIClient) -> None:
    tag = made(api)

    answer = api.patch(f"/api/tags/{tag['id']}/", {"name": "Later", "colour": 7})

    assert (answer.json()["name"], answer.json()["colour"]) == ("Later", 7)


def test_its_capitals_may_change_but_no_name_is_there_twice(api: APIClient) -> None:
    made(api, "Later")
    tag = made(api)

    assert api.patch(f"/api/tags/{tag['id']}/", {"name": "urgent"}).json()["name"] == "urgent"
    taken = api.patch(f"/api/tags/{tag['id']}/", {"name": "LATER"})
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")


@pytest.mark.parametrize("sent", [{"name": ""}, {"name": " \x00 "}, {"name": "x", "colour": 8}, {"name": "x" * 51}])
def test_what_is_no_tag_is_refused(api: APIClient, sent: dict[str, Any]) -> None:
    assert api.post("/api/tags/", sent).status_code == 400
    assert not Tag.objects.exists()


def test_it_is_taken_off_many(api: APIClient, leases: list[Document]) -> None:
    tag = made(api)
    put_on(api, tag, *leases)
    named = "&".join(f"document={one.pk}" for one in leases[:2])

    answer = api.delete(f"/api/tags/{tag['id']}/documents/?{named}")

    assert answer.json()["documents"] == 1
    assert titles(api, tag=tag["id"]) == ["Lease C"]
    assert api.delete(f"/api/tags/{tag['id']}/documents/").status_code == 400


def test_it_is_removed_and_its_documents_stay(api: APIClient, leases: list[Document]) -> None:
    tag = made(api)
    put_on(api, tag, *leases)

    assert api.delete(f"/api/tags/{tag['id']}/").status_code == 204
    assert len(titles(api)) == 3
    assert api.get(f"/api/documents/{leases[0].pk}/").json()["tags"] == []


def test_what_is_not_there_is_passed_over(api: APIClient, notice: Document) -> None:
    tag = made(api)

    answer = api.post(f"/api/tags/{tag['id']}/documents/", {"documents": [str(notice.pk), str(uuid.uuid4())]})

    assert answer.json()["documents"] == 1


def test_they_are_listed_newest_first_page_by_page(api: APIClient) -> None:
    for number in range(3):
        made(api, f"Tag {number}")

    first = api.get("/api/tags/?limit=2").json()
    second = api.get(first["next"]).json()

    assert [row["name"] for page in (first, second) for row in page["results"]] == ["Tag 2", "Tag 1", "Tag 0"]
    assert set(first["results"][0]) == {"id", "name", "colour", "documents", "created_at"}


def test_bob_sees_and_reaches_none_of_alices(api: APIClient, api_of_bob: APIClient, notice: Document) -> None:
    tag, bobs = made(api), made(api_of_bob)
    put_on(api, tag, notice)
    own = f"/api/tags/{tag['id']}/"

    statuses = [
        api_of_bob.get(own).status_code,
        api_of_bob.patch(own, {"name": "Mine"}).status_code,
        api_of_bob.delete(own).status_code,
        put_on(api_of_bob, tag, notice).status_code,
        api_of_bob.delete(f"{own}documents/?document={notice.pk}").status_code,
    ]

    assert set(statuses) == {404}
    assert put_on(api_of_bob, bobs, notice).json()["documents"] == 0
    assert titles(api_of_bob, tag=tag["id"]) == []
    assert [row["name"] for row in api_of_bob.get("/api/tags/").json()["results"]] == ["Urgent"]
    assert api.get(own).json()["documents"] == 1


def test_a_reading_token_changes_nothing(reading_api: APIClient, alice: User) -> None:
    tag = actions.make_tag(owner=alice, name="Urgent")

    assert reading_api.get(f"/api/tags/{tag.pk}/").status_code == 200
    assert reading_api.post("/api/tags/", {"name": "x"}).status_code == 403
    assert reading_api.delete(f"/api/tags/{tag.pk}/").status_code == 403


def test_a_page_of_documents_costs_the_same_queries_however_many_tags_are_on_them(
    api: APIClient, leases: list[Document]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            api.get("/api/documents/")
        return len(captured)

    queries()  # the first request also notes when the token was used
    before = queries()
    for name in ("a", "b", "c"):
        put_on(api, made(api, name), *leases)

    assert queries() == before
    assert api.get("/api/documents/").json()["results"][0]["tags"] == ["a", "b", "c"]


def test_search_is_narrowed_by_a_tag(api: APIClient, notice: Document, leases: list[Document]) -> None:
    tag = made(api, "To pay")
    put_on(api, tag, notice)

    with_it = api.get("/api/search/", {"q": 'water tag:"to pay"'}).json()["results"]
    without = api.get("/api/search/", {"q": "water tag:later"}).json()["results"]

    assert {hit["document"] for hit in with_it} == {str(notice.pk)}
    assert without == []


def test_a_search_by_bob_for_alices_tag_finds_nothing(
    api: APIClient, api_of_bob: APIClient, bob: User, notice: Document
) -> None:
    put_on(api, made(api), notice)

    assert api_of_bob.get("/api/search/", {"q": "water tag:urgent"}).json()["results"] == []
