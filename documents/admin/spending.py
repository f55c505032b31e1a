"""Calls and what they cost, budgets, and providers that are left alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest

from accounts.admin import StaffAdmin, WitnessAdmin
from accounts.lists import QuickList, RecentValues, search
from accounts.models import User
from documents.models import AICall, Breaker, Budget

MOST_TOTALS = 20
ADDED_UP = 100_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What a model's or a person's calls cost; None when nobody knows."""

    name: str
    calls: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Totals:
    calls: int
    cost: Decimal
    input_tokens: int
    output_tokens: int


class Ledger(QuickList):
    """A list of calls, with what they cost: the filters and the search count, the page does not.

    Of long lists the newest 100,000 are added up: a month of a busy house, in a tenth of a second.
    """

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        newest = AICall.objects.filter(pk__in=self.queryset.values("pk")[:ADDED_UP])
        sums = {"calls": Count("pk"), "cost": Sum("cost"), "input": Sum("input_tokens"), "output": Sum("output_tokens")}
        rows: list[Any] = list(newest.order_by().values("model", "owner").annotate(**sums))
        self.totals = Totals(
            sum(row["calls"] for row in rows),
            sum((row["cost"] or Decimal(0) for row in rows), Decimal(0)),
            sum(row["input"] for row in rows),
            sum(row["output"] for row in rows),
        )
        self.all_added_up = self.totals.calls < ADDED_UP
        self.by_model = _dearest(rows, "model")
        self.by_person = _with_addresses(_dearest(rows, "owner"))


def _dearest(rows: Iterable[Mapping[str, Any]], column: str) -> list[Spent]:
    calls: defaultdict[str, int] = defaultdict(int)
    costs: dict[str, Decimal | None] = {}
    for row in rows:
        name = str(row[column])
        calls[name] += row["calls"]
        known = [cost for cost in (costs.get(name), row["cost"]) if cost is not None]
        costs[name] = sum(known, Decimal(0)) if known else None
    spent = [Spent(name, calls[name], costs[name]) for name in calls]
    return sorted(spent, key=lambda one: (one.cost is None, -(one.cost or 0), one.name))[:MOST_TOTALS]


def _with_addresses(spent: list[Spent]) -> list[Spent]:
    addresses = dict(User.objects.filter(pk__in=[one.name for one in spent]).values_list("pk", "email"))
    return [Spent(addresses.get(int(one.name), one.name), one.calls, one.cost) for one in spent]


@admin.register(AICall)
class AICallAdmin(WitnessAdmin[AICall]):
    list_display = (
        *("created_at", "owner", "provider", "model", "state", "input_tokens", "output_tokens"),
        *("cache_read_tokens", "cache_write_tokens", "cost", "request_id", "error_code"),
    )
    list_filter = ("state", ("provider", RecentValues), ("model", RecentValues), "created_at")
    list_select_related = ("owner",)
    sortable_by = ("created_at",)
    search_fields = ("owner__email",)
    search_help_text = (
        "The beginning of the owner's e-mail address, the id of an analysis or a message, or a request's id."
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[QuickList]:
        return Ledger

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AICall], search_term: str
    ) -> tuple[QuerySet[AICall], bool]:
        if not search_term:
            return queryset, False
        if search_term.startswith("req_"):
            return queryset.filter(request_id=search_term.replace("\x00", "")), False
        return search(queryset, search_term, by_id=("job__subject",)), False


@admin.register(Budget)
class BudgetAdmin(StaffAdmin[Budget]):
    """The row without an owner is everybody's who has none."""

    list_display = ("__str__", "owner", "monthly_usd")
    list_select_related = ("owner",)
    search_fields = ("owner__email",)
    raw_id_fields = ("owner",)


@admin.register(Breaker)
class BreakerAdmin(WitnessAdmin[Breaker]):
    list_display = ("provider", "failures", "open_until", "reason")
