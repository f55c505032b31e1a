"""The usage page: what was spent in a month, on which models and days, and what is left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from documents import budgets
from documents.models import AICall, CallState

MOST_CALLS = 50
CHART_HEIGHT = 120
MOST_MONTHS_BACK = 24


@dataclass(frozen=True, slots=True)
class Day:
    """A bar of the chart: `height` and `top` in its units, of CHART_HEIGHT."""

    day: date
    cost: Decimal
    calls: int
    x: int
    height: int

    @property
    def top(self) -> int:
        return CHART_HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Usage:
    """A month. `unpriced` are calls whose cost is not known, `lost` those that may have been charged."""

    month: datetime
    standing: budgets.Standing
    days: tuple[Day, ...]
    models: tuple[dict[str, Any], ...]
    calls: tuple[AICall, ...]
    unpriced: int
    lost: int
    previous: str
    following: str

    @property
    def percent(self) -> int:
        limit = self.standing.limit
        return min(round(100 * (self.standing.spent + self.standing.held) / limit), 100) if limit else 0


def month(text: str) -> datetime:
    """The month that is asked for; this month when that is none, and when it lies too far off."""
    now, given = budgets.month_of(timezone.now()), budgets.month_named(text)
    earliest = now - timedelta(days=31 * MOST_MONTHS_BACK)
    return given if given and earliest <= given <= now else now


def of(person: User, month: datetime) -> Usage:
    """All that the page shows."""
    rows = budgets.calls(person.pk, month)
    following = budgets.following(month)
    return Usage(
        month=month,
        standing=budgets.standing(person.pk, month),
        days=tuple(_days(person, month)),
        models=tuple(budgets.by_model(person.pk, month)),
        calls=tuple(rows.order_by("-id")[:MOST_CALLS]),
        unpriced=rows.filter(state=CallState.ANSWERED, cost=None).count(),
        lost=rows.filter(state=CallState.AMBIGUOUS, cost=None).count(),
        previous=f"{month - timedelta(days=1):%Y-%m}",
        following=f"{following:%Y-%m}" if following <= timezone.now() else "",
    )


def _days(person: User, month: datetime) -> Iterator[Day]:
    """Every day of the month, those without a call too."""
    found = budgets.by_day(person.pk, month)
    most = max((cost for cost, _ in found.values()), default=Decimal(0)) or Decimal(1)
    day, number = month.date(), 0
    while day.month == month.month:
        cost, calls = found.get(day, (Decimal(0), 0))
        height = max(round(CHART_HEIGHT * cost / most), 2 if calls else 0)
        yield Day(day, cost, calls, 20 * number, height)
        day, number = day + timedelta(days=1), number + 1
