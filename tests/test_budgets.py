"""What a month may cost: reserved before each call, settled after it, shown to whoever spends it."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from documents import breaker, budgets, ledger, providers, tasks
from documents.ai.errors import Misconfigured, NotNow, OutOfBudget, Refused
from documents.ai.protocol import Request, Sentence, Source
from documents.models import AICall, Analysis, Breaker, Budget, CallState, Document, Job
from documents.values import Task
from tests.claude import MessagesAPI, Script

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def call(owner: User, **columns: Any) -> AICall:
    number = AICall.objects.count()
    given = {
        "subject": "0" * 31 + "1",
        "fence": number,
        "step": number,
        "provider": "claude",
        "model": "claude-haiku-4-5",
    }
    return AICall.objects.create(owner=owner, **(given | {"state": CallState.ANSWERED} | columns))


def analysed(api: APIClient, document: Document, **asked: Any) -> Any:
    started = api.post(f"/api/documents/{document.pk}/analyze/", asked).json()
    return api.get(f"/api/analyses/{started['id']}/").json()


def ask_once(owner: User, number: int, outcomes: list[str]) -> None:
    """One call of less than half a cent at most, as a worker's thread makes it."""
    request = Request(
        task=Task.INSTRUCTION,
        sources=(Source("key", "Title", (Sentence(0, 4, "Rent"),)),),
        model="claude-haiku-4-5-20251001",
        max_tokens=800,
        instruction="What is it?",
    )
    job = Job.objects.create(kind="analyse", subject=uuid.uuid4(), owner=owner)
    try:
        ledger.ask(providers.provider(), request, job=job.pk, owner=owner.pk, subject=job.subject, fence=number)
        outcomes.append("answered")
    except OutOfBudget as error:
        outcomes.append(error.code)
    finally:
        connection.close()


class TestLimit:
    def test_without_one_nothing_is_refused(self, claude: MessagesAPI, api: APIClient, notice: Document) -> None:
        assert analysed(api, notice)["status"] == "done"

    def test_what_does_not_fit_is_refused_before_it_is_sent(
        self, claude: MessagesAPI, api: APIClient, alice: User, notice: Document
    ) -> None:
        Budget.objects.create(owner=alice, monthly_usd=Decimal("0.01"))

        analysis = analysed(api, notice, max_tokens=8192)

        assert (analysis["status"], analysis["error"]["code"]) == ("failed", "model_budget")
        assert "$0.01" in analysis["error"]["detail"]
        assert [request.path for request in claude.requests] == ["/v1/messages/count_tokens"]
        assert not AICall.objects.exists()

    def test_what_fits_by_its_tokens_is_sent_and_settled_at_its_cost(
        self, claude: MessagesAPI, api: APIClient, alice: User, notice: Document
    ) -> None:
        Budget.objects.create(owner=alice, monthly_usd=Decimal("0.01"))

        assert analysed(api, notice, max_tokens=200)["status"] == "done"

        made = AICall.objects.get()
        assert made.cost is not None
        assert made.reserved is not None
        assert made.cost < made.reserved < Decimal("0.01")
        assert budgets.standing(alice.pk).held == 0

    def test_everybodys_limit_holds_for_those_without_their_own(self, alice: User, bob: User) -> None:
        Budget.objects.create(owner=None, monthly_usd=5)
        Budget.objects.create(owner=alice, monthly_usd=20)

        assert budgets.limit_of(alice.pk) == 20
        assert budgets.limit_of(bob.pk) == 5

    def test_only_this_month_counts(self, alice: User) -> None:
        Budget.objects.create(owner=alice, monthly_usd=5)
        old = call(alice, cost=Decimal(4))
        AICall.objects.filter(pk=old.pk).update(created_at=budgets.month_of(timezone.now()) - timedelta(seconds=1))
        call(alice, cost=Decimal(1))

        assert budgets.standing(alice.pk).left == 4

    def test_a_lost_answer_keeps_its_reserve_and_a_failed_call_gives_it_back(self, alice: User) -> None:
        Budget.objects.create(owner=alice, monthly_usd=5)
        call(alice, state=CallState.AMBIGUOUS, reserved=Decimal(2))
        call(alice, state=CallState.FAILED, reserved=None)

        assert budgets.standing(alice.pk).left == 3

    def test_a_model_without_a_price_is_not_asked_within_a_budget(
        self, claude: MessagesAPI, api: APIClient, alice: User, notice: Document
    ) -> None:
        Budget.objects.create(owner=alice, monthly_usd=5)

        analysis = analysed(api, notice, model="claude-opus-9")

        assert analysis["error"]["code"] == "model_budget"
        assert "not known" in analysis["error"]["detail"]

    def test_calls_at_once_never_exceed_it(self, claude: MessagesAPI, alice: User) -> None:
        """Six want to spend; each may cost a little less than half of the budget."""
        Budget.objects.create(owner=alice, monthly_usd=Decimal("0.01"))
        claude.script += [Script(delay_seconds=0.5)] * 6
        outcomes: list[str] = []
        threads = [Thread(target=ask_once, args=(alice, number, outcomes)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(outcomes) == ["answered"] * 2 + ["model_budget"] * 4
        assert budgets.standing(alice.pk).spent + budgets.standing(alice.pk).held <= Decimal("0.01")

    def test_bobs_spending_is_not_alices(self, alice: User, bob: User) -> None:
        Budget.objects.create(owner=None, monthly_usd=5)
        call(bob, cost=Decimal(5))

        assert budgets.standing(alice.pk).left == 5


class TestBreaker:
    def test_after_three_failures_on_end_a_provider_is_left_alone(self) -> None:
        for _ in range(3):
            breaker.pass_through("claude")
            breaker.failed("claude", NotNow("Overloaded."))

        with pytest.raises(NotNow, match="Overloaded"):
            breaker.pass_through("claude")
        breaker.pass_through("another")

    def test_it_waits_as_long_as_it_was_told(self) -> None:
        for _ in range(3):
            breaker.failed("claude", NotNow("Busy.", retry_after_seconds=300))

        with pytest.raises(NotNow) as error:
            breaker.pass_through("claude")
        assert 200 < error.value.retry_after_seconds <= 300

    def test_then_one_call_tries_and_an_answer_closes_it(self) -> None:
        Breaker.objects.create(provider="claude", failures=3, open_until=timezone.now() - timedelta(seconds=1))

        breaker.pass_through("claude")
        with pytest.raises(NotNow):
            breaker.pass_through("claude")
        breaker.answered("claude")
        breaker.pass_through("claude")

    def test_an_answer_that_refuses_shows_that_it_is_up(self) -> None:
        for error in (NotNow("Busy."), NotNow("Busy."), Refused("No."), NotNow("Busy.")):
            breaker.failed("claude", error)

        breaker.pass_through("claude")

    def test_a_wrong_key_says_nothing_either_way(self) -> None:
        breaker.failed("claude", NotNow("Busy."))
        breaker.failed("claude", Misconfigured("The key is wrong."))

        assert Breaker.objects.get().failures == 1

    def test_who_waited_for_it_is_due_when_it_answers_again(self, alice: User) -> None:
        later = timezone.now() + timedelta(minutes=4)
        job = Job.objects.create(kind="analyse", subject=uuid.uuid4(), owner=alice, run_after=later)
        Breaker.objects.create(provider="claude", failures=3, open_until=timezone.now())

        breaker.answered("claude")

        job.refresh_from_db()
        assert job.run_after <= timezone.now()

    def test_jobs_wait_through_an_outage_without_using_up_their_attempts(
        self, claude: MessagesAPI, api: APIClient, notice: Document
    ) -> None:
        claude.script += [Script(status=529)] * 3
        started = api.post(f"/api/documents/{notice.pk}/analyze/", {}).json()
        for _ in range(5):
            Job.objects.filter(subject=started["id"]).update(run_after=timezone.now() - timedelta(days=1))
            tasks.run(Job.objects.get(subject=started["id"]).pk)

        job = Job.objects.get(subject=started["id"])
        assert job.attempts <= 1
        assert len(claude.requests) == 3
        Breaker.objects.update(open_until=timezone.now() - timedelta(seconds=1))
        Job.objects.update(run_after=timezone.now() - timedelta(days=1))
        tasks.run(job.pk)
        assert Analysis.objects.get().status == "done"


class TestUsage:
    def test_the_page_shows_what_was_spent(self, as_alice: Client, alice: User, bob: User) -> None:
        Budget.objects.create(owner=alice, monthly_usd=5)
        call(alice, cost=Decimal("1.25"), input_tokens=1000, output_tokens=200)
        call(alice, state=CallState.AMBIGUOUS, reserved=Decimal("0.5"))
        call(bob, cost=Decimal(3), model="claude-of-bob")

        shown = as_alice.get("/usage/").content.decode()

        assert "$1.25" in shown
        assert "$3.25" in shown
        assert "1 call was lost" in shown
        assert "claude-of-bob" not in shown

    def test_a_month_without_calls_says_so(self, as_alice: Client) -> None:
        assert "Nothing was spent" in as_alice.get("/usage/").content.decode()

    @pytest.mark.parametrize("month", ["x", "2026-13", "1999-01", "9999-12", "<b>"])
    def test_a_month_that_is_none_is_this_one(self, as_alice: Client, month: str) -> None:
        assert f"{timezone.now():%B %Y}" in as_alice.get("/usage/", {"month": month}).content.decode()

    def test_programs_get_the_sums(self, api: APIClient, alice: User) -> None:
        Budget.objects.create(owner=alice, monthly_usd=5)
        call(alice, cost=Decimal("1.25"), input_tokens=1000, output_tokens=200)
        call(alice, cost=None, model="unknown-model")

        usage = api.get("/api/usage/").json()

        assert (usage["spent"], usage["limit"], usage["left"]) == ("1.25000000", "5.00", "3.75000000")
        assert [(row["model"], row["calls"], row["cost"]) for row in usage["models"]] == [
            ("claude-haiku-4-5", 1, "1.25000000"),
            ("unknown-model", 1, None),
        ]
        assert [row["calls"] for row in usage["days"]] == [2]
        assert api.get("/api/usage/", {"month": "2020-01"}).json()["models"] == []
        assert api.get("/api/usage/", {"month": "2020-14"}).status_code == 400
        assert api.get("/api/usage/", {"month": "9999-12"}).status_code == 400


def test_a_month_begins_and_ends_in_utc() -> None:
    assert budgets.month_of(datetime(2026, 2, 28, 23, 30, tzinfo=UTC)) == datetime(2026, 2, 1, tzinfo=UTC)
    assert budgets.following(datetime(2026, 12, 1, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)
