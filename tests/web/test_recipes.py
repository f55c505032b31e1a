"""Recipes of one's own: written, changed, carried out by themselves, deleted."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from documents import actions
from documents.actions.recipes import MOST_AUTOMATIC
from documents.models import Document, Recipe
from documents.values import Task
from documents.web import field_rows

STATEMENTS = {"name": "Who pays", "outcome": "statements", "instruction": "Who pays the work?", "max_tokens": "500"}
CLASSES = {"name": "Kind", "outcome": "class", "labels": "notice, letter , notice", "max_tokens": "500"}
VALUES = {
    "name": "Key facts",
    "outcome": "values",
    "max_tokens": "500",
    "field_name": ["Price", "", "Water off", "State"],
    "field_type": ["number", "text", "date", "choice"],
    "field_choices": ["", "", "", "planned, done"],
    "field_description": ["In euros", "", "", ""],
}

MANY = ",".join(str(number) for number in range(51))
NO_ROWS: dict[str, list[str]] = {"field_name": [], "field_choices": [], "field_description": []}


@pytest.fixture
def key_facts(as_alice: Client, alice: User) -> Recipe:
    as_alice.post("/recipes/new/", VALUES)
    return alice.recipes.get()


def test_the_built_in_recipes_are_listed_and_those_that_need_a_model_are_not(as_alice: Client) -> None:
    page = as_alice.get("/recipes/").content.decode()

    assert "Dates and deadlines" in page
    assert "Summary in another language" not in page
    assert "None yet." in page


def test_a_question_of_one_s_own_is_kept(as_alice: Client, alice: User) -> None:
    page = as_alice.post("/recipes/new/", STATEMENTS, follow=True).content.decode()

    recipe = alice.recipes.get()
    assert (recipe.task, recipe.instruction, recipe.max_tokens) == (Task.INSTRUCTION, "Who pays the work?", 500)
    assert "“Who pays” is kept." in page
    assert "/recipes/who-pays/edit/" in page


def test_classes_come_separated_by_commas(as_alice: Client, alice: User) -> None:
    as_alice.post("/recipes/new/", CLASSES)

    assert alice.recipes.get().labels == ["notice", "letter"]
    assert "Classes: notice, letter" in as_alice.get("/recipes/").content.decode()


def test_rows_become_a_schema_in_their_order(key_facts: Recipe) -> None:
    assert key_facts.task == Task.EXTRACT
    assert key_facts.schema == {
        "type": "object",
        "properties": {
            "Price": {"type": "number", "description": "In euros"},
            "Water off": {"type": "string", "format": "date"},
            "State": {"type": "string", "enum": ["planned", "done"]},
        },
        "propertyOrdering": ["Price", "Water off", "State"],
    }
    assert [field.name for field in field_rows.in_order(key_facts.schema)] == ["Price", "Water off", "State"]


def test_the_rows_come_back_to_be_changed(as_alice: Client, key_facts: Recipe) -> None:
    page = as_alice.get("/recipes/key-facts/edit/").content.decode()
    renamed = {"name": "Facts", "field_name": ["Cost", "", "Water off", "State"]}
    as_alice.post("/recipes/key-facts/edit/", VALUES | renamed)

    key_facts.refresh_from_db()
    assert 'value="Water off"' in page
    assert 'value="planned, done"' in page
    assert '<option value="choice" selected>' in page
    assert (key_facts.slug, key_facts.name) == ("key-facts", "Facts")
    assert key_facts.schema
    assert "Cost" in key_facts.schema["properties"]


def test_without_a_script_there_are_empty_rows(as_alice: Client, key_facts: Recipe) -> None:
    new = as_alice.get("/recipes/new/").content.decode().partition("<template>")[0]
    edited = as_alice.get("/recipes/key-facts/edit/").content.decode().partition("<template>")[0]

    assert new.count('name="field_name"') == field_rows.SPARE
    assert edited.count('name="field_name"') == 3 + field_rows.SPARE


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"field_name": [""], "field_description": ["In euros"]}, "Give this field a name."),
        ({"field_name": ["1st"]}, "Begin the name with a letter"),
        ({"field_name": ["Price", "price"]}, "Another field has this name."),
        ({"field_name": ["Price"], "field_type": ["money"]}, "There is no such kind of value."),
        ({"field_name": ["State"], "field_type": ["choice"]}, "Say what can be chosen"),
        (
            {"field_name": ["S"], "field_type": ["choice"], "field_choices": [", ".join(map(str, range(51)))]},
            "too many",
        ),
    ],
)
def test_what_is_wrong_with_a_row_stands_beside_it(
    as_alice: Client, alice: User, row: dict[str, list[str]], words: str
) -> None:
    types = {"field_type": ["text"] * len(row["field_name"]), "field_choices": [], "field_description": []}

    page = as_alice.post("/recipes/new/", VALUES | types | row).content.decode()

    assert words in page.partition('id="field-1-error"')[2].partition("</li>")[0]
    assert 'aria-describedby="field-1-error"' in page
    assert "One of the values is not complete." in page
    assert not alice.recipes.exists()


@pytest.mark.parametrize(
    ("filled_in", "words"),
    [
        (STATEMENTS | {"name": ""}, "Give the recipe a name"),
        (STATEMENTS | {"instruction": "  "}, "Say what is to be found out."),
        (CLASSES | {"labels": "notice"}, "Give two classes or more"),
        (CLASSES | {"labels": ",".join(f"c{n}" for n in range(51))}, "Up to 50 classes"),
        (VALUES | NO_ROWS, "Give at least one value to find."),
        (
            VALUES | {"field_name": [f"Value {n}" for n in range(41)], "field_type": ["text"] * 41},
            "40 values are the most",
        ),
        (STATEMENTS | {"max_tokens": "9000"}, "less than or equal to 8192"),
        (STATEMENTS | {"outcome": "poem"}, "Say what comes out."),
    ],
)
def test_what_is_missing_is_said(as_alice: Client, alice: User, filled_in: dict[str, Any], words: str) -> None:
    page = as_alice.post("/recipes/new/", filled_in).content.decode()

    assert words in page
    assert not alice.recipes.exists()


def test_what_belongs_to_another_outcome_counts_for_nothing(as_alice: Client, alice: User) -> None:
    as_alice.post("/recipes/new/", VALUES | CLASSES)

    assert alice.recipes.get().schema is None


def test_a_recipe_is_carried_out_by_itself_and_the_list_says_so(as_alice: Client, alice: User) -> None:
    as_alice.post("/recipes/new/", STATEMENTS | {"automatic": "on"})

    assert alice.recipes.get().automatic
    assert "Carried out on each new document" in as_alice.get("/recipes/").content.decode()


def test_too_many_by_themselves_are_refused_with_words(as_alice: Client, alice: User) -> None:
    for number in range(MOST_AUTOMATIC):
        actions.write_recipe(owner=alice, name=f"R{number}", instruction="x", automatic=True)

    page = as_alice.post("/recipes/new/", STATEMENTS | {"automatic": "on"}).content.decode()

    assert "Turn one of them off first." in page
    assert 'value="Who pays"' in page


def test_a_recipe_written_while_reading_leads_back_there(as_alice: Client, alice: User, notice: Document) -> None:
    page = as_alice.get("/recipes/new/", {"document": str(notice.pk)}).content.decode()
    response = as_alice.post(f"/recipes/new/?document={notice.pk}", STATEMENTS)

    assert f'href="/documents/{notice.pk}/"' in page
    assert response.headers["Location"] == f"/documents/{notice.pk}/?recipe={alice.recipes.get().pk}"


def test_a_recipe_is_deleted_only_after_asking(as_alice: Client, alice: User, key_facts: Recipe) -> None:
    asked = as_alice.get("/recipes/key-facts/delete/").content.decode()
    there = alice.recipes.exists()

    page = as_alice.post("/recipes/key-facts/delete/", follow=True).content.decode()

    assert "What was found out with it stays." in asked
    assert there
    assert "“Key facts” is deleted." in page
    assert not alice.recipes.exists()


@pytest.mark.parametrize("place", ["edit", "delete"])
def test_bob_does_not_see_it(as_bob: Client, key_facts: Recipe, place: str) -> None:
    assert as_bob.get(f"/recipes/key-facts/{place}/").status_code == 404
    assert as_bob.post(f"/recipes/key-facts/{place}/", VALUES).status_code == 404
    assert "Key facts" not in as_bob.get("/recipes/").content.decode()
    assert Recipe.objects.filter(pk=key_facts.pk).exists()


@pytest.mark.parametrize("place", ["edit", "delete"])
def test_the_built_in_ones_are_nobody_s_to_change(as_alice: Client, place: str) -> None:
    assert as_alice.post(f"/recipes/summary/{place}/", STATEMENTS).status_code == 404


def test_bobs_recipe_is_not_written_for_alices_document(as_bob: Client, bob: User, notice: Document) -> None:
    page = as_bob.get("/recipes/new/", {"document": str(notice.pk)}).content.decode()
    response = as_bob.post(f"/recipes/new/?document={notice.pk}", STATEMENTS)

    assert notice.title not in page
    assert response.headers["Location"] == "/recipes/"


def test_words_of_a_recipe_are_only_words(as_alice: Client) -> None:
    as_alice.post("/recipes/new/", STATEMENTS | {"name": "<script>x", "instruction": "<script>x"})

    assert "<script>x" not in as_alice.get("/recipes/").content.decode()
    assert "<script>x" not in as_alice.get("/recipes/scriptx/edit/").content.decode()


@pytest.mark.parametrize("path", ["/recipes/", "/recipes/new/", "/analyses/", "/analyses/new/"])
def test_strangers_are_sent_to_sign_in(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 302
