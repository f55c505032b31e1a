"""What a person may still spend this month. Reserved before a call, settled after it: never more than the limit."""

from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, F, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from accounts.models import User
from documents.models import AICall, Budget

# Of a month, before anything is said about the rest of it.
LEAST_TOLD = timedelta(days=2)

# What a call costs, or may still cost: nothing is known of the price of one that was lost on the way.
CHARGED = Case(
    When(cost__isnull=False, then=F("cost")),
    default=Coalesce(F("reserved"), Value(Decimal(0))),
    output_field=DecimalField(max_digits=14, decimal_places=8),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A month of a person's: US dollars spent, held for calls under way or lost, and the limit if there is one."""

    spent: Decimal
    held: Decimal
    limit: Decimal | None

    @property
    def left(self) -> Decimal | None:
        return None if self.limit is None else max(self.limit - self.spent - self.held, Decimal(0))


def month_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_named(text: str) -> datetime | None:
    """The month of a text such as 2026-11; none for anything else."""
    try:
        month = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        return None
    return month if month.year < MAXYEAR else None


def following(month: datetime) -> datetime:
    return (month + timedelta(days=32)).replace(day=1)


def calls(owner: int, month: datetime) -> QuerySet[AICall]:
    """The calls of that month."""
    return AICall.objects.filter(owner_id=owner, created_at__gte=month, created_at__lt=following(month))


def by_model(owner: int, month: datetime) -> list[dict[str, Any]]:
    """For each model: calls, tokens read, written and read from the cache, and the cost as far as it is known."""
    sums = {
        "calls": Count("id"),
        "cost": Sum("cost"),
        "input": Sum("input_tokens"),
        "output": Sum("output_tokens"),
        "cached": Sum("cache_read_tokens"),
    }
    rows: Any = calls(owner, month).order_by().values("provider", "model").annotate(**sums)
    return list(rows.order_by(F("cost").desc(nulls_last=True), "model"))


def by_day(owner: int, month: datetime) -> dict[date, tuple[Decimal, int]]:
    """For each day with a call what was spent, and in how many calls."""
    days = calls(owner, month).order_by().annotate(day=TruncDate("created_at", tzinfo=UTC)).values("day")
    rows = days.annotate(cost=Coalesce(Sum("cost"), Value(Decimal(0))), calls=Count("id"))
    return {row["day"]: (row["cost"], row["calls"]) for row in rows}


def limit_of(owner: int) -> Decimal | None:
    """Her own limit, else everybody's, else none."""
    rows = Budget.objects.filter(owner_id=owner) | Budget.objects.filter(owner=None)
    return rows.order_by(F("owner").asc(nulls_last=True)).values_list("monthly_usd", flat=True).first()


def standing(owner: int, month: datetime | None = None) -> Standing:
    rows = calls(owner, month or month_of(timezone.now()))
    sums: dict[str, Any] = rows.aggregate(
        spent=Coalesce(Sum("cost"), Value(Decimal(0))), all=Coalesce(Sum(CHARGED), Value(Decimal(0)))
    )
    return Standing(sums["spent"], sums["all"] - sums["spent"], limit_of(owner))


def forecast(spent: Decimal, month: datetime, now: datetime) -> Decimal | None:
    """What the month will have cost if it goes on like this; none for one that is over or has hardly begun."""
    gone, whole = now - month, following(month) - month
    return spent * Decimal(whole / gone) if LEAST_TOLD <= gone < whole else None


def lock(owner: int) -> None:
    """One call of a person is reserved at a time, until the transaction ends."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=owner)
