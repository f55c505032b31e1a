"""The page of the map, the dots on it, and drawing it once more."""

from typing import cast

import orjson
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.http import UserRequest
from documents import actions
from documents.models import LibraryMap
from documents.web import mapping


@login_required
@require_GET
def library_map(request: UserRequest) -> HttpResponse:
    """The map there is, while a newer one is drawn if documents have changed; who waits for that one asks by htmx."""
    drawn = actions.draw_map(person=request.user)
    drawn.refresh_from_db()
    shown = mapping.view(
        request.user, drawn, by=request.GET.get("by", _usual(request)), region=request.GET.get("region", "")
    )
    if request.htmx and not shown.is_drawing:
        return cast(HttpResponse, HttpResponseClientRefresh())
    return render(request, "documents/map.html#state" if request.htmx else "documents/map.html", {"map": shown})


def _usual(request: UserRequest) -> str:
    """By tag for who has tags."""
    return "tag" if request.user.tags.exists() else "type"


@login_required
@require_GET
def dots(request: UserRequest) -> HttpResponse:
    drawn = LibraryMap.objects.visible_to(request.user).first() or LibraryMap(owner=request.user)
    shown = mapping.view(request.user, drawn, by=request.GET.get("by", _usual(request)))
    return HttpResponse(orjson.dumps(mapping.dots(shown)), content_type="application/json")


@login_required
@require_POST
def draw_again(request: UserRequest) -> HttpResponse:
    actions.draw_map(person=request.user, again=True)
    return redirect("documents:map")
