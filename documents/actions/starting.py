"""The first start of a new installation."""

from dataclasses import dataclass

from accounts import actions as accounts


@dataclass(frozen=True, slots=True)
class FirstStart:
    """The admin made at the first start, and what opens the account: shown once."""

    email: str
    password: str
    token: str


def first_start() -> FirstStart | None:
    """Makes the admin of a new installation; None on every later start."""
    created = accounts.create_first_admin()
    if created is None:
        return None
    admin, password = created
    _, token = accounts.issue_token(user=admin, name="First token", scope="write", expires_at=None)
    return FirstStart(admin.email, password, token)
