"""The pages about collections: made, renamed, removed. What is in one is shown by the library."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import UserRequest
from documents import actions
from documents.models import Collection
from documents.web.forms import refusals_told_in

MOST_SHOWN = 1_000


class NameForm(forms.Form):
    name = forms.CharField(max_length=100, widget=forms.TextInput({"autocomplete": "off"}))


@login_required
@require_http_methods(["GET", "POST"])
def collections(request: UserRequest) -> HttpResponse:
    """All of them; a POST makes one."""
    form = NameForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _make(request, form):
        return redirect("documents:collections")
    found = Collection.objects.visible_to(request.user).counted()[:MOST_SHOWN]
    return render(request, "documents/collections.html", {"collections": found, "form": form})


def _make(request: UserRequest, form: NameForm) -> bool:
    with refusals_told_in(form, "name"):
        made = actions.make_collection(owner=request.user, name=form.cleaned_data["name"])
        messages.success(request, f"“{made.name}” is there. Choose documents in the library to put into it.")
    return form.is_valid()


@login_required
@require_http_methods(["GET", "POST"])
def rename_collection(request: UserRequest, pk: int) -> HttpResponse:
    found = _collection(request, pk)
    form = NameForm(request.POST or None, initial={"name": found.name})
    if form.is_bound and form.is_valid() and _rename(request, found, form):
        return redirect("documents:collections")
    context = {"collection": _collection(request, pk), "form": form}
    return render(request, "documents/rename_collection.html", context)


def _rename(request: UserRequest, found: Collection, form: NameForm) -> bool:
    with refusals_told_in(form, "name"):
        actions.change_collection(person=request.user, collection=found, name=form.cleaned_data["name"])
    return form.is_valid()


@login_required
@require_http_methods(["GET", "POST"])
def delete_collection(request: UserRequest, pk: int) -> HttpResponse:
    found = _collection(request, pk)
    if request.method == "GET":
        return render(request, "documents/delete_collection.html", {"collection": found})
    actions.remove_collection(collection=found)
    messages.success(request, f"The collection “{found.name}” is deleted. Its documents are still in your library.")
    return redirect("documents:collections")


def _collection(request: UserRequest, pk: int) -> Collection:
    return get_object_or_404(Collection.objects.visible_to(request.user).counted(), pk=pk)
