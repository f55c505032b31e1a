"""Answers that are for one person are kept by no cache, and not by the browser after she has signed out."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

Answers = Callable[[HttpRequest], HttpResponseBase]
AnswersLater = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def private_by_default(get_response: Answers | AnswersLater) -> Answers | AnswersLater:
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            response: HttpResponseBase = await get_response(request)
            return _private(response)

        return later

    def now(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        assert isinstance(response, HttpResponseBase)
        return _private(response)

    return now


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """A view that says something else about caching knows why."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
