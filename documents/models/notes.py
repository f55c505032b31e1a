"""What a person writes at words of a document."""

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from documents.models.document import Document

MOST_CHARACTERS = 4_000


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What this person may see; every query starts here."""
        return self.filter(owner_id=user.pk, document__deleted_at=None) if user.is_authenticated else self.none()


class Note(models.Model):
    """A person's own words at a stretch of a document's text. `quote` is the stretch as it was, and `content_sha256`
    of which text: when the document was read again since, the stretch may be elsewhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notes")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="margin_notes")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    text = models.TextField(max_length=MOST_CHARACTERS)
    content_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["start", "created_at"]
        indexes = [models.Index(fields=["document", "start"], name="note_place")]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="note_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"
