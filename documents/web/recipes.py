"""The pages about recipes: the built-in ones, and one's own."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import UserRequest
from documents import actions
from documents.models import Document, Recipe
from documents.web.desk import choosable, identity
from documents.web.field_rows import TYPES, Row, in_order
from documents.web.recipe_form import RecipeForm


@dataclass(frozen=True, slots=True)
class RecipeView:
    """A recipe in the list; `gives` says in words what comes out."""

    row: Recipe
    gives: str


@login_required
@require_GET
def recipes(request: UserRequest) -> HttpResponse:
    found = [RecipeView(recipe, _gives(recipe)) for recipe in choosable(request.user)]
    context = {
        "own": [one for one in found if one.row.owner_id],
        "built_in": [one for one in found if not one.row.owner_id],
    }
    return render(request, "documents/recipes.html", context)


def _gives(recipe: Recipe) -> str:
    if recipe.schema:
        return "Values: " + ", ".join(field.name for field in in_order(recipe.schema))
    return "Classes: " + ", ".join(recipe.labels) if recipe.labels else ""


@login_required
@require_http_methods(["GET", "POST"])
def new_recipe(request: UserRequest) -> HttpResponse:
    return _write(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def edit_recipe(request: UserRequest, slug: str) -> HttpResponse:
    return _write(request, get_object_or_404(_own(request), slug=slug))


def _own(request: UserRequest) -> QuerySet[Recipe]:
    return Recipe.objects.visible_to(request.user).filter(owner=request.user)


def _write(request: UserRequest, recipe: Recipe | None) -> HttpResponse:
    """The form, and its recipe kept when it is filled in well."""
    form = RecipeForm(request.POST if request.method == "POST" else None, recipe=recipe)
    document = _document(request)
    if form.is_bound and form.is_valid() and (kept := _keep(request, form, recipe)):
        messages.success(request, f"“{kept.name}” is kept.")
        return redirect(_place_for(kept, document))
    context = {"form": form, "recipe": recipe, "document": document, "types": TYPES, "blank": Row()}
    return render(request, "documents/recipe.html", context)


def _keep(request: UserRequest, form: RecipeForm, recipe: Recipe | None) -> Recipe | None:
    try:
        if recipe is None:
            return actions.write_recipe(owner=request.user, **form.columns)
        actions.rewrite_recipe(recipe=recipe, **form.columns)
    except actions.Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    return recipe


def _document(request: UserRequest) -> Document | None:
    """The document that the recipe is written for, if it is written while reading one."""
    key = identity(request.GET.get("document", ""))
    return Document.objects.visible_to(request.user).only("title").filter(pk=key).first() if key else None


def _place_for(recipe: Recipe, document: Document | None) -> str:
    if document is None:
        return reverse("documents:recipes")
    return f"{reverse('documents:document', args=[document.pk])}?recipe={recipe.pk}"


@login_required
@require_http_methods(["GET", "POST"])
def delete_recipe(request: UserRequest, slug: str) -> HttpResponse:
    recipe = get_object_or_404(_own(request), slug=slug)
    if request.method == "GET":
        return render(request, "documents/delete_recipe.html", {"recipe": recipe})
    actions.remove_recipe(recipe=recipe)
    messages.success(request, f"“{recipe.name}” is deleted.")
    return redirect("documents:recipes")
