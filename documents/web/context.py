"""What every page may show."""

from django.conf import settings
from django.http import HttpRequest


def product(request: HttpRequest) -> dict[str, str | bool]:
    return {"version": settings.VERSION, "signup_open": settings.SIGNUP_OPEN}
