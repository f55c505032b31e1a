from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from documents import actions, tasks
from documents.ai import errors
from documents.ai.claude import Claude
from documents.ai.protocol import Delta, Reference, Request, Result
from documents.models import AICall, Analysis, CallState, Citation, Document, Job, JobState
from tests.claude import MessagesAPI, Script
from tests.library import LETTER

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

WAIT = {"Prefer": "wait=30"}


def analysed(api: APIClient, document: Document, **options: Any) -> dict[str, Any]:
    answer = api.post(f"/api/documents/{document.pk}/analyze/", options, headers=WAIT)
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_without_options_a_document_is_summarised_with_verified_citations(api: APIClient, notice: Document) -> None:
    analysis = analysed(api, notice)

    assert (analysis["status"], analysis["recipe"], analysis["provider"]) == ("done", "summary", "local")
    assert analysis["result"]["verified"] == analysis["result"]["total"] > 0
    for citation in analysis["citations"]:
        assert notice.content[citation["start"] : citation["end"]] == citation["quote"]
        assert citation["document"] == str(notice.pk)
        assert (citation["page"], citation["verified"]) == (1, True)


def test_each_claim_names_its_citations(api: APIClient, notice: Document) -> None:
    analysis = analysed(api, notice, recipe="key-points")

    quotes = [analysis["citations"][claim["citations"][0]]["quote"] for claim in analysis["result"]["claims"]]
    assert quotes == [claim["text"].strip() for claim in analysis["result"]["claims"]]


def test_without_prefer_the_answer_is_202_and_the_analysis_can_be_polled(api: APIClient, notice: Document) -> None:
    started = api.post(f"/api/documents/{notice.pk}/analyze/", {})

    finished = api.get(f"/api/analyses/{started.json()['id']}/")
    assert started.status_code == 202
    assert finished.json()["status"] == "done"


def test_dates_amounts_and_addresses_are_found_where_they_stand(api: APIClient, notice: Document) -> None:
    claims = analysed(api, notice, recipe="entities")["result"]["claims"]

    found = {(claim["label"], claim["text"].strip()) for claim in claims}
    assert {("date", "12 May 2026"), ("amount", "€4,800"), ("e-mail", "ruth.okoye@quay-street.example")} <= found


def test_labels_are_chosen_by_meaning(api: APIClient, notice: Document) -> None:
    claims = analysed(api, notice, labels=["water supply", "football", "cooking"])["result"]["claims"]

    assert claims[0]["label"] == "water supply"
    assert claims[0]["score"] > 0.5


def test_an_instruction_is_followed(api: APIClient, notice: Document) -> None:
    analysis = analysed(api, notice, instruction="Who answers questions?")

    assert "Ruth Okoye" in analysis["result"]["text"]


def test_every_built_in_recipe_works_on_every_sample(api: APIClient, alice: Any, commit: Any) -> None:
    recipes = [recipe["slug"] for recipe in api.get("/api/recipes/").json()]
    recipes.remove("translation")

    for sample in actions.add_samples(owner=alice):
        for recipe in recipes:
            analysis = analysed(api, sample, recipe=recipe)
            assert analysis["status"] == "done", (sample.title, recipe)
            assert analysis["result"]["verified"] == analysis["result"]["total"]


def test_a_citation_of_a_pdf_knows_its_boxes(api: APIClient, alice: Any) -> None:

    report = actions.add_samples(owner=alice)[0]

    citations = analysed(api, report)["citations"]

    boxes = [box for citation in citations for box in citation["boxes"]]
    assert len(boxes) >= len(citations)
    assert all(0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1 for _, x0, y0, x1, y1 in boxes)


def test_a_text_is_analysed_and_forgotten(api: APIClient) -> None:
    answer = api.post("/api/documents/analyze/", {"content": LETTER}, headers=WAIT)

    body = answer.json()
    analysis = Analysis.objects.get(pk=body["id"])
    assert answer.status_code == 200
    assert body["analysis"] == body["result"]["text"] != ""
    assert all(LETTER[citation["start"] : citation["end"]] == citation["quote"] for citation in body["citations"])
    assert analysis.inline_text == ""
    assert not Document.objects.exists()


def test_a_text_is_classified(api: APIClient) -> None:
    answer = api.post("/api/classify/", {"text": "I love this book, it is wonderful."})

    body = answer.json()
    assert answer.status_code == 200
    assert body["result"] == "positive"
    assert body["model"] == "local-extractive-1"
    assert body["tokens_used"] > 0


def test_the_list_of_analyses_is_the_persons_own(api: APIClient, api_of_bob: APIClient, notice: Document) -> None:
    analysis = analysed(api, notice)

    assert [row["id"] for row in api.get("/api/analyses/").json()["results"]] == [analysis["id"]]
    assert api_of_bob.get("/api/analyses/").json()["results"] == []
    assert api_of_bob.get(f"/api/analyses/{analysis['id']}/").status_code == 404
    assert api_of_bob.post(f"/api/analyses/{analysis['id']}/cancel/").status_code == 404


def test_an_analysis_that_has_ended_cannot_be_cancelled(api: APIClient, notice: Document) -> None:
    analysis = analysed(api, notice)

    assert api.post(f"/api/analyses/{analysis['id']}/cancel/").status_code == 409


def test_claude_answers_with_citations_of_our_sentences(claude: MessagesAPI, api: APIClient, notice: Document) -> None:
    analysis = analysed(api, notice)

    sent = claude.requests[-1].body["messages"][0]["content"][0]
    call = AICall.objects.get()
    assert (analysis["provider"], analysis["model"]) == ("claude", "claude-haiku-4-5-20251001")
    assert sent["source"]["type"] == "content"
    assert [citation["verified"] for citation in analysis["citations"]] == [True]
    assert (call.state, call.request_id != "") == (CallState.ANSWERED, True)
    assert call.cost is not None
    assert call.cost > 0


def test_a_quote_that_claude_made_up_is_shown_unverified_and_links_nowhere(
    claude: MessagesAPI, api: APIClient, notice: Document
) -> None:
    made_up = {
        "type": "content_block_location",
        "cited_text": "The landlord will pay every tenant €10,000.",
        "document_index": 0,
        "document_title": "notice",
        "start_block_index": 1,
        "end_block_index": 2,
        "file_id": None,
    }
    claude.script.append(Script(blocks=[{"type": "text", "text": "Tenants get €10,000.", "citations": [made_up]}]))

    analysis = analysed(api, notice)

    citation = analysis["citations"][0]
    assert (citation["verified"], citation["start"], citation["page"]) == (False, None, None)
    assert analysis["result"]["verified"] == 0


def test_a_busy_claude_is_asked_again_and_every_attempt_is_on_the_books(
    claude: MessagesAPI, api: APIClient, notice: Document
) -> None:
    claude.script.append(Script(status=529))
    started = api.post(f"/api/documents/{notice.pk}/analyze/", {}).json()
    job = Job.objects.get(subject=started["id"])
    Job.objects.filter(pk=job.pk).update(run_after=job.created_at)

    tasks.run(job.pk)

    assert api.get(f"/api/analyses/{started['id']}/").json()["status"] == "done"
    assert set(AICall.objects.values_list("state", flat=True)) == {CallState.FAILED, CallState.ANSWERED}


def test_an_answer_that_nobody_waits_for_any_more_is_on_the_books_with_its_cost(
    claude: MessagesAPI, api: APIClient, notice: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Claude.stream

    def cancelled_meanwhile(provider: Claude, request: Request) -> Iterator[Delta | Reference | Result]:
        pieces = list(stream(provider, request))
        actions.cancel(analysis=Analysis.objects.get())
        yield from pieces

    monkeypatch.setattr(Claude, "stream", cancelled_meanwhile)
    api.post(f"/api/documents/{notice.pk}/analyze/", {})

    call = AICall.objects.get()
    assert Analysis.objects.get().status == "cancelled"
    assert call.state == CallState.DISCARDED
    assert call.cost is not None


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (Script(status=401), errors.Misconfigured.code),
        (Script(status=402), errors.OutOfBudget.code),
        (Script(status=413), errors.Rejected.code),
        (Script(blocks=[], stop_reason="refusal"), errors.Refused.code),
    ],
)
def test_what_cannot_be_mended_by_trying_again_is_said_at_once(
    claude: MessagesAPI, api: APIClient, notice: Document, script: Script, code: str
) -> None:
    claude.script.append(script)

    analysis = analysed(api, notice)

    assert (analysis["status"], analysis["error"]["code"]) == ("failed", code)
    assert analysis["error"]["detail"].endswith(".")
    assert Job.objects.get(subject=analysis["id"]).state == JobState.FAILED
    assert not Citation.objects.exists()


def test_an_intent_whose_worker_died_is_listed_as_ambiguous(
    claude: MessagesAPI, api: APIClient, notice: Document
) -> None:
    started = api.post(f"/api/documents/{notice.pk}/analyze/", {}).json()
    AICall.objects.update(state=CallState.INTENT, fence=0)
    Analysis.objects.filter(pk=started["id"]).update(status="queued", result=None)
    Job.objects.filter(subject=started["id"]).update(state=JobState.QUEUED)

    tasks.run(Job.objects.get(subject=started["id"]).pk)

    states = AICall.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == [CallState.AMBIGUOUS, CallState.ANSWERED]
