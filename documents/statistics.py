"""What a person did and what it cost, by day and by month (UTC): each figure of all days in one grouped query."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate, TruncMonth

from accounts.models import User
from documents import budgets
from documents.models import AICall, Analysis, AnalysisStatus, Document, Examination, Message, Status

MONTHS = 12
NOTHING = Value(Decimal(0))
PURPOSES = {"sweeps": "Questions asked of each document", "answers": "Answers", "analyses": "Analyses"}
GONE = "Deleted since"


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls of a paid model: how many, the tokens they took, US dollars as far as they are known."""

    calls: int = 0
    cost: Decimal = Decimal(0)
    input: int = 0
    output: int = 0
    cached: int = 0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.calls + other.calls,
            self.cost + other.cost,
            self.input + other.input,
            self.output + other.output,
            self.cached + other.cached,
        )


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on a day: documents put in and read, their pages, questions, analyses, and what was spent."""

    documents: int = 0
    pages: int = 0
    questions: int = 0
    analyses: int = 0
    spent: Spent = field(default_factory=Spent)


def by_day(person: User, month: datetime) -> dict[date, Day]:
    """Every day of the month on which something was done."""
    days: dict[date, Day] = {}
    for day, figures in _figures(person, month):
        days[day] = replace(days.get(day, Day()), **figures)
    return days


def by_month(owner: int, last: datetime) -> dict[date, Spent]:
    """The twelve months up to this one, those without a call too."""
    months = [_month(last, back) for back in reversed(range(MONTHS))]
    calls = AICall.objects.filter(owner_id=owner, created_at__gte=months[0], created_at__lt=budgets.following(last))
    rows = _sums(calls.annotate(at=TruncMonth("created_at", tzinfo=UTC)).values("at"))
    found = {row.pop("at").date(): Spent(**row) for row in rows}
    return {month.date(): found.get(month.date(), Spent()) for month in months}


def by_purpose(owner: int, month: datetime) -> list[tuple[str, Spent]]:
    """What the calls were made for, the dearest first."""
    asked = Exists(Examination.objects.filter(analysis=OuterRef("subject")))
    purpose = Case(
        When(asked, then=Value("sweeps")),
        When(Exists(Message.objects.filter(pk=OuterRef("subject"))), then=Value("answers")),
        When(Exists(Analysis.objects.filter(pk=OuterRef("subject"))), then=Value("analyses")),
        default=Value(""),
    )
    rows = _sums(budgets.calls(owner, month).annotate(purpose=purpose).values("purpose"))
    found = [(PURPOSES.get(row.pop("purpose"), GONE), Spent(**row)) for row in rows]
    return sorted(found, key=lambda one: (-one[1].cost, -one[1].calls))


def _month(last: datetime, back: int) -> datetime:
    number = last.year * 12 + last.month - 1 - back
    return last.replace(year=number // 12, month=number % 12 + 1)


def _sums(calls: QuerySet[AICall, Any]) -> list[dict[str, Any]]:
    return list(
        calls.order_by().annotate(
            calls=Count("id"),
            cost=Coalesce(Sum("cost"), NOTHING),
            input=Sum("input_tokens") + Sum("cache_write_tokens"),
            output=Sum("output_tokens"),
            cached=Sum("cache_read_tokens"),
        )
    )


def _figures(person: User, month: datetime) -> Iterable[tuple[date, dict[str, Any]]]:
    within = {"created_at__gte": month, "created_at__lt": budgets.following(month)}
    ready = Document.objects.visible_to(person).filter(status=Status.READY, **within)
    messages = Message.objects.visible_to(person).filter(**within)
    analyses = Analysis.objects.visible_to(person).for_themselves().filter(status=AnalysisStatus.DONE, **within)
    counted = [
        _days(ready).annotate(documents=Count("id"), pages=Sum("page_count")),
        _days(messages).annotate(questions=Count("id")),
        _days(analyses).annotate(analyses=Count("id")),
    ]
    for rows in counted:
        yield from ((row.pop("day"), row) for row in rows)
    for row in _sums(_days(budgets.calls(person.pk, month))):
        yield row.pop("day"), {"spent": Spent(**row)}


def _days(rows: QuerySet[Any]) -> Any:
    """One row a day, whatever is then counted."""
    return rows.order_by().annotate(day=TruncDate(F("created_at"), tzinfo=UTC)).values("day")
