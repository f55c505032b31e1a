"""ReDoc's script without the logo it fetches from its maker's host: no page of ours asks another host for anything."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

SCRIPT = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
LOGO = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
NOTHING = b"data:,"


@cache
def without_logo() -> bytes:
    found = finders.find(SCRIPT)
    assert isinstance(found, str)
    return Path(found).read_bytes().replace(LOGO, NOTHING)


@require_safe
@cache_control(max_age=86_400, public=True)
def script(request: HttpRequest) -> HttpResponse:
    return HttpResponse(without_logo(), content_type="text/javascript")
