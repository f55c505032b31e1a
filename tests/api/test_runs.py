"""The same question to many documents: started, watched, stopped, tried again, taken along."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from pytest_django import Settings
from python_calamine import CalamineWorkbook
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions, providers
from documents.models import Analysis, Collection, Document, Job, Run
from tests.claude import MessagesAPI, Script

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PRICES = {"type": "object", "properties": {"cost": {"type": "number", "description": "What the work costs"}}}


@pytest.fixture
def letters(alice: User) -> list[Document]:
    """Three of Alice's, ready."""
    texts = [f"The work at {number} Quay Street costs €{number},800. The landlord pays." for number in (4, 5, 6)]
    made = [actions.upload_text(owner=alice, title=f"Letter {text[12]}", content=text).document.pk for text in texts]
    return list(Document.objects.filter(pk__in=made).order_by("title"))


def keys(documents: list[Document]) -> list[str]:
    return [str(document.pk) for document in documents]


def started(api: APIClient, **asked: Any) -> dict[str, Any]:
    answer = api.post("/api/runs/", asked)
    assert answer.status_code == 202, answer.content
    body: dict[str, Any] = answer.json()
    return body


def exported(api: APIClient, run: str, form: str) -> bytes:
    answer = api.get(f"/api/runs/{run}/export/", {"form": form})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_run_asks_each_document(api: APIClient, letters: list[Document]) -> None:
    run = started(api, documents=keys(letters), schema=PRICES, name="Prices")
    assert (run["name"], run["skipped"]) == ("Prices", 0)

    now = api.get(f"/api/runs/{run['id']}/").json()
    assert (now["total"], now["done"], now["failed"]) == (3, 3, 0)
    rows = api.get("/api/analyses/", {"run": run["id"]}).json()["results"]
    assert sorted(row["title"] for row in rows) == ["Letter 4", "Letter 5", "Letter 6"]


def test_typed_values_are_exported_as_a_table(api: APIClient, letters: list[Document]) -> None:
    run = started(api, documents=keys(letters), schema=PRICES)["id"]

    rows = list(csv.reader(StringIO(exported(api, run, "csv").decode("utf-8-sig"))))

    assert rows[0] == ["document", "cost", "cost: verified"]
    assert rows[1:] == [[f"Letter {number}", f"{number}800", "True"] for number in (4, 5, 6)]


def test_a_workbook_has_the_values_and_what_they_rest_on(api: APIClient, letters: list[Document]) -> None:
    run = started(api, documents=keys(letters), schema=PRICES)["id"]

    book = CalamineWorkbook.from_filelike(BytesIO(exported(api, run, "xlsx")))

    assert book.sheet_names == ["Values", "Statements"]
    assert book.get_sheet_by_name("Values").to_python()[1] == ["Letter 4", 4800, True]
    statements = book.get_sheet_by_name("Statements").to_python()
    assert statements[0][:3] == ["document", "statement", "label"]
    assert "Quay Street costs €4,800" in str(statements[1])


def test_markdown_and_json_hold_every_document(api: APIClient, letters: list[Document]) -> None:
    run = started(api, documents=keys(letters), recipe="summary")["id"]

    text = exported(api, run, "md").decode()

    assert text.count("# Summary: Letter") == 3
    assert "[^2-1]" in text
    assert exported(api, run, "json").count(b'"statements"') == 3


def test_a_run_over_a_collection_takes_what_is_ready_in_it(
    api: APIClient, alice: User, letters: list[Document]
) -> None:
    collection = actions.make_collection(owner=alice, name="Two", documents=[one.pk for one in letters[:2]])

    assert started(api, collection=collection.pk, recipe="key-points")["total"] == 2


def test_documents_without_a_text_are_skipped_and_told_of(api: APIClient, letters: list[Document]) -> None:
    Document.objects.filter(pk=letters[0].pk).update(status="failed", error="Broken.")

    assert started(api, documents=keys(letters), recipe="summary")["skipped"] == 1


def test_what_cannot_be_run_is_refused_with_a_sentence(
    api: APIClient, api_of_bob: APIClient, letters: list[Document], alice: User
) -> None:
    collection = Collection.objects.create(owner=alice, name="Empty")

    def refusal(client: APIClient, **asked: Any) -> tuple[int, str]:
        answer = client.post("/api/runs/", asked)
        return answer.status_code, answer.json().get("code", "")

    assert refusal(api, recipe="summary")[0] == 400
    assert refusal(api, recipe="summary", documents=keys(letters), collection=collection.pk)[0] == 400
    assert refusal(api, recipe="summary", collection=collection.pk) == (409, "not_ready")
    assert refusal(api_of_bob, recipe="summary", documents=keys(letters)) == (400, "unknown_document")
    assert refusal(api_of_bob, recipe="summary", collection=collection.pk)[0] == 404
    assert refusal(api, recipe="summary", documents=keys(letters), not_urgent=True) == (400, "no_batches")
    assert refusal(api, recipe="translation", documents=keys(letters)) == (409, "needs_a_model")
    assert not Run.objects.exists()


def test_bob_sees_no_run_of_alices(api: APIClient, api_of_bob: APIClient, letters: list[Document]) -> None:
    run = started(api, documents=keys(letters), recipe="summary")["id"]

    assert api_of_bob.get("/api/runs/").json()["results"] == []
    for path in ("", "export/"):
        assert api_of_bob.get(f"/api/runs/{run}/{path}").status_code == 404
    for path in ("cancel/", "retry/"):
        assert api_of_bob.post(f"/api/runs/{run}/{path}").status_code == 404


class TestWithClaude:
    def test_an_estimate_tells_what_it_would_cost_and_starts_nothing(
        self, claude: MessagesAPI, api: APIClient, letters: list[Document]
    ) -> None:
        asked = {"documents": keys(letters), "recipe": "summary"}

        told = api.post("/api/runs/estimate/", asked).json()
        halved = api.post("/api/runs/estimate/", asked | {"not_urgent": True}).json()

        assert (told["calls"], told["known"]) == (3, True)
        assert 0 < float(told["about"]) < float(told["most"])
        assert float(halved["about"]) == pytest.approx(float(told["about"]) / 2, abs=1e-6)
        assert not Run.objects.exists()

    def test_a_text_longer_than_the_model_is_estimated_in_all_its_portions(
        self, claude: MessagesAPI, api: APIClient, letters: list[Document], settings: Settings
    ) -> None:
        settings.AI_CONTEXT_TOKENS = 1_200
        providers.provider.cache_clear()
        Document.objects.filter(pk=letters[0].pk).update(content="The rent is due. " * 600)

        told = api.post("/api/runs/estimate/", {"documents": keys(letters), "recipe": "summary"}).json()

        assert told["calls"] > 5

    def test_a_model_without_a_known_price_is_said_to_have_none(
        self, claude: MessagesAPI, api: APIClient, letters: list[Document]
    ) -> None:
        asked = {"documents": keys(letters), "recipe": "summary", "model": "claude-opus-9"}

        assert api.post("/api/runs/estimate/", asked).json()["known"] is False

    def test_stopping_ends_what_is_open_and_leaves_what_is_done(
        self, claude: MessagesAPI, api: APIClient, letters: list[Document]
    ) -> None:
        claude.script += [Script(), Script(status=529), Script(status=529)]
        run = started(api, documents=keys(letters), recipe="summary")["id"]

        stopped = api.post(f"/api/runs/{run}/cancel/").json()

        assert (stopped["done"], stopped["failed"]) == (1, 2)
        assert not Job.objects.filter(state__in=["queued", "running"]).exists()

    def test_what_failed_is_tried_again_and_paid_work_is_not(
        self, claude: MessagesAPI, api: APIClient, letters: list[Document]
    ) -> None:
        claude.script += [Script(), Script(stop_reason="refusal"), Script()]
        run = started(api, documents=keys(letters), recipe="summary")["id"]
        assert api.get(f"/api/runs/{run}/").json()["failed"] == 1

        api.post(f"/api/runs/{run}/retry/")

        now = api.get(f"/api/runs/{run}/").json()
        assert (now["done"], now["failed"]) == (3, 0)
        assert len(claude.requests) == 4
        assert Analysis.objects.count() == 3

    def test_a_summary_in_another_language_is_asked_for_by_name(
        self, claude: MessagesAPI, api: APIClient, letters: list[Document]
    ) -> None:
        asked = {"recipe": "translation", "language": "German"}
        analysis = api.post(f"/api/documents/{letters[0].pk}/analyze/", asked).json()

        assert analysis["language"] == "German"
        assert "German" in str(claude.requests[-1].body["messages"])


def test_columns_come_in_the_order_the_fields_were_given_in(api: APIClient, letters: list[Document]) -> None:
    fields = {"zone": {"type": "string"}, "cost": {"type": "number"}, "address": {"type": "string"}}
    run = started(api, documents=keys(letters), schema={"type": "object", "properties": fields})["id"]

    head = exported(api, run, "csv").decode("utf-8-sig").splitlines()[0]

    assert head == "document,zone,zone: verified,cost,cost: verified,address,address: verified"
