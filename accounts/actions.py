"""What a person can do with an account. Verbs with named arguments; each owns its transaction."""

import secrets
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import connection, transaction

from accounts import sessions
from accounts.models import ApiToken, User

FIRST_ADMIN = "admin@glossa.local"
FIRST_ADMIN_LOCK = 7_305_002  # any number, the same in every process
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


def issue_token(*, user: User, name: str, scope: str, expires_at: datetime | None) -> tuple[ApiToken, str]:
    """A new token's row, and the token itself: the one time it can be seen."""
    return ApiToken.issue(user=user, name=name, scope=scope, expires_at=expires_at)


def revoke_token(*, token: ApiToken) -> None:
    """What uses it is locked out from its next request on."""
    token.delete()


def rename_person(*, person: User, name: str) -> None:
    """How Glossa speaks to her."""
    User.objects.filter(pk=person.pk).update(name=name)


def end_session(*, session: UserSession) -> None:
    """Signs one browser out."""
    sessions.end(session)


def end_other_sessions(*, person: User, but: str | None) -> int:
    """Signs all browsers out but that of this key; how many those were."""
    return sessions.end_others(person, but=but)


@transaction.atomic
def create_first_admin() -> tuple[User, str] | None:
    """The admin of an installation without people, and the password; None when there is somebody already."""
    with connection.cursor() as cursor:  # two processes may start at once; the lock goes with the transaction
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ADMIN_LOCK])
    if User.objects.exists():
        return None
    password = _readable_password()
    return User.objects.create_superuser(FIRST_ADMIN, password), password


def _readable_password() -> str:
    """Four groups of four that can be copied by hand: 79 random bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))
