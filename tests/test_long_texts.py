"""A text longer than the model's window: portion by portion, each paid for once, whatever dies in between."""

from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions, jobs, providers, tasks
from documents.models import AICall, Analysis, CallState, Document, Job, Portion
from tests.claude import MessagesAPI, Script

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

WINDOW = 1_200


@pytest.fixture
def report(alice: User, claude: MessagesAPI, settings: Settings) -> Document:
    """About 2,700 tokens, for a model that takes 700 of them at a time."""
    settings.AI_CONTEXT_TOKENS = WINDOW
    providers.provider.cache_clear()
    text = "\n\n".join(
        f"On day {number} the harbour counted {number * 7} ships and one lost umbrella." for number in range(120)
    )
    document = actions.upload_text(owner=alice, title="Harbour book", content=text).document
    return Document.objects.get(pk=document.pk)


def analysed(api: APIClient, document: Document, **asked: Any) -> dict[str, Any]:
    started = api.post(f"/api/documents/{document.pk}/analyze/", {"max_tokens": 200} | asked).json()
    found: dict[str, Any] = api.get(f"/api/analyses/{started['id']}/").json()
    return found


def test_every_sentence_is_sent_and_each_prompt_fits(claude: MessagesAPI, api: APIClient, report: Document) -> None:
    analysis = analysed(api, report, recipe="dates")

    messages = [request for request in claude.requests if request.path == "/v1/messages"]
    assert analysis["status"] == "done"
    assert len(messages) > 2
    sent = [block["text"] for one in messages for block in one.body["messages"][0]["content"][0]["source"]["content"]]
    assert len(sent) == 120
    assert len(set(sent)) == 120


def test_statements_of_every_portion_point_into_the_whole_text(
    claude: MessagesAPI, api: APIClient, report: Document
) -> None:
    analysis = analysed(api, report, recipe="obligations")

    starts = [citation["start"] for citation in analysis["citations"]]
    assert starts == sorted(starts)
    assert len(starts) > 2
    for citation in analysis["citations"]:
        assert citation["verified"]
        assert report.content[citation["start"] : citation["end"]] == citation["quote"]


def test_a_summary_of_what_was_found_rests_on_the_words_of_the_document(
    claude: MessagesAPI, api: APIClient, report: Document
) -> None:
    analysis = analysed(api, report, recipe="summary")

    assert analysis["result"]["verified"] == analysis["result"]["total"] == 1
    assert {citation["quote"] for citation in analysis["citations"]} <= set(report.content.split("\n\n"))
    assert AICall.objects.filter(state=CallState.ANSWERED, step=0).count() == 1


def test_all_calls_are_on_the_books_and_in_the_usage(claude: MessagesAPI, api: APIClient, report: Document) -> None:
    analysis = analysed(api, report, recipe="summary")

    calls = AICall.objects.all()
    assert {call.state for call in calls} == {CallState.ANSWERED}
    assert len({call.step for call in calls}) == len(calls) > 3
    assert analysis["usage"]["input_tokens"] == sum(call.input_tokens for call in calls)
    assert not Portion.objects.exists()


def test_whoever_takes_over_pays_for_no_portion_twice(claude: MessagesAPI, api: APIClient, report: Document) -> None:
    claude.script += [Script(), Script(), Script(status=529)]
    analysis = Analysis.objects.get(pk=analysed(api, report, recipe="dates")["id"])
    assert (analysis.status, analysis.portions.count()) == ("running", 2)
    assert 0 < analysis.progress < 1
    asked = len(claude.requests)

    jobs.hurry(analysis.pk)
    tasks.run(Job.objects.get(subject=analysis.pk).pk)

    analysis.refresh_from_db()
    assert analysis.status == "done"
    answered = AICall.objects.filter(state=CallState.ANSWERED)
    assert answered.count() == answered.values("step").distinct().count()
    first_of_all = claude.requests[-1].body["messages"][0]["content"][0]["source"]["content"]
    assert len(claude.requests) > asked
    assert "On day 0 " not in str(first_of_all)


def test_a_text_that_changed_meanwhile_is_asked_about_anew(
    claude: MessagesAPI, api: APIClient, report: Document
) -> None:
    claude.script += [Script(), Script(), Script(status=529)]
    analysis = Analysis.objects.get(pk=analysed(api, report, recipe="dates")["id"])
    Document.objects.filter(pk=report.pk).update(content=report.content.replace("umbrella", "suitcase"))

    jobs.hurry(analysis.pk)
    tasks.run(Job.objects.get(subject=analysis.pk).pk)

    analysis.refresh_from_db()
    assert analysis.status == "done"
    assert "umbrella" not in (analysis.result or {})["text"]
    assert AICall.objects.filter(state=CallState.DISCARDED).count() == 2
    assert AICall.objects.filter(cost__gt=Decimal(0)).count() > 4


def test_a_value_is_taken_from_the_first_portion_that_has_it(
    claude: MessagesAPI, api: APIClient, report: Document
) -> None:
    nothing, found = '{"ships": null}', '{"ships": {"value": 350, "quote": "On day 50 the harbour counted 350 ships"}}'
    claude.script += [Script(blocks=[{"type": "text", "text": text}]) for text in (nothing, found)]
    rest = [Script(blocks=[{"type": "text", "text": nothing}])] * 8
    claude.script += rest

    schema = {"type": "object", "properties": {"ships": {"type": "number"}}}
    analysis = analysed(api, report, schema=schema)

    assert [claim["text"].strip() for claim in analysis["result"]["claims"]] == ["350"]


class TestWithAWindowThatIsTooSmall:
    @pytest.fixture
    def small(self, report: Document, settings: Settings) -> Document:
        settings.AI_CONTEXT_TOKENS = 600
        providers.provider.cache_clear()
        return report

    def test_the_text_is_refused_before_anything_is_paid_for(
        self, claude: MessagesAPI, api: APIClient, small: Document
    ) -> None:
        analysis = analysed(api, small, recipe="summary")

        assert (analysis["status"], analysis["error"]["code"]) == ("failed", "model_rejected")
        assert "far too long" in analysis["error"]["detail"]
        assert not AICall.objects.exists()

    def test_an_answer_longer_than_the_window_allows_is_asked_for_shorter(
        self, claude: MessagesAPI, api: APIClient, report: Document
    ) -> None:
        analysis = analysed(api, report, recipe="dates", max_tokens=8192)

        assert analysis["status"] == "done"
        assert {one.body["max_tokens"] for one in claude.requests if one.path == "/v1/messages"} == {WINDOW // 4}


def test_statements_that_become_no_fewer_are_the_answer_cut_short(
    claude: MessagesAPI, api: APIClient, report: Document
) -> None:
    """A model that says as much of each portion as stands in it would be asked for ever."""
    claude.script += [Script(obey=True)] * 60

    analysis = analysed(api, report, recipe="key-points")

    assert (analysis["status"], analysis["truncated"]) == ("done", True)
    assert len([one for one in claude.requests if one.path == "/v1/messages"]) < 20
