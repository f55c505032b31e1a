"""The map of a library, drawn anew when it has to be."""

from django.db import transaction

from accounts.models import User
from documents import maps
from documents.actions.owing import owe
from documents.models import Document, JobKind, LibraryMap, Status


@transaction.atomic
def draw_map(*, person: User, again: bool = False) -> LibraryMap:
    """The person's map as it is; a new one is owed, once, when her documents have changed since it was drawn.

    `again` tries one more time what could not be drawn.
    """
    drawn, _ = LibraryMap.objects.get_or_create(owner=person)
    ready = Document.objects.visible_to(person).filter(status=Status.READY)
    if again:
        LibraryMap.objects.filter(pk=drawn.pk).update(error="", fingerprint="")
    if again or (drawn.fingerprint != maps.fingerprint_of(ready) and ready.exists()):
        owe(JobKind.MAP, drawn)
    return drawn
