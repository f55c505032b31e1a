"""Leaving: an account goes, and everything with it."""

from django.db import transaction

from accounts.models import User
from documents import leaving, tasks
from documents.actions.refusal import Refusal
from documents.leaving import Departure

PATIENCE_SECONDS = 20.0
LAST_SUPERUSER = (
    "This is the only account that may do everything here. Make another person a superuser in the administration first."
)


def leave(*, person: User, patience_seconds: float = PATIENCE_SECONDS) -> Departure:
    """Removes an account and all that is hers. What takes longer than the patience, workers go on with."""
    _begin(person)
    departure = leaving.finish(person.pk, patience_seconds=patience_seconds)
    if not departure.finished:
        tasks.hint_leaving(person.pk)
    return departure


@transaction.atomic
def _begin(person: User) -> None:
    # All of them are locked: of the last two, who leave at once, one stays.
    list(User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk").values("pk"))
    if leaving.is_last_superuser(person):
        raise Refusal(LAST_SUPERUSER, code="last_superuser", status=409)
    leaving.begin(person.pk)
