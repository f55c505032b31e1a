"""Documents put together under a name."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Lower

from accounts.models import User
from documents.models.document import Document, Status


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What this person may see; every query starts here."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def counted(self) -> Self:
        """With how many documents are in each, and how many of these have a text."""
        here = Q(documents__deleted_at=None)
        ready = here & Q(documents__status=Status.READY)
        return self.annotate(count=Count("documents", filter=here), ready=Count("documents", filter=ready))


class Collection(models.Model):
    """Some of a person's documents under a name of hers; a document may be in several."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="collections")
    name = models.CharField(max_length=100)
    documents = models.ManyToManyField(Document, related_name="collections", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # There only on rows that were `counted`.
    count: int
    ready: int

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="collection_name_is_unique_per_owner")]

    def __str__(self) -> str:
        return self.name
