"""Middleware that changes answers, in threads as well as under ASGI, where streams pass through it."""

from collections.abc import Awaitable, Callable
from functools import wraps

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

Answers = Callable[[HttpRequest], HttpResponseBase]
AnswersLater = Callable[[HttpRequest], Awaitable[HttpResponseBase]]
Middleware = Callable[[Answers | AnswersLater], Answers | AnswersLater]


def changing(change: Callable[[HttpRequest, HttpResponseBase], HttpResponseBase]) -> Middleware:
    """The middleware that gives each answer to this function, and its result to the client."""

    @sync_and_async_middleware
    @wraps(change)
    def middleware(get_response: Answers | AnswersLater) -> Answers | AnswersLater:
        if iscoroutinefunction(get_response):

            async def later(request: HttpRequest) -> HttpResponseBase:
                return change(request, await get_response(request))

            return later

        def now(request: HttpRequest) -> HttpResponseBase:
            response = get_response(request)
            assert isinstance(response, HttpResponseBase)
            return change(request, response)

        return now

    return middleware
