"""Requests as our views know them."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class UserRequest(HttpRequest):
    """A request that came past `login_required`."""

    user: User
    htmx: HtmxDetails
