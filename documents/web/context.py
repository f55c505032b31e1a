"""What every page may show."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from documents.web.shelving import Undos


def product(request: HttpRequest) -> dict[str, Any]:
    return {"version": settings.VERSION, "undos": Undos(request), "signup_open": settings.SIGNUP_OPEN}
