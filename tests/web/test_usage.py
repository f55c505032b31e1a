"""The usage page: what was done and what it cost, by day, month, purpose and model; to take along as CSV."""

import csv
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from documents import budgets, statistics
from documents.models import (
    AICall,
    Analysis,
    Budget,
    CallState,
    Conversation,
    Document,
    Examination,
    Message,
)
from documents.web import usage

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def call(owner: User, *, at: datetime = MARCH, subject: uuid.UUID | None = None, **columns: Any) -> AICall:
    number = AICall.objects.count()
    given = {"fence": number, "step": number, "provider": "claude", "model": "claude-haiku-4-5"}
    made = AICall.objects.create(
        owner=owner, subject=subject or uuid.uuid4(), **(given | {"state": CallState.ANSWERED} | columns)
    )
    AICall.objects.filter(pk=made.pk).update(created_at=at)
    return made


def answered(owner: User) -> Message:
    conversation = Conversation.objects.create(owner=owner, title="Rent")
    return Message.objects.create(conversation=conversation, ordinal=0, question="What is due?")


def analysis(owner: User, document: Document) -> Analysis:
    columns = {"title": "Notice", "task": "summary", "max_tokens": 9, "status": "done", "result": {}}
    return Analysis.objects.create(owner=owner, document=document, **columns)


def moved(*rows: Any, at: datetime = MARCH) -> None:
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(created_at=at)


class TestSums:
    def test_days_hold_what_was_done_and_what_it_cost(self, alice: User, bob: User, notice: Document) -> None:
        moved(notice, answered(alice), analysis(alice, notice), answered(bob))
        call(alice, cost=Decimal("0.5"), input_tokens=100, cache_write_tokens=20, output_tokens=7, cache_read_tokens=3)
        call(alice, at=MARCH + timedelta(days=4), cost=Decimal("0.25"))
        call(bob, cost=Decimal(9))

        days = statistics.by_day(alice, MARCH)

        first = days[MARCH.date()]
        assert (first.documents, first.pages, first.questions, first.analyses) == (1, notice.page_count, 1, 1)
        assert first.spent == statistics.Spent(1, Decimal("0.5"), 120, 7, 3)
        assert days[MARCH.date() + timedelta(days=4)].spent.cost == Decimal("0.25")
        assert len(days) == 2

    def test_a_day_ends_at_midnight_in_utc(self, alice: User) -> None:
        call(alice, at=datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
        call(alice, at=datetime(2026, 4, 1, tzinfo=UTC))

        assert [day.day for day in statistics.by_day(alice, MARCH)] == [31]

    def test_a_month_takes_a_fixed_number_of_queries(
        self, alice: User, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for day in range(20):
            call(alice, at=MARCH + timedelta(days=day))

        with django_assert_num_queries(4):
            statistics.by_day(alice, MARCH)

    def test_twelve_months_end_with_the_one_asked_for(self, alice: User) -> None:
        call(alice, at=datetime(2025, 3, 31, tzinfo=UTC), cost=Decimal(9))
        call(alice, at=datetime(2025, 4, 1, tzinfo=UTC), cost=Decimal(2))
        call(alice, cost=Decimal(1))

        year = statistics.by_month(alice.pk, MARCH)

        assert [f"{month:%Y-%m}" for month in year][:: len(year) - 1] == ["2025-04", "2026-03"]
        assert [spent.cost for spent in year.values() if spent.calls] == [Decimal(2), Decimal(1)]

    def test_calls_are_told_by_what_they_were_for(self, alice: User, notice: Document) -> None:
        alone, asked, message = analysis(alice, notice), analysis(alice, notice), answered(alice)
        Examination.objects.create(message=message, ordinal=0, document=notice, title="Notice", analysis=asked)
        for subject, cost in ((alone.pk, 4), (asked.pk, 3), (message.pk, 2), (uuid.uuid4(), 1)):
            call(alice, subject=subject, cost=Decimal(cost))

        told = [(name, spent.cost) for name, spent in statistics.by_purpose(alice.pk, MARCH)]

        assert told == [
            ("Analyses", Decimal(4)),
            ("Questions asked of each document", Decimal(3)),
            ("Answers", Decimal(2)),
            ("Deleted since", Decimal(1)),
        ]


class TestForecast:
    def test_a_month_that_goes_on_like_this_costs_its_share(self) -> None:
        now = MARCH + timedelta(days=10)

        assert budgets.forecast(Decimal(10), MARCH, now) == pytest.approx(Decimal(31))

    @pytest.mark.parametrize("days", [1, 31, 40])
    def test_nothing_is_told_at_the_very_beginning_and_after_the_end(self, days: int) -> None:
        assert budgets.forecast(Decimal(10), MARCH, MARCH + timedelta(days=days)) is None


class TestPage:
    def test_without_any_cost_it_shows_what_was_done(self, as_alice: Client, notice: Document) -> None:
        shown = as_alice.get("/usage/").content.decode()

        assert "The built-in provider costs nothing" in shown
        assert "Documents read</span> <strong>1</strong>" in shown
        assert "Cost a day" not in shown

    def test_with_costs_it_shows_them_by_day_month_purpose_and_model(
        self, as_alice: Client, alice: User, bob: User
    ) -> None:
        call(alice, cost=Decimal("1.25"), input_tokens=123456, subject=answered(alice).pk)
        call(bob, cost=Decimal(3), model="claude-of-bob")

        shown = as_alice.get("/usage/", {"month": "2026-03"}).content.decode()

        assert "Cost a day</span> <strong>$1.25</strong>" in shown
        assert "<title>1 March: $1.25, 1 call</title>" in shown
        assert "<title>March 2026: $1.25, 1 call</title>" in shown
        assert "Answers</span>" in shown
        assert "123,456" in shown
        assert "claude-of-bob" not in shown

    def test_every_chart_has_its_figures_as_a_table_and_a_sentence(self, as_alice: Client, alice: User) -> None:
        call(alice, cost=Decimal("1.25"))

        shown = as_alice.get("/usage/", {"month": "2026-03"}).content.decode()

        assert '<th scope="row">1 March</th><td class="number">$1.25, 1 call</td>' in shown
        assert '<a href="?month=2026-03">March 2026</a>' in shown
        assert "$1.25 in all. Most: 1 March, $1.25, 1 call." in shown
        assert shown.count('role="img"') == 6

    def test_the_budget_is_a_bar_that_says_when_it_will_not_last(self, alice: User, as_alice: Client) -> None:
        Budget.objects.create(owner=alice, monthly_usd=10)
        now = timezone.now()
        call(alice, at=budgets.month_of(now), cost=Decimal("9.99"))

        shown = usage.of(alice, budgets.month_of(now))

        assert (shown.percent, shown.bar and shown.bar.spent) == (100, "99.90%")
        assert "100 % of the budget is used" in as_alice.get("/usage/").content.decode()
        assert shown.is_beyond == (shown.forecast is not None and shown.forecast > 10)

    def test_a_month_that_is_over_has_no_forecast(self, alice: User) -> None:
        call(alice, cost=Decimal(1))

        assert usage.of(alice, MARCH).forecast is None

    def test_nothing_of_bob_is_counted(self, as_bob: Client, alice: User, notice: Document) -> None:
        call(alice, cost=Decimal("1.25"))

        shown = as_bob.get("/usage/", {"month": "2026-03"}).content.decode()

        assert "$1.25" not in shown
        assert "Documents read</span> <strong>0</strong>" in shown


class TestExport:
    def test_a_row_for_each_day_of_the_month(self, as_alice: Client, alice: User) -> None:
        call(alice, cost=Decimal("1.25"), input_tokens=100, output_tokens=7, cache_read_tokens=3)

        answer = as_alice.get("/usage/export.csv", {"month": "2026-03"})
        rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))

        assert 'filename="glossa-usage-2026-03.csv"' in answer.headers["Content-Disposition"]
        assert len(rows) == 31
        assert rows[0] == {
            "day": "2026-03-01",
            "documents": "0",
            "pages": "0",
            "questions": "0",
            "analyses": "0",
            "calls": "1",
            "tokens_read": "100",
            "tokens_written": "7",
            "tokens_from_cache": "3",
            "cost_usd": "1.25",
        }
        assert rows[1]["cost_usd"] == "0"

    def test_strangers_are_asked_to_sign_in(self, client: Client) -> None:
        assert client.get("/usage/export.csv").status_code == 302
