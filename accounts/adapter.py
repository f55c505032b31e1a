"""How allauth treats our people."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whoever runs Glossa says whether strangers may join."""
        return bool(settings.SIGNUP_OPEN)
