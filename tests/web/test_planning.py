"""Choosing an analysis and many documents for it, what it would cost, and starting it."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from documents import actions
from documents.models import Document, Recipe, Status
from tests.claude import MessagesAPI
from tests.library import Commit
from tests.web.analysed import words_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def letters(alice: User, notice: Document, commit: Commit) -> list[Document]:
    """The notice and two letters, all ready."""
    with commit():
        for title in ("Rent", "Roof"):
            actions.upload_text(owner=alice, title=title, content=f"# {title}\n\nThe {title.lower()} costs 900 euros.")
    return list(alice.documents.order_by("title"))


def recipe(slug: str) -> int:
    return Recipe.objects.get(owner=None, slug=slug).pk


def chosen(**changes: Any) -> dict[str, Any]:
    return {"recipe": recipe("key-points"), "source": "all", **changes}


def test_all_that_are_ready_are_analysed_at_once(
    as_alice: Client, alice: User, letters: list[Document], commit: Commit
) -> None:
    with commit():
        response = as_alice.post("/analyses/new/", chosen(name="Points of May"))

    run = alice.runs.get()
    page = as_alice.get(f"/runs/{run.pk}/").content.decode()
    assert response.headers["Location"] == f"/runs/{run.pk}/"
    assert "Points of May" in page
    assert "3 of 3 done" in words_of(page)
    assert page.count('scope="row"') == 3
    assert "every 2s" not in page


def test_some_are_picked(as_alice: Client, alice: User, letters: list[Document]) -> None:
    as_alice.post("/analyses/new/", chosen(source="picked", document=[str(one.pk) for one in letters[:2]]))

    assert set(alice.runs.get().analyses.values_list("document_id", flat=True)) == {one.pk for one in letters[:2]}


def test_a_collection_is_analysed_and_what_has_no_text_is_counted(
    as_alice: Client, alice: User, letters: list[Document]
) -> None:
    collection = actions.make_collection(owner=alice, name="House", documents=[one.pk for one in letters])
    Document.objects.filter(pk=letters[0].pk).update(status=Status.READING)

    page = as_alice.post("/analyses/new/", chosen(source="collection", collection=collection.pk), follow=True)

    assert alice.runs.get().analyses.count() == 2
    assert "1 document has no text yet and was left out." in page.content.decode()


def test_one_s_own_words_and_classes_are_asked_of_many(as_alice: Client, alice: User, letters: list[Document]) -> None:
    as_alice.post("/analyses/new/", chosen(recipe="", instruction="Who pays?"))
    as_alice.post("/analyses/new/", chosen(recipe=recipe("classification"), labels="notice, letter"))

    in_classes, in_words = alice.runs.all()
    assert set(in_words.analyses.values_list("instruction", flat=True)) == {"Who pays?"}
    assert [one.labels for one in in_classes.analyses.all()] == [["notice", "letter"]] * 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recipe": ""}, "say in your own words"),
        ({"recipe": "99999"}, "There is no such analysis."),
        ({"source": ""}, "Say which documents."),
        ({"source": "picked"}, "Choose at least one document."),
        ({"source": "picked", "document": ["x"]}, "Some of these documents are not there."),
        ({"source": "picked", "document": [str(uuid.uuid4())]}, "Some of these documents are not there."),
        ({"source": "collection"}, "Choose a collection."),
        ({"source": "collection", "collection": "77"}, "There is no such collection."),
        ({"not_urgent": "yes"}, "takes no batches"),
    ],
)
def test_what_cannot_be_started_is_said(
    as_alice: Client, alice: User, letters: list[Document], changes: dict[str, Any], words: str
) -> None:
    page = as_alice.post("/analyses/new/", chosen(name="May", **{"source": "all"} | changes)).content.decode()

    assert words in page.partition('role="alert"')[2]
    assert 'value="May"' in page
    assert not alice.runs.exists()


def test_bobs_documents_are_not_analysed_by_alice(as_bob: Client, bob: User, notice: Document) -> None:
    page = as_bob.post("/analyses/new/", chosen(source="picked", document=[str(notice.pk)])).content.decode()

    assert not bob.runs.exists()
    assert notice.title not in page


def test_nothing_is_offered_before_a_document_is_ready(as_alice: Client) -> None:
    assert "No document has a text yet." in as_alice.get("/analyses/new/").content.decode()


def test_documents_and_a_recipe_can_be_chosen_by_the_address(as_alice: Client, letters: list[Document]) -> None:
    address = f"/analyses/new/?document={letters[0].pk}&recipe={recipe('dates')}"
    page = as_alice.get(address).content.decode()

    assert f'value="{letters[0].pk}" checked' in page
    assert 'value="picked" checked' in page
    assert 'data-task="dates" checked' in page
    assert page.count(" checked") == 3


def test_documents_are_found_by_title_and_those_picked_stay(as_alice: Client, letters: list[Document]) -> None:
    asked = chosen(source="picked", title="roo", document=[str(letters[0].pk)])

    part = as_alice.post("/analyses/new/documents/", asked, headers=HTMX).content.decode()
    page = as_alice.post("/analyses/new/documents/", asked).content.decode()

    assert re.findall(r'value="([^"]+)"( checked)?', part) == [
        (str(letters[0].pk), " checked"),
        (str(next(one.pk for one in letters if one.title == "Roof")), ""),
    ]
    assert part.strip() in page
    assert "<h1>Analyse many</h1>" in page


def test_more_documents_than_are_shown_are_counted(as_alice: Client, alice: User, notice: Document) -> None:
    common = {"owner": alice, "filename": "a.md", "size": 9, "status": Status.READY, "content_sha256": "x"}
    Document.objects.bulk_create(Document(title=f"D{n}", file=f"x{n}", sha256=f"{n}", **common) for n in range(120))

    assert "The newest 100 of 121 are shown." in as_alice.get("/analyses/new/").content.decode()


def test_the_built_in_provider_costs_nothing(as_alice: Client, letters: list[Document]) -> None:
    part = as_alice.post("/analyses/new/estimate/", chosen(), headers=HTMX).content.decode()
    page = as_alice.post("/analyses/new/estimate/", chosen()).content.decode()

    assert "3 documents, at no cost." in words_of(part)
    assert "3 documents, at no cost." in words_of(page)
    assert "half the price" not in page


def test_what_a_paid_model_costs_is_told_before(as_alice: Client, letters: list[Document], claude: MessagesAPI) -> None:
    part = as_alice.post("/analyses/new/estimate/", chosen(), headers=HTMX).content.decode()
    page = as_alice.get("/analyses/new/").content.decode()

    assert re.search(r"3 documents, about (less than )?\$0\.0\d\. At most \$0\.\d\d", words_of(part))
    assert "half the price" in page


def test_what_a_model_of_unknown_price_costs_is_not_guessed(
    as_alice: Client, alice: User, letters: list[Document], claude: MessagesAPI
) -> None:
    own = actions.write_recipe(owner=alice, name="Own", instruction="Who pays?", model="somebody-s-model")

    part = as_alice.post("/analyses/new/estimate/", chosen(recipe=own.pk), headers=HTMX).content.decode()

    assert "What this model costs is not known here" in part


def test_an_estimate_says_what_is_missing(as_alice: Client, letters: list[Document]) -> None:
    part = as_alice.post("/analyses/new/estimate/", chosen(source="picked"), headers=HTMX).content.decode()

    assert "Choose at least one document." in part


def test_the_collections_and_documents_of_others_are_not_offered(
    as_bob: Client, bob: User, alice: User, notice: Document
) -> None:
    collection = actions.make_collection(owner=alice, name="Alice's house", documents=[notice.pk])
    Document.objects.create(
        owner=bob, title="Bob's", file="b", sha256="b", size=1, status=Status.READY, content_sha256="b"
    )

    page = as_bob.get(f"/analyses/new/?document={notice.pk}&collection={collection.pk}").content.decode()

    assert "Bob&#x27;s" in page
    assert notice.title not in page
    assert "house" not in page
