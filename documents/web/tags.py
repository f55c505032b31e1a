"""The pages about tags: made, renamed, given another colour, merged, removed."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import UserRequest
from documents import actions
from documents.models import Tag
from documents.web.forms import PersonForm, refusals_told_in

# By the tokens --tag-0 to --tag-7.
COLOURS = ("Teal", "Blue", "Violet", "Pink", "Red", "Orange", "Yellow", "Green")
MOST_SHOWN = 1_000


class NameForm(forms.Form):
    name = forms.CharField(max_length=50, widget=forms.TextInput({"autocomplete": "off"}))


class TagForm(NameForm):
    colour = forms.TypedChoiceField(choices=list(enumerate(COLOURS)), coerce=int, widget=forms.RadioSelect)


class MergeForm(PersonForm):
    into = forms.ModelChoiceField(
        Tag.objects.none(),
        empty_label="Choose a tag",
        error_messages={"required": "Choose a tag.", "invalid_choice": "There is no such tag."},
    )

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Tag.objects.visible_to(self.person).exclude(pk=tag.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour to choose."""

    number: int
    name: str
    chosen: bool


@login_required
@require_http_methods(["GET", "POST"])
def tags(request: UserRequest) -> HttpResponse:
    """All of them; a POST makes one."""
    form = NameForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _make(request, form):
        return redirect("documents:tags")
    found = Tag.objects.visible_to(request.user).counted()[:MOST_SHOWN]
    return render(request, "documents/tags.html", {"tags": found, "form": form})


def _make(request: UserRequest, form: NameForm) -> bool:
    with refusals_told_in(form, "name"):
        actions.make_tag(owner=request.user, name=form.cleaned_data["name"])
    return form.is_valid()


@login_required
@require_http_methods(["GET", "POST"])
def tag(request: UserRequest, pk: int) -> HttpResponse:
    """One of them; a POST renames it or gives it another colour."""
    found = _tag(request, pk)
    started = {"name": found.name, "colour": found.colour}
    form = TagForm(request.POST if request.method == "POST" else None, initial=started)
    if form.is_bound and form.is_valid() and _change(found, form):
        messages.success(request, f"“{found.name}” is kept.")
        return redirect("documents:tags")
    return _show(request, _tag(request, pk), form, MergeForm(person=request.user, tag=found))


def _change(found: Tag, form: TagForm) -> bool:
    with refusals_told_in(form, "name"):
        actions.change_tag(tag=found, **form.cleaned_data)
    return form.is_valid()


@login_required
@require_POST
def merge_tag(request: UserRequest, pk: int) -> HttpResponse:
    """Puts another tag in its place, on all that bear it."""
    found = _tag(request, pk)
    form = MergeForm(request.POST, person=request.user, tag=found)
    if not form.is_valid():
        return _show(request, found, TagForm(initial={"name": found.name, "colour": found.colour}), form)
    into = form.cleaned_data["into"]
    name = found.name
    actions.merge_tags(tag=found, into=into)
    messages.success(request, f"“{name}” is now “{into.name}”.")
    return redirect("documents:tags")


@login_required
@require_http_methods(["GET", "POST"])
def delete_tag(request: UserRequest, pk: int) -> HttpResponse:
    found = _tag(request, pk)
    if request.method == "GET":
        return render(request, "documents/delete_tag.html", {"tag": found})
    actions.remove_tag(tag=found)
    messages.success(request, f"The tag “{found.name}” is deleted.")
    return redirect("documents:tags")


def _tag(request: UserRequest, pk: int) -> Tag:
    return get_object_or_404(Tag.objects.visible_to(request.user).counted(), pk=pk)


def _show(request: UserRequest, found: Tag, form: TagForm, merging: MergeForm) -> HttpResponse:
    chosen = str(form["colour"].value())
    swatches = [Swatch(at, name, str(at) == chosen) for at, name in enumerate(COLOURS)]
    context = {"tag": found, "form": form, "merging": merging, "swatches": swatches}
    return render(request, "documents/tag.html", context)
