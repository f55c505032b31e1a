"""Recipes of people's own."""

from itertools import count
from typing import Any

from django.utils.text import slugify

from accounts.models import User
from documents.actions.refusal import Refusal
from documents.ai import fields
from documents.models import Recipe
from documents.values import Task

MOST_AUTOMATIC = 5


def write_recipe(*, owner: User, **columns: Any) -> Recipe:
    """A recipe of a person's own, under a slug made of its name."""
    recipe = Recipe(owner=owner, slug=_free_slug(owner, columns.get("name", "")))
    rewrite_recipe(recipe=recipe, **columns)
    return recipe


def rewrite_recipe(*, recipe: Recipe, **columns: Any) -> None:
    """Changes what a recipe asks; its slug stays what programs know."""
    for name, value in columns.items():
        setattr(recipe, name, value)
    if not (recipe.instruction.strip() or recipe.labels or recipe.schema):
        raise Refusal("Say what to find out: an `instruction`, `labels` or a `schema`.", code="empty_recipe")
    if recipe.automatic:
        _refuse_too_many(recipe)
    recipe.schema = fields.ordered(recipe.schema) if recipe.schema else None
    recipe.task = Task.EXTRACT if recipe.schema else Task.CLASSIFY if recipe.labels else Task.INSTRUCTION
    recipe.save()


def remove_recipe(*, recipe: Recipe) -> None:
    """What was found out with it stays."""
    recipe.delete()


def _refuse_too_many(recipe: Recipe) -> None:
    others = Recipe.objects.automatic_for(recipe.owner_id).exclude(pk=recipe.pk)
    if others.count() >= MOST_AUTOMATIC:
        raise Refusal(
            f"{MOST_AUTOMATIC} recipes are carried out on each new document already. Turn one of them off first.",
            code="too_many_automatic",
            status=409,
        )


def _free_slug(owner: User, name: str) -> str:
    base = slugify(name)[:50] or "recipe"
    taken = set(Recipe.objects.visible_to(owner).filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for number in count(1) if (slug := base if number == 1 else f"{base}-{number}") not in taken)
