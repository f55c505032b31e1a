"""Whatever goes wrong with a call, its work is billed once: by fault, how it ends and what is on the books."""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from documents import budgets, jobs, providers, tasks
from documents.ai.claude import Claude
from documents.ai.protocol import Delta, Reference, Request, Result
from documents.models import AICall, Analysis, Breaker, CallState, Document, Job
from tests.claude import MessagesAPI, Script

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ANSWERED, DISCARDED, FAILED, AMBIGUOUS = (
    *(CallState.ANSWERED, CallState.DISCARDED),
    *(CallState.FAILED, CallState.AMBIGUOUS),
)
WRONG = [{"type": "text", "text": "That is no JSON."}]
LIMIT = "Your credit balance is too low"


def carried_out(api: APIClient, document: Document, **asked: Any) -> Analysis:
    """The analysis, after every further try that it is owed."""
    started = api.post(f"/api/documents/{document.pk}/analyze/", asked or {"recipe": "summary"}).json()
    for _ in range(4):
        Breaker.objects.all().delete()
        jobs.hurry(started["id"])
        tasks.run(Job.objects.get(subject=started["id"]).pk)
    return Analysis.objects.get(pk=started["id"])


def books() -> list[str]:
    return list(AICall.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("fault", "first"),
    [
        (Script(status=429), FAILED),
        (Script(status=429, headers={"retry-after": "7"}), FAILED),
        (Script(status=429, headers={"retry-after": "soon"}), FAILED),
        (Script(status=529), FAILED),
        (Script(status=500), FAILED),
        (Script(status=502), AMBIGUOUS),
        (Script(status=504), AMBIGUOUS),
        (Script(cut="before"), AMBIGUOUS),
        (Script(cut="within"), AMBIGUOUS),
        (Script(stop_reason=None), AMBIGUOUS),
        (Script(stop_reason="pause_turn"), AMBIGUOUS),
    ],
    ids=lambda value: str(getattr(value, "status", value)),
)
def test_what_may_pass_is_tried_again_and_answered_once(
    claude: MessagesAPI, api: APIClient, notice: Document, fault: Script, first: str
) -> None:
    claude.script.append(fault)

    analysis = carried_out(api, notice)

    assert analysis.status == "done"
    assert books() == [first, ANSWERED]
    assert AICall.objects.filter(state=ANSWERED, cost__gt=0).count() == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Script(status=401), "model_misconfigured"),
        (Script(status=400), "model_rejected"),
        (Script(status=413), "model_rejected"),
        (Script(status=402), "model_budget"),
        (Script(status=429, error_code="enforced_spend_limit_reached"), "model_budget"),
        (Script(status=400, message=LIMIT), "model_budget"),
        (Script(stop_reason="refusal"), "model_refused"),
        (Script(page=b"<html>Welcome to the proxy</html>"), "model_misconfigured"),
    ],
    ids=lambda value: str(getattr(value, "status", value)),
)
def test_what_cannot_pass_is_said_at_once_and_asked_once(
    claude: MessagesAPI, api: APIClient, notice: Document, fault: Script, code: str
) -> None:
    claude.script.append(fault)

    analysis = carried_out(api, notice)

    assert (analysis.status, analysis.error_code) == ("failed", code)
    assert books() == [FAILED]
    assert len(claude.requests) == 1


def test_an_answer_cut_short_by_its_limit_is_kept_and_marked(
    claude: MessagesAPI, api: APIClient, notice: Document
) -> None:
    claude.script.append(Script(stop_reason="max_tokens"))

    analysis = carried_out(api, notice)

    assert (analysis.status, analysis.truncated) == ("done", True)
    assert books() == [ANSWERED]


def test_an_answer_in_the_wrong_form_is_paid_for_and_asked_for_once_more(
    claude: MessagesAPI, api: APIClient, notice: Document
) -> None:
    claude.script.append(Script(blocks=WRONG))

    analysis = carried_out(api, notice, labels=["letter", "invoice"])

    assert analysis.status == "done"
    assert books() == [FAILED, ANSWERED]
    assert AICall.objects.filter(cost__gt=0).count() == 2


def test_an_answer_that_comes_after_we_stopped_waiting_is_on_the_books(
    claude: MessagesAPI, api: APIClient, alice: User, notice: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = Claude(claude.api_key, base_url=claude.url, timeout_seconds=0.3, stall_seconds=0.3)
    monkeypatch.setattr(providers.provider(), "stream", impatient.stream)
    claude.script.append(Script(delay_seconds=1.0))

    analysis = carried_out(api, notice)

    assert analysis.status == "done"
    assert books() == [AMBIGUOUS, ANSWERED]
    assert budgets.standing(alice.pk).held > 0


def test_two_lost_answers_are_enough(claude: MessagesAPI, api: APIClient, notice: Document) -> None:
    """Each may have been charged: a third is not risked."""
    claude.script += [Script(cut="before")] * 3

    analysis = carried_out(api, notice)

    assert (analysis.status, analysis.error_code) == ("failed", "model_answer_lost")
    assert books() == [AMBIGUOUS, AMBIGUOUS]


def test_an_analysis_that_is_stopped_meanwhile_is_paid_for_once(
    claude: MessagesAPI, api: APIClient, notice: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = providers.provider().stream

    def stopped_meanwhile(request: Request) -> Iterator[Delta | Reference | Result]:
        pieces = list(stream(request))
        jobs.cancel(Analysis.objects.get().pk)
        yield from pieces

    monkeypatch.setattr(providers.provider(), "stream", stopped_meanwhile)

    api.post(f"/api/documents/{notice.pk}/analyze/", {"recipe": "summary"})

    assert books() == [DISCARDED]
    assert AICall.objects.get().cost is not None
