"""The map for programs."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from documents.models import Document
from tests.library import Commit
from tests.mapping import clustered, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(alice: User) -> list[Document]:
    titles = [f"Lease {number}" for number in range(12)] + [f"Turbine {number}" for number in range(12)]
    return filled(alice, titles, clustered([12, 12]))


def test_places_and_regions_come_when_it_is_drawn(api: APIClient, library: list[Document], commit: Commit) -> None:
    with commit():
        first = api.get("/api/map/").json()

    second = api.get("/api/map/").json()

    assert (first["made_at"], first["places"], first["pending"], first["is_drawing"]) == (None, [], 24, True)
    assert (len(second["places"]), second["pending"], second["is_drawing"]) == (24, 0, False)
    assert {row["title"] for row in second["places"]} == {document.title for document in library}
    assert all(0 <= row["x"] <= 1 and 0 <= row["y"] <= 1 for row in second["places"])
    assert {key for region in second["regions"] for key in region["documents"]} == {str(one.pk) for one in library}


def test_a_token_that_may_only_read_sees_it(reading_api: APIClient, library: list[Document]) -> None:
    assert reading_api.get("/api/map/").json()["pending"] == 24


def test_an_empty_library_has_an_empty_map(api: APIClient) -> None:
    assert api.get("/api/map/").json() == {
        "made_at": None,
        "places": [],
        "regions": [],
        "pending": 0,
        "is_drawing": False,
        "error": "",
    }


def test_bob_sees_nothing_of_it(api_of_bob: APIClient, library: list[Document]) -> None:
    assert api_of_bob.get("/api/map/").json()["places"] == []
