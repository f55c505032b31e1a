"""Answers that are for one person are kept by no cache, and not by the browser after she has signed out."""

from django.http import HttpRequest, HttpResponseBase

from accounts.middleware import changing


@changing
def private_by_default(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A view that says something else about caching knows why."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
