"""Typed results by API: each value with the words it rests on."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from documents.models import AICall, CallState, Document
from tests.claude import MessagesAPI, Script

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SCHEMA = {
    "type": "object",
    "properties": {
        "date": {"type": "string", "format": "date", "description": "When the water is turned off"},
        "cost": {"type": "number", "description": "What the work costs"},
        "contact": {"type": "string", "description": "E-mail address for questions"},
        "parking": {"type": "number", "description": "Fee of the underground garage in Zurich"},
    },
}


def extracted(api: APIClient, document: Document, schema: Any = SCHEMA) -> dict[str, Any]:
    answer = api.post(f"/api/documents/{document.pk}/analyze/", {"schema": schema}, headers={"Prefer": "wait=30"})
    assert answer.status_code == 200, answer.content
    return answer.json()  # type: ignore[no-any-return]


def values(analysis: dict[str, Any]) -> dict[str, str]:
    return {claim["label"]: claim["text"].strip() for claim in analysis["result"]["claims"]}


def answer(**found: Any) -> Script:
    told = {name: found.get(name) for name in SCHEMA["properties"]}
    return Script(blocks=[{"type": "text", "text": json.dumps(told)}])


def test_the_built_in_provider_finds_values_where_they_stand(api: APIClient, notice: Document) -> None:
    analysis = extracted(api, notice)

    assert values(analysis) == {"date": "2026-05-12", "cost": "4800", "contact": "ruth.okoye@quay-street.example"}
    assert analysis["provider"] == "local"
    assert all(citation["verified"] for citation in analysis["citations"])


def test_claude_gives_a_value_and_a_quote_for_each(claude: MessagesAPI, api: APIClient, notice: Document) -> None:
    claude.script.append(
        answer(
            cost={"value": 4800, "quote": "The work costs €4,800"},
            date={"value": "2026-05-12", "quote": "The water will be turned off on 12 May 2026"},
        )
    )

    analysis = extracted(api, notice)

    assert values(analysis) == {"date": "2026-05-12", "cost": "4800"}
    assert {claim["label"]: claim["value"] for claim in analysis["result"]["claims"]} == {
        "date": "2026-05-12",
        "cost": 4800,
    }
    assert (analysis["result"]["verified"], analysis["result"]["total"]) == (2, 2)
    sent = claude.requests[-1].body
    assert sent["output_config"]["format"]["type"] == "json_schema"
    assert sent["messages"][0]["content"][0]["citations"] == {"enabled": False}


def test_a_value_that_does_not_stand_in_its_quote_is_doubted(
    claude: MessagesAPI, api: APIClient, notice: Document
) -> None:
    claude.script.append(answer(cost={"value": 9999, "quote": "The work costs €4,800"}))

    analysis = extracted(api, notice)

    (claim,) = analysis["result"]["claims"]
    assert "not stand in the words" in claim["doubt"]
    assert analysis["result"]["verified"] == 0


def test_a_quote_that_was_made_up_is_not_verified(claude: MessagesAPI, api: APIClient, notice: Document) -> None:
    claude.script.append(answer(cost={"value": 10000, "quote": "The landlord pays €10,000"}))

    analysis = extracted(api, notice)

    assert [citation["verified"] for citation in analysis["citations"]] == [False]
    assert analysis["result"]["verified"] == 0


def test_an_answer_of_another_form_is_asked_for_once_more(
    claude: MessagesAPI, api: APIClient, notice: Document
) -> None:
    claude.script.append(answer(cost={"value": "a lot", "quote": "The work costs €4,800"}))
    claude.script.append(answer(cost={"value": 4800, "quote": "The work costs €4,800"}))

    analysis = extracted(api, notice)

    assert values(analysis) == {"cost": "4800"}
    assert "cost is not a number" in claude.requests[-1].body["messages"][0]["content"][-1]["text"]
    assert list(AICall.objects.order_by("step").values_list("step", "state")) == [
        (0, CallState.FAILED),
        (1, CallState.ANSWERED),
    ]
    assert all(cost is not None for cost in AICall.objects.values_list("cost", flat=True))


def test_an_answer_that_never_has_the_form_fails_with_words(
    claude: MessagesAPI, api: APIClient, notice: Document
) -> None:
    claude.script += [Script(blocks=[{"type": "text", "text": "no JSON"}])] * 2

    analysis = extracted(api, notice)

    assert (analysis["status"], analysis["error"]["code"]) == ("failed", "model_malformed")
    assert AICall.objects.count() == 2


def test_a_schema_that_is_none_is_refused(api: APIClient, notice: Document) -> None:
    refused = api.post(f"/api/documents/{notice.pk}/analyze/", {"schema": {"type": "array"}})

    assert refused.status_code == 400
    assert "Give an object" in refused.json()["errors"]["schema"][0]
