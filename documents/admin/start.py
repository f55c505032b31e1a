"""Where staff begin: how the house is doing, above all that the admin lists."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from documents.admin import machinery, overview
from documents.admin.worries import worries


@require_safe
@never_cache
def page(request: UserRequest) -> HttpResponse:
    """The page, or the part of it that keeps itself up to date."""
    if not request.htmx:
        return _whole_page(request)
    if not admin.site.has_permission(request):
        return HttpResponse(status=403)  # the way to the log-in would be put into the page
    return render(request, "admin/index.html#now", _now())


def _start(request: HttpRequest) -> HttpResponse:
    return admin.site.index(request, _now())


_whole_page = admin.site.admin_view(_start)


def _now() -> dict[str, Any]:
    work, crew, outages = overview.work(), machinery.crew(), overview.outages()
    room, month = machinery.room(), overview.month()
    return {
        "moment": timezone.now(),
        "work": work,
        "shelf": overview.shelf(),
        "month": month,
        "outages": outages,
        "crew": crew,
        "room": room,
        "versions": machinery.versions(),
        "worries": worries(work, crew, outages, room, month),
    }
