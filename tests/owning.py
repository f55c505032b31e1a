"""Which tables lead to a person, found by looking at every model there is."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

from accounts.models import User

NOBODYS = {"auth.Permission", "auth.Group", "contenttypes.ContentType", "sessions.Session"}


def leading_to_a_person() -> dict[str, tuple[type[Model], list[str]]]:
    """Each table by its label, with every path of foreign keys that ends at a person."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if paths := list(_paths(model, ())):
            found[model._meta.label] = (model, paths)
    return found


def _paths(model: Any, seen: tuple[Any, ...]) -> Iterator[str]:
    if model is User:
        yield "pk"
        return
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey) and field.related_model not in (*seen, model):
            for rest in _paths(field.related_model, (*seen, model)):
                yield field.name if rest == "pk" else f"{field.name}__{rest}"


def rows_of(person: int) -> dict[str, int]:
    """How many rows lead to this person, by table."""
    counts = {}
    for label, (model, paths) in leading_to_a_person().items():
        keys = {
            key
            for path in paths
            for key in model._default_manager.filter(**{path: person}).values_list("pk", flat=True)
        }
        if keys:
            counts[label] = len(keys)
    return counts
