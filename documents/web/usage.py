"""The usage page: what was done in a month, what it cost, on what and by which models, and what is left."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from documents import budgets, providers, statistics, tables
from documents.models import AICall, CallState
from documents.statistics import Day, Spent
from documents.web import charts

MOST_CALLS = 50
MOST_MONTHS_BACK = 24
# Days that are named below a chart; the others where there is room.
NAMED_DAYS = (1, 8, 15, 22, 29)
CSV_HEAD = (
    *("day", "documents", "pages", "questions", "analyses"),
    *("calls", "tokens_read", "tokens_written", "tokens_from_cache", "cost_usd"),
)


@dataclass(frozen=True, slots=True)
class BudgetBar:
    """The budget as a bar: shares of its width that are spent, held, and where the month will end."""

    spent: str
    held: str
    forecast_at: str


@dataclass(frozen=True, slots=True)
class Usage:
    """A month. `unpriced` are calls whose cost is not known, `lost` those that may have been charged; `spent` is all of
    the month, `has_costs` whether anything was paid for in the last twelve."""

    month: datetime
    standing: budgets.Standing
    spent: Spent
    forecast: Decimal | None
    has_costs: bool
    charges: bool
    costs: charts.Columns
    months: charts.Columns
    activity: tuple[charts.Columns, ...]
    purposes: tuple[charts.Share, ...]
    models: tuple[dict[str, Any], ...]
    calls: tuple[AICall, ...]
    unpriced: int
    lost: int
    previous: str
    following: str

    @property
    def last_day(self) -> date:
        return (budgets.following(self.month) - timedelta(days=1)).date()

    @property
    def said(self) -> dict[str, str]:
        """The amounts in words."""
        standing = self.standing
        amounts = {"spent": standing.spent, "held": standing.held, "left": standing.left, "forecast": self.forecast}
        return {name: dollars(amount) for name, amount in amounts.items() if amount is not None}

    @property
    def percent(self) -> int:
        limit = self.standing.limit
        return min(round(100 * (self.standing.spent + self.standing.held) / limit), 100) if limit else 0

    @property
    def bar(self) -> BudgetBar | None:
        limit, spent, held = self.standing.limit, self.standing.spent, self.standing.held
        if not limit:
            return None
        ends = charts.percent(self.forecast / limit) if self.forecast is not None else ""
        rest = min(held, max(limit - spent, Decimal(0)))
        used = charts.percent(spent / limit)
        return BudgetBar(used, charts.percent(rest / limit), ends)

    @property
    def is_beyond(self) -> bool:
        """Whether the budget will not last."""
        return bool(self.standing.limit and self.forecast and self.forecast > self.standing.limit)


def month(text: str) -> datetime:
    """The month that is asked for; this month when that is none, and when it lies too far off."""
    now, given = budgets.month_of(timezone.now()), budgets.month_named(text)
    earliest = now - timedelta(days=31 * MOST_MONTHS_BACK)
    return given if given and earliest <= given <= now else now


def of(person: User, month: datetime) -> Usage:
    """All that the page shows."""
    rows, now = budgets.calls(person.pk, month), timezone.now()
    standing, days = budgets.standing(person.pk, month), statistics.by_day(person, month)
    year, following = statistics.by_month(person.pk, month), budgets.following(month)
    return Usage(
        month=month,
        standing=standing,
        spent=sum((day.spent for day in days.values()), Spent()),
        forecast=budgets.forecast(standing.spent, month, now),
        has_costs=any(one.calls for one in year.values()),
        charges=providers.provider().capabilities.charges,
        costs=_costs(days, month),
        months=_year(year),
        activity=tuple(_activity(days, month)),
        purposes=_purposes(person, month),
        models=tuple(budgets.by_model(person.pk, month)),
        calls=tuple(rows.order_by("-id")[:MOST_CALLS]),
        unpriced=rows.filter(state=CallState.ANSWERED, cost=None).count(),
        lost=rows.filter(state=CallState.AMBIGUOUS, cost=None).count(),
        previous=f"{month - timedelta(days=1):%Y-%m}",
        following=f"{following:%Y-%m}" if following <= now else "",
    )


def as_csv(person: User, month: datetime) -> bytes:
    """A row for every day of the month."""
    found = statistics.by_day(person, month)
    rows = ((day, found.get(day, Day())) for day in _days(month))
    return tables.as_csv([CSV_HEAD, *(_row(day, done) for day, done in rows)])


def _row(day: date, done: Day) -> list[Any]:
    spent = done.spent
    counts = [done.documents, done.pages, done.questions, done.analyses]
    return [day, *counts, spent.calls, spent.input, spent.output, spent.cached, f"{spent.cost.normalize():f}"]


def _days(month: datetime) -> Iterator[date]:
    """Every day of the month."""
    day = month.date()
    while day.month == month.month:
        yield day
        day += timedelta(days=1)


def _costs(days: Mapping[date, Day], month: datetime) -> charts.Columns:
    def said(day: Day) -> str:
        return f"{dollars(day.spent.cost)}, {counted(day.spent.calls, 'call')}"

    total = dollars(sum((day.spent.cost for day in days.values()), Decimal(0)))
    values = _daily(days, month, lambda day: day.spent.cost, said)
    return charts.columns(values, name="costs", title="Cost a day", total=total, head="Cost", tick=at_axis)


def _year(year: dict[date, Spent]) -> charts.Columns:
    values = [
        charts.Value(
            of=f"{month:%B %Y}",
            number=spent.cost,
            said=f"{dollars(spent.cost)}, {counted(spent.calls, 'call')}",
            mark=f"{month:%b}",
            is_minor=bool(number % 2),
            href=f"?month={month:%Y-%m}",
        )
        for number, (month, spent) in enumerate(reversed(year.items()))
    ][::-1]
    total = dollars(sum((spent.cost for spent in year.values()), Decimal(0)))
    return charts.columns(values, name="months", title="Cost a month", total=total, head="Cost", tick=at_axis)


def _activity(days: Mapping[date, Day], month: datetime) -> list[charts.Columns]:
    figures: dict[str, Callable[[Day], int]] = {
        "Documents read": lambda day: day.documents,
        "Pages": lambda day: day.pages,
        "Questions": lambda day: day.questions,
        "Analyses": lambda day: day.analyses,
    }
    return [_acted(title, days, month, figure) for title, figure in figures.items()]


def _acted(title: str, days: Mapping[date, Day], month: datetime, figure: Callable[[Day], int]) -> charts.Columns:
    values = _daily(days, month, lambda day: Decimal(figure(day)), lambda day: f"{figure(day):,}")
    total = f"{sum(figure(day) for day in days.values()):,}"
    return charts.columns(
        values, name=title.split()[0].lower(), title=title, total=total, head=title, tick=whole, is_counted=True
    )


def _daily(
    days: Mapping[date, Day], month: datetime, number: Callable[[Day], Decimal], said: Callable[[Day], str]
) -> list[charts.Value]:
    return [
        charts.Value(
            of=f"{day:%-d %B}",
            number=number(done),
            said=said(done),
            mark=str(day.day) if day.day in NAMED_DAYS else "",
        )
        for day in _days(month)
        for done in [days.get(day, Day())]
    ]


def _purposes(person: User, month: datetime) -> tuple[charts.Share, ...]:
    rows = statistics.by_purpose(person.pk, month)
    return charts.shares(
        [(name, spent.cost, dollars(spent.cost), counted(spent.calls, "call")) for name, spent in rows]
    )


def dollars(amount: Decimal) -> str:
    """To the cent, and smaller amounts to what they have."""
    if amount == 0 or amount >= 1:
        return f"${amount:,.2f}"
    return f"${amount:.4f}"


def at_axis(amount: Decimal) -> str:
    if amount == amount.to_integral():
        return f"${amount:,.0f}" if amount else "0"
    return f"${amount:.2f}" if amount == round(amount, 2) else f"${amount.normalize():f}"


def whole(number: Decimal) -> str:
    return f"{int(number):,}"


def counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
