"""Words a person puts on documents of hers."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from accounts.models import User
from documents.models.document import Document

COLOURS = 8


class TagQuerySet(models.QuerySet["Tag"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What this person may see; every query starts here."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def named(self, name: str) -> Self:
        """Whatever its capitals, as the constraint compares."""
        return self.filter(Exact(Lower("name"), Lower(Value(name))))

    def counted(self) -> Self:
        """With how many documents bear each."""
        return self.annotate(count=Count("documents", filter=Q(documents__deleted_at=None)))


class Tag(models.Model):
    """A word on documents; a document may bear several. `colour` is one of eight that the pages know."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=50)
    colour = models.PositiveSmallIntegerField(default=0)
    documents = models.ManyToManyField(Document, related_name="tags", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # There only on rows that were `counted`.
    count: int

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="tag_name_is_unique_per_owner"),
            models.CheckConstraint(condition=~Q(name=""), name="tag_has_a_name"),
            models.CheckConstraint(condition=Q(colour__lt=COLOURS), name="tag_colour_is_known"),
        ]

    def __str__(self) -> str:
        return self.name
