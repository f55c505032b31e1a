"""Recipes by API: those for everybody, and one's own."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from documents.models import Analysis, Document, Recipe

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

COSTS = {
    "name": "Costs & dates",
    "schema": {"type": "object", "properties": {"cost": {"type": "number", "description": "What the work costs"}}},
}


def test_ones_own_recipe_is_written_run_changed_and_removed(api: APIClient, notice: Document) -> None:
    made = api.post("/api/recipes/", COSTS)
    assert made.status_code == 201, made.content
    slug = made.json()["slug"]
    assert (slug, made.json()["task"], made.json()["own"]) == ("costs-dates", "extract", True)

    asked = {"recipe": slug}
    analysis = api.post(f"/api/documents/{notice.pk}/analyze/", asked, headers={"Prefer": "wait=30"}).json()
    assert [claim["text"].strip() for claim in analysis["result"]["claims"]] == ["4800"]

    changed = api.patch(f"/api/recipes/{slug}/", {"name": "Costs"}).json()
    assert (changed["name"], changed["slug"]) == ("Costs", slug)
    assert api.delete(f"/api/recipes/{slug}/").status_code == 204
    assert not Recipe.objects.exclude(owner=None).exists()


def test_an_automatic_recipe_is_carried_out_on_each_new_document_once(
    api: APIClient, api_of_bob: APIClient, alice: User, bob: User
) -> None:
    assert api.post("/api/recipes/", COSTS | {"automatic": True}).status_code == 201
    assert api.post("/api/recipes/", COSTS | {"name": "By hand"}).status_code == 201

    sent = {"title": "Letter", "content": "The work costs €4,800. The landlord pays."}
    document = api.post("/api/documents/", sent).json()["id"]
    api_of_bob.post("/api/documents/", sent)
    api.post(f"/api/documents/{document}/read/", {})

    (analysis,) = Analysis.objects.all()
    assert (str(analysis.document_id), analysis.owner, analysis.status) == (document, alice, "done")
    assert [claim["text"].strip() for claim in (analysis.result or {})["claims"]] == ["4800"]


def test_only_so_many_recipes_are_automatic(api: APIClient) -> None:
    answers = [api.post("/api/recipes/", COSTS | {"automatic": True}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [201] * 5 + [409]
    assert "Turn one of them off" in answers[-1].json()["detail"]


def test_names_may_come_again_and_slugs_do_not(api: APIClient) -> None:
    slugs = [api.post("/api/recipes/", {"name": "Summary", "instruction": "Sum it up."}).json()["slug"] for _ in "12"]

    assert slugs == ["summary-2", "summary-3"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": "Nothing"}, ""),
        ({"instruction": "No name."}, "name"),
        ({"name": "x", "schema": {"type": "array"}}, "schema"),
        ({"name": "x", "labels": ["a" * 101]}, "labels"),
        ({"name": "x", "instruction": "y", "max_tokens": 0}, "max_tokens"),
    ],
)
def test_what_is_no_recipe_is_refused(api: APIClient, sent: dict[str, Any], field: str) -> None:
    answer = api.post("/api/recipes/", sent)

    assert answer.status_code == 400
    assert not field or any(name.startswith(field) for name in answer.json()["errors"])


def test_recipes_for_everybody_are_nobodys_to_change(api: APIClient) -> None:
    assert api.patch("/api/recipes/summary/", {"name": "Mine"}).status_code == 403
    assert api.delete("/api/recipes/summary/").status_code == 403


def test_bob_does_not_see_alices(api: APIClient, api_of_bob: APIClient) -> None:
    slug = api.post("/api/recipes/", COSTS).json()["slug"]

    assert api_of_bob.get(f"/api/recipes/{slug}/").status_code == 404
    assert api_of_bob.patch(f"/api/recipes/{slug}/", {"name": "Mine"}).status_code == 404
    assert slug not in [row["slug"] for row in api_of_bob.get("/api/recipes/").json()]
