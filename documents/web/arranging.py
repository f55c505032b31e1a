"""The library as it is laid out: what is asked of it, what is there, and how it is looked at."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from accounts.http import UserRequest
from documents.web.facets import Census, Label, census, chips, facets
from documents.web.library import LIST, VIEWS, shelf
from documents.web.sieve import SORTS, Sieve

_VIEW = "library_view"


def lay_out(request: UserRequest) -> dict[str, Any]:
    asked, found, view = Sieve.read(request.GET), census(request.user), view_of(request)
    place = {name: request.GET.get(name, "") for name in ("before", "after")}
    shown = shelf(request.user, asked, view=view, **place)
    matching = _matching(request, asked, found)
    return {
        "shelf": shown,
        "asked": asked,
        "view": view,
        "views": _views(asked, place),
        "sorts": SORTS,
        "census": found,
        "facets": facets(asked, found),
        "chips": chips(asked, found, () if matching else asked.without_one(request.user)),
        "matching": matching,
        "place": place,
        "seen": timezone.now(),
        "untag": _chosen_label(found.tags, asked.tag),
        "inside": _chosen_label(found.collections, asked.collection),
        "before": asked.address(before=shown.before) if shown.before else "",
        "after": asked.address(after=shown.after) if shown.after else "",
    }


def _matching(request: UserRequest, asked: Sieve, found: Census) -> int:
    return asked.sift(request.user).count() if asked.narrowing else found.total


def _views(asked: Sieve, place: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, asked.address(**place, view=name)) for name in VIEWS]


def view_of(request: UserRequest) -> str:
    """The view asked for, which is kept; else the one that was last."""
    kept: str = request.session.get(_VIEW, LIST)
    wanted = request.GET.get("view", "")
    if wanted in VIEWS and wanted != kept:
        request.session[_VIEW] = kept = wanted
    return kept


def _chosen_label(labels: Sequence[Label], value: str) -> Label | None:
    return next((one for one in labels if one.value == value), None)
