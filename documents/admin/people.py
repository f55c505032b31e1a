"""People, with what they have and what they spent; and what they may spend."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.actions import delete_selected
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat, floatformat
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.admin import UserAdmin
from accounts.models import User
from documents import actions, budgets, leaving
from documents.admin import acting
from documents.models import AICall, Budget, Document

# Who the people of accounts are, plus what this part of the house knows of them.
admin.site.unregister(User)


class Allowance(forms.Form):
    monthly_usd = forms.DecimalField(
        label="US dollars a month",
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=2,
        required=False,
        help_text="0 allows nothing paid. Left empty, the limit of everybody who has none of their own applies.",
    )


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a person has: documents, bytes of originals, and US dollars spent this month of her own limit."""

    documents: int = 0
    bytes: int = 0
    spent: Decimal = Decimal(0)
    limit: Decimal | None = None


@admin.register(User)
class PeopleAdmin(UserAdmin):
    """People are made inactive, or removed with all that is theirs: rows, files and books."""

    list_display = ("email", "name", "kept", "storage", "spent", "own_budget", "is_active", "is_staff", "last_login")
    sortable_by = ("email", "name", "last_login")
    actions = ("set_budget", "delete_selected")

    def figures(self, keys: Sequence[int]) -> Mapping[int, Holdings]:
        found = {key: Holdings() for key in keys}
        kept = _kept(keys)
        spent = _spent(keys)
        limits = dict(Budget.objects.filter(owner__in=keys).values_list("owner", "monthly_usd"))
        for key in found:
            found[key] = Holdings(*kept.get(key, (0, 0)), spent.get(key, Decimal(0)), limits.get(key))
        return found

    @admin.display(description="documents")
    def kept(self, person: Any) -> str:
        return f"{person.figures.documents:,}"

    def storage(self, person: Any) -> str:
        return filesizeformat(person.figures.bytes)

    @admin.display(description="spent this month")
    def spent(self, person: Any) -> str:
        return f"${floatformat(person.figures.spent, '2g')}"

    @admin.display(description="own budget", empty_value="–")
    def own_budget(self, person: Any) -> str | None:
        return None if person.figures.limit is None else f"${floatformat(person.figures.limit, '2g')}"

    def has_budget_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perms(["documents.add_budget", "documents.change_budget", "documents.delete_budget"])

    @admin.action(
        permissions=["budget"],
        description="Set the budget …",
        description_plural="Set the budget of selected people …",
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def set_budget(self, request: HttpRequest, people: QuerySet[User]) -> TemplateResponse | None:
        """Asks for the sum first."""
        form = Allowance(request.POST if "sure" in request.POST else None)
        if not form.is_valid():
            title = "What they may spend in a month"
            return acting.ask_first(
                self, request, people, form, action="set_budget", title=title, verb="Set the budget"
            )
        limit = form.cleaned_data["monthly_usd"]

        def allow(person: User) -> bool:
            actions.set_budget(person=person, monthly_usd=limit)
            return True

        done = "Budget taken away" if limit is None else f"Budget set to ${limit:,.2f} a month"
        acting.each(self, request, people, allow, done=done, left="Left as they are")
        return None

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and leaving.is_last_superuser(obj):
            return False
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    @admin.action(permissions=["delete"], description="Delete with all data")
    def delete_selected(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponseBase | None:
        return delete_selected(self, request, people)

    def get_deleted_objects(
        self, objs: Iterable[User], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """The people, and how much goes with each, without what it says."""
        people = list(objs)
        words = [f"{one}, with {leaving.left(one.pk).total():,} rows and all files" for one in people]
        kept = [str(one) for one in people if leaving.is_last_superuser(one)]
        return words, {"people, with all that is theirs": len(people)}, set(), kept

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        actions.leave(person=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            try:
                actions.leave(person=person)
            except actions.Refusal as refusal:
                self.message_user(request, f"{person} stays. {refusal}", messages.WARNING)


def _kept(keys: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Documents and bytes of each, from an index that holds just these."""
    rows = Document.objects.filter(owner__in=keys).order_by().values("owner")
    counted = rows.annotate(documents=Count("owner"), bytes=Sum("size"))
    return {row["owner"]: (row["documents"], row["bytes"]) for row in counted}


def _spent(keys: Sequence[int]) -> dict[int, Decimal]:
    month = budgets.month_of(timezone.now())
    rows = AICall.objects.filter(owner__in=keys, created_at__gte=month).order_by().values("owner")
    return {row["owner"]: row["cost"] for row in rows.annotate(cost=Sum("cost")) if row["cost"]}
