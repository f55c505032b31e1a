"""What a run begins with: which analysis, of which documents, and what it would cost."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.models import User
from documents import actions, providers
from documents.ledger import Estimate
from documents.models import Collection, Document, Recipe, Status
from documents.models.sharing import CollectionQuerySet
from documents.web.desk import Asked, choosable, identity
from documents.web.forms import LANGUAGES, AnalyseForm, PersonForm

ALL, COLLECTION, PICKED = "all", "collection", "picked"
MOST_COLLECTIONS = 200
MOST_SHOWN = 100
LEAST_SHOWN = Decimal("0.01")


class IdentitiesField(forms.Field):
    """Documents by their ids, each in a value of its own."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> tuple[uuid.UUID, ...]:
        found = tuple(dict.fromkeys(identity(one) for one in value or ()))
        if not all(found):
            raise forms.ValidationError("Some of these documents are not there. Choose them again.")
        return tuple(one for one in found if one)


class SourcesForm(PersonForm):
    """Which documents: all, those of a collection, or some of them."""

    source = forms.ChoiceField(
        choices=[(name, name) for name in (ALL, COLLECTION, PICKED)],
        error_messages={"required": "Say which documents.", "invalid_choice": "Say which documents."},
    )
    collection = forms.ModelChoiceField(
        Collection.objects.none(),
        required=False,
        error_messages={"invalid_choice": "There is no such collection. Choose one of the list."},
    )
    document = IdentitiesField(required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["collection"].queryset = Collection.objects.visible_to(person)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("source") == COLLECTION and not self.errors and not cleaned.get("collection"):
            raise forms.ValidationError("Choose a collection.")
        if cleaned.get("source") == PICKED and not self.errors and not cleaned.get("document"):
            raise forms.ValidationError("Choose at least one document.")
        return cleaned


class RunForm(SourcesForm, AnalyseForm):
    """Which analysis, and of which documents."""

    name = forms.CharField(required=False, max_length=200)
    not_urgent = forms.BooleanField(required=False)

    @property
    def documents(self) -> list[uuid.UUID]:
        """Those chosen; of a collection also the ones that have no text yet, which the run leaves out and counts."""
        mine = Document.objects.visible_to(self.person)
        match self.cleaned_data["source"]:
            case "picked":
                return list(self.cleaned_data["document"])
            case "collection":
                mine = mine.filter(collections=self.cleaned_data["collection"])
            case _:
                mine = mine.filter(status=Status.READY)
        return list(mine.order_by().values_list("pk", flat=True))

    @property
    def what(self) -> dict[str, Any]:
        """As the actions take it."""
        return {
            "documents": self.documents,
            "options": self.options,
            "not_urgent": self.cleaned_data["not_urgent"],
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """What is filled in so far, right or wrong; `recipes` and `collections` are what can be chosen."""

    asked: Asked
    recipes: Sequence[Recipe]
    collections: Sequence[Collection]
    source: str
    collection: str
    title: str
    name: str
    not_urgent: bool
    ready: int
    languages: Sequence[str] = LANGUAGES


@dataclass(frozen=True, slots=True)
class Picking:
    """The documents to pick from: those picked, then the newest of the others that have the words in their title."""

    picked: Sequence[Document]
    others: Sequence[Document]
    matching: int

    @property
    def hidden(self) -> int:
        """How many more there are than are shown."""
        return self.matching - len(self.others)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the run would be: so many documents at these costs, or why it cannot be. `free` costs nothing."""

    documents: int = 0
    estimate: Estimate | None = None
    free: bool = False
    trouble: str = ""

    @property
    def about(self) -> str:
        return _dollars(self.estimate.about) if self.estimate else ""

    @property
    def most(self) -> str:
        return _dollars(self.estimate.most) if self.estimate else ""


def choice(person: User, data: QueryDict) -> Choice:
    """What the page begins with, or goes on with."""
    recipes = choosable(person)
    collections = list(with_ready(Collection.objects.visible_to(person))[:MOST_COLLECTIONS])
    default = PICKED if data.getlist("document") else COLLECTION if data.get("collection") else ALL
    return Choice(
        asked=_asked(data, recipes),
        recipes=recipes,
        collections=collections,
        source=data.get("source", default),
        collection=data.get("collection", ""),
        title=data.get("title", ""),
        name=data.get("name", ""),
        not_urgent=bool(data.get("not_urgent")),
        ready=Document.objects.visible_to(person).filter(status=Status.READY).count(),
    )


def picking(person: User, data: QueryDict) -> Picking:
    ready = Document.objects.visible_to(person).filter(status=Status.READY).order_by("-created_at", "-pk")
    picked = [key for one in data.getlist("document")[: actions.MOST_IN_A_RUN] if (key := identity(one))]
    others = ready.titled(data.get("title", "")[:200]).exclude(pk__in=picked)
    return Picking(list(_slim(ready.filter(pk__in=picked))), list(_slim(others)[:MOST_SHOWN]), others.count())


def forecast(person: User, form: RunForm) -> Forecast:
    if not form.is_valid():
        return Forecast(trouble=str(next(iter(form.errors.values()))[0]))
    try:
        estimate = actions.estimate(person=person, **form.what)
    except actions.Refusal as refusal:
        return Forecast(trouble=str(refusal))
    return Forecast(estimate.calls, estimate, free=not providers.provider().capabilities.charges)


def _asked(data: QueryDict, recipes: Iterable[Recipe]) -> Asked:
    """The recipe chosen; none stands for the person's own words, and nothing given for the first one."""
    known = {str(recipe.pk): recipe.pk for recipe in recipes}
    chosen = known.get(data.get("recipe", ""), None if "recipe" in data else next(iter(known.values()), None))
    said = {name: data.get(name, "") for name in ("labels", "instruction", "language")}
    return Asked(chosen, **said)


def with_ready(collections: CollectionQuerySet) -> CollectionQuerySet:
    """With how many of their documents have a text."""
    return collections.counted()


def _slim(documents: QuerySet[Document]) -> QuerySet[Document]:
    return documents.only("title", "created_at", "page_count")


def _dollars(amount: Decimal) -> str:
    return f"${amount:,.2f}" if amount >= LEAST_SHOWN or not amount else "less than $0.01"
