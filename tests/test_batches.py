"""Analyses handed over together: sent once, found again after any crash, each booked once and at half the price."""

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions, budgets, jobs, tasks
from documents.ai import prices
from documents.ai.protocol import Usage
from documents.models import AICall, Analysis, Batch, Budget, CallState, Document, Job, Options, Recipe, Run
from tests.claude import BatchScript, MessagesAPI, Script

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def letters(alice: User) -> list[Document]:
    texts = [f"The work at {number} Quay Street costs €{number},800. The landlord pays." for number in (4, 5, 6)]
    made = [actions.upload_text(owner=alice, title=text[12], content=text).document.pk for text in texts]
    return list(Document.objects.filter(pk__in=made).order_by("title"))


def hand_over(owner: User, letters: list[Document]) -> Run:
    """The first step is done: the batch is with the provider."""
    options = Options(recipe=Recipe.objects.get(owner=None, slug="key-points"))
    documents = [letter.pk for letter in letters]
    return actions.analyse_many(person=owner, documents=documents, options=options, not_urgent=True).run


def look_again() -> Job:
    """What a worker does a minute later."""
    job = Job.objects.get(kind="batch")
    jobs.hurry(job.subject)
    tasks.run(job.pk)
    job.refresh_from_db()
    return job


def states(run: Run) -> list[str]:
    return list(run.analyses.order_by("title").values_list("status", flat=True))


def sent(claude: MessagesAPI) -> list[Any]:
    return [one for one in claude.requests if one.method == "POST" and one.path.endswith("/batches")]


def test_a_batch_is_sent_waited_for_and_saved(claude: MessagesAPI, alice: User, letters: list[Document]) -> None:
    claude.batch_script.append(BatchScript(polls=2))
    run = hand_over(alice, letters)
    assert (states(run), len(sent(claude))) == (["running"] * 3, 1)

    assert look_again().state == "queued"
    while look_again().state == "queued":
        pass

    assert states(run) == ["done"] * 3
    assert len(sent(claude)) == 1
    for analysis in run.analyses.all():
        (citation,) = analysis.citations.all()
        assert citation.verified
        assert analysis.document is not None
        assert citation.quote in analysis.document.content


def test_each_is_booked_once_at_half_the_price(claude: MessagesAPI, alice: User, letters: list[Document]) -> None:
    hand_over(alice, letters)
    assert set(AICall.objects.values_list("state", flat=True)) == {CallState.INTENT}
    assert budgets.standing(alice.pk).held > 0

    look_again()

    for call in AICall.objects.all():
        usage = Usage(call.input_tokens, call.output_tokens)
        whole = prices.cost(call.model, usage)
        assert whole is not None
        assert (call.state, call.cost) == (CallState.ANSWERED, whole / 2)
    assert AICall.objects.count() == 3
    assert budgets.standing(alice.pk).held == 0


def test_a_worker_that_dies_after_sending_finds_its_batch_again(
    claude: MessagesAPI, alice: User, letters: list[Document]
) -> None:
    """The provider took it, but its answer with the key was lost."""
    claude.script.append(Script(cut="within"))
    run = hand_over(alice, letters)
    batch = Batch.objects.get()
    assert (batch.key, batch.sending_at is not None, len(claude.batches)) == ("", True, 1)

    look_again()

    assert states(run) == ["done"] * 3
    assert len(sent(claude)) == 1
    assert AICall.objects.filter(state=CallState.ANSWERED).count() == 3


def test_a_batch_in_the_dark_is_waited_for_before_it_is_sent_again(
    claude: MessagesAPI, alice: User, letters: list[Document]
) -> None:
    claude.script.append(Script(cut="within"))
    claude.batch_script.append(BatchScript(polls=5))
    run = hand_over(alice, letters)

    look_again()
    assert (states(run), len(sent(claude))) == (["running"] * 3, 1)

    (with_provider,) = claude.batches.values()
    with_provider.polls = 0
    look_again()
    assert (states(run), len(sent(claude))) == (["done"] * 3, 1)


def test_what_never_arrived_is_sent_once_more(claude: MessagesAPI, alice: User, letters: list[Document]) -> None:
    claude.script.append(Script(status=529))
    run = hand_over(alice, letters)
    assert not claude.batches

    look_again()
    look_again()

    assert states(run) == ["done"] * 3
    assert AICall.objects.filter(state=CallState.ANSWERED).count() == 3
    assert not AICall.objects.filter(state__in=[CallState.INTENT, CallState.AMBIGUOUS]).exists()


def test_somebody_elses_batch_is_not_taken_for_ours(claude: MessagesAPI, alice: User, letters: list[Document]) -> None:
    strangers = hand_over(alice, letters)
    look_again()
    Batch.objects.all().delete()
    strangers.delete()
    Job.objects.all().delete()
    claude.script.append(Script(status=529))

    run = hand_over(alice, letters)
    look_again()
    look_again()

    assert states(run) == ["done"] * 3
    assert len(claude.batches) == 2


def test_results_that_break_off_are_fetched_again_and_none_is_saved_twice(
    claude: MessagesAPI, alice: User, letters: list[Document]
) -> None:
    claude.batch_script.append(BatchScript(cut="quietly"))
    run = hand_over(alice, letters)
    look_again()
    (with_provider,) = claude.batches.values()
    assert states(run).count("done") == 1

    with_provider.script = BatchScript()
    look_again()

    assert states(run) == ["done"] * 3
    assert AICall.objects.filter(state=CallState.ANSWERED).count() == 3


def test_what_the_batch_could_not_answer_is_asked_by_itself_or_fails_with_words(
    claude: MessagesAPI, alice: User, letters: list[Document]
) -> None:
    claude.batch_script.append(BatchScript(outcomes={0: "expired", 1: Script(stop_reason="refusal")}))
    run = hand_over(alice, letters)

    look_again()

    assert states(run) == ["done", "failed", "done"]
    failed = run.analyses.get(status="failed")
    assert (failed.error_code, bool(failed.error)) == ("model_refused", True)
    assert AICall.objects.filter(batch=None, state=CallState.ANSWERED).count() == 1


def test_an_answer_about_a_text_that_was_changed_is_paid_for_and_asked_for_again(
    claude: MessagesAPI, alice: User, letters: list[Document]
) -> None:
    run = hand_over(alice, letters)
    Document.objects.filter(pk=letters[0].pk).update(content=letters[0].content.replace("landlord", "landlady"))

    look_again()

    assert states(run) == ["done"] * 3
    assert AICall.objects.filter(state=CallState.DISCARDED, cost__gt=0).count() == 1


def test_a_stopped_run_is_called_off_with_the_provider(
    claude: MessagesAPI, alice: User, letters: list[Document]
) -> None:
    claude.batch_script.append(BatchScript(polls=9))
    run = hand_over(alice, letters)

    actions.cancel_run(run=run)
    look_again()
    look_again()

    assert states(run) == ["cancelled"] * 3
    assert [one.path for one in claude.requests if one.path.endswith("/cancel")] != []
    assert Batch.objects.get().ended_at is not None
    assert budgets.standing(alice.pk).held == 0


def test_a_document_deleted_meanwhile_holds_up_nobody(
    claude: MessagesAPI, alice: User, letters: list[Document]
) -> None:
    run = hand_over(alice, letters)
    actions.delete(document=letters[0])

    assert look_again().state == "done"

    assert states(run) == ["done", "done"]
    assert AICall.objects.get(state=CallState.AMBIGUOUS).reserved is not None


def test_a_batch_beyond_the_budget_is_not_sent(claude: MessagesAPI, alice: User, letters: list[Document]) -> None:
    Budget.objects.create(owner=alice, monthly_usd=Decimal("0.01"))

    run = hand_over(alice, letters)

    assert states(run) == ["failed"] * 3
    assert "budget" in Analysis.objects.all()[0].error
    assert not claude.batches


def test_staff_can_retry_a_batch_that_failed(
    claude: MessagesAPI, api: APIClient, alice: User, letters: list[Document]
) -> None:
    claude.script.append(Script(status=401))
    run = hand_over(alice, letters)
    assert states(run) == ["failed"] * 3

    assert actions.retry_job(job=Job.objects.get(kind="batch"))

    assert states(run) == ["done"] * 3
    assert not AICall.objects.filter(state__in=[CallState.INTENT, CallState.AMBIGUOUS]).exists()
