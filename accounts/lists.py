"""Lists of rows that stay quick when there are millions: nothing is counted to the end, nothing is read through."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from accounts.models import User

# As far as is counted, and as far as can be leafed through: beyond that filters find what scrolling would not.
FAR_ENOUGH = 10_000
NEWEST = 2_000
MOST_PEOPLE = 100


class QuickPaginator(Paginator):  # type: ignore[type-arg]  # not generic when it runs
    """Counts up to 10,000; how many more there are is estimated where nothing is filtered, else left open."""

    # The list with its order: the first 10,000 lie where the page itself will look.
    object_list: QuerySet[Any]

    @cached_property
    def _counted(self) -> int:
        return self.object_list[: FAR_ENOUGH + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, FAR_ENOUGH)

    @cached_property
    def in_words(self) -> str:
        if self._counted <= FAR_ENOUGH:
            return f"{self._counted:,}"
        if self.object_list.query.where:
            return f"more than {FAR_ENOUGH:,}"
        return f"about {max(estimated(self.object_list.model), FAR_ENOUGH):,}"


def estimated(model: type[Model]) -> int:
    """How many rows the database believes the table has; -1 while it has never looked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        return int(cursor.fetchone()[0])


class WithFigures(Protocol):
    """An admin that works something out for the rows of a page."""

    def figures(self, keys: Sequence[Any]) -> Mapping[Any, Any]: ...


class QuickList(ChangeList):
    """A page of rows, each with the figures its admin has for it: worked out for this page alone."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        figures = cast("WithFigures", self.model_admin).figures([row.pk for row in rows])
        for row in rows:
            row.figures = figures.get(row.pk)
        self.result_list = rows


class RecentValues(admin.AllValuesFieldListFilter):
    """The values of the newest rows: to find every value of a column the whole table would be read."""

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        newest = model._default_manager.order_by(*model._meta.ordering).values_list(field_path, flat=True)[:NEWEST]
        chosen = [self.lookup_val[-1]] if self.lookup_val else []
        self.lookup_choices: Any = sorted({value for value in (*newest, *chosen) if value})


def search(rows: QuerySet[Any], words: str, *, by_id: tuple[str, ...]) -> QuerySet[Any]:
    """Rows with this id, or of people whose e-mail address begins so: both are looked up, neither is read through."""
    words = words.replace("\x00", "").strip().lower()
    try:
        return rows.filter(_any_of(by_id, UUID(words)))
    except ValueError:
        people = User.objects.filter(email__startswith=words).values_list("pk", flat=True)[:MOST_PEOPLE]
        return rows.filter(owner__in=list(people))


def _any_of(columns: tuple[str, ...], value: Any) -> Q:
    condition = Q()
    for column in columns:
        condition |= Q(**{column: value})
    return condition
