"""Where staff begin: how the house is doing, above all that the admin lists."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from documents.admin import machinery, overview


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """The page, or the part of it that keeps itself up to date."""
    now = _now()
    if request.headers.get("HX-Request"):
        return render(request, "admin/index.html#now", now)
    return admin.site.index(request, now)


def _now() -> dict[str, Any]:
    return {
        "moment": timezone.now(),
        "work": overview.work(),
        "shelf": overview.shelf(),
        "month": overview.month(),
        "outages": overview.outages(),
        "crew": machinery.crew(),
        "room": machinery.room(),
        "versions": machinery.versions(),
    }


page = admin.site.admin_view(start)
