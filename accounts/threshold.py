"""What a script of ours is told when the person is signed out: the whole page goes to the sign-in, not a part of it."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.decorators import sync_and_async_middleware
from django_htmx.middleware import HtmxDetails

Answers = Callable[[HttpRequest], HttpResponseBase]
AnswersLater = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def send_whole_pages_to_sign_in(get_response: Answers | AnswersLater) -> Answers | AnswersLater:
    """A script follows a redirect without a word, and would put the sign-in page into a part of the open one."""
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            response: HttpResponseBase = await get_response(request)
            return _whole(request, response)

        return later

    def now(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        assert isinstance(response, HttpResponseBase)
        return _whole(request, response)

    return now


def _whole(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if request.headers.get("HX-Request") != "true" or not isinstance(response, HttpResponseRedirect):
        return response
    door = resolve_url(settings.LOGIN_URL)
    if not response.url.startswith(door):
        return response
    page = HtmxDetails(request).current_url_abs_path
    to = redirect_to_login(page, door).url if page else response.url
    return HttpResponse(status=403, headers={"HX-Redirect": to})
