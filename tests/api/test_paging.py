from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from documents.models import Document

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)


def fill(alice: User, seconds: list[int]) -> None:
    """Documents of these moments; many share one."""
    Document.objects.all().delete()
    for number, second in enumerate(seconds):
        document = Document.objects.create(owner=alice, title=str(number), sha256=str(number), size=1)
        Document.objects.filter(pk=document.pk).update(created_at=START + timedelta(seconds=second))


def walk(api: APIClient, url: str, link: str) -> list[list[str]]:
    """The pages from this address on, following `next` or `previous`."""
    pages = []
    place: str | None = url
    while place:
        page = api.get(place).json()
        pages.append([row["id"] for row in page["results"]])
        last, place = place, page[link]
    assert len(pages) <= 20, last
    return pages


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seconds=st.lists(st.integers(0, 3), max_size=9), size=st.integers(1, 4))
def test_walking_there_and_back_shows_every_row_once(
    api: APIClient, alice: User, seconds: list[int], size: int
) -> None:
    fill(alice, seconds)
    expected = [str(pk) for pk in Document.objects.order_by("-created_at", "-id").values_list("pk", flat=True)]

    forwards = walk(api, f"/api/documents/?limit={size}", "next")
    first = api.get(f"/api/documents/?limit={size}").json()
    place = first
    while place["next"]:
        place = api.get(place["next"]).json()
    backwards = walk(api, place["previous"], "previous") if place["previous"] else []

    assert [row for page in forwards for row in page] == expected
    assert [row for page in reversed(backwards) for row in page] == expected[: size * len(backwards)]


def test_a_row_that_comes_in_between_moves_nothing(api: APIClient, alice: User) -> None:
    fill(alice, [0, 1, 2, 3])
    first = api.get("/api/documents/?limit=2").json()

    Document.objects.create(owner=alice, title="new", sha256="new", size=1)

    second = api.get(first["next"]).json()
    assert [row["title"] for row in first["results"] + second["results"]] == ["3", "2", "1", "0"]


def test_the_narrowing_stays_on_every_page(api: APIClient, alice: User) -> None:
    fill(alice, [0, 1, 2])
    Document.objects.update(status="queued")
    Document.objects.filter(title="1").update(status="reading")

    first = api.get("/api/documents/?limit=1&status=queued").json()
    second = api.get(first["next"]).json()

    assert [row["title"] for row in first["results"] + second["results"]] == ["2", "0"]
    assert second["next"] is None
