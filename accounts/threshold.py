"""What a script of ours is told when the person is signed out: the whole page goes to the sign-in, not a part of it."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django_htmx.middleware import HtmxDetails

from accounts.middleware import changing


@changing
def send_whole_pages_to_sign_in(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A script follows a redirect without a word, and would put the sign-in page into a part of the open one."""
    if request.headers.get("HX-Request") != "true" or not isinstance(response, HttpResponseRedirect):
        return response
    door = resolve_url(settings.LOGIN_URL)
    if not response.url.startswith(door):
        return response
    page = HtmxDetails(request).current_url_abs_path
    to = redirect_to_login(page, door).url if page else response.url
    return HttpResponse(status=403, headers={"HX-Redirect": to})
