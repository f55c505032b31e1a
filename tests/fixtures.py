"""The cast: Alice owns, Bob must not see, staff run the place."""

import pytest
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts import actions, sessions
from accounts.models import Scope, User

PASSWORD = "three old bicycles"


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_rate_limits(settings: Settings) -> None:
    """All tests come from one address; the test of the limits sets its own."""
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice@example.org", PASSWORD, name="Alice")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob@example.org", PASSWORD, name="Bob")


@pytest.fixture
def staff(db: None) -> User:
    """May look at everything in the admin, and change nothing there."""
    return User.objects.create_user("staff@example.org", PASSWORD, is_staff=True)


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_superuser("admin@example.org", PASSWORD)


@pytest.fixture
def as_alice(alice: User) -> Client:
    return _logged_in(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return _logged_in(bob)


@pytest.fixture
def as_staff(staff: User) -> Client:
    return _logged_in(staff)


@pytest.fixture
def as_admin(admin: User) -> Client:
    return _logged_in(admin)


@pytest.fixture
def api(alice: User) -> APIClient:
    """A program of Alice's."""
    return _with_token(alice)


@pytest.fixture
def api_of_bob(bob: User) -> APIClient:
    return _with_token(bob)


@pytest.fixture
def reading_api(alice: User) -> APIClient:
    """A program of Alice's whose token may only read."""
    return _with_token(alice, Scope.READ)


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    # As one that was noted a moment ago: tests count queries.
    sessions.noted(str(client.session.session_key))
    return client


def _with_token(user: User, scope: Scope = Scope.WRITE) -> APIClient:
    _, token = actions.issue_token(user=user, name="A program", scope=scope, expires_at=None)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client
