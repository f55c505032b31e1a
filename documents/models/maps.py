"""Where the documents of a library lie on its map."""

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User


class LibraryMapQuerySet(models.QuerySet["LibraryMap"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What this person may see; every query starts here."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()


class LibraryMap(models.Model):
    """A person's documents in two dimensions, by their embeddings: alike ones lie together.

    `places` are rows [document, x, y] with x and y from 0 to 1; `regions` are rows {x, y, label, documents}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.OneToOneField(User, on_delete=models.CASCADE, related_name="library_map")
    places = models.JSONField(default=list, blank=True)
    regions = models.JSONField(default=list, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="Of the documents it was drawn from.")
    error = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)

    objects = LibraryMapQuerySet.as_manager()

    def __str__(self) -> str:
        return f"map {self.pk}"
