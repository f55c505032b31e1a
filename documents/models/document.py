"""A person's document."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User


class Status(models.TextChoices):
    """Where a document is in its life."""

    QUEUED = "queued", "Waiting"
    READING = "reading", "Reading"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be read"


SETTLED = (Status.READY, Status.FAILED)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # put into the bin then, a document is due to go


def title_has(words: str) -> Q:
    """The title or the file name has all these words."""
    condition = Q()
    for word in words.replace("\x00", " ").split():
        condition &= Q(title__icontains=word) | Q(filename__icontains=word)
    return condition


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What this person may see; every query starts here. What is in the bin is out of sight."""
        return self.filter(owner_id=user.pk, deleted_at=None) if user.is_authenticated else self.none()

    def in_bin_of(self, user: User | AnonymousUser) -> Self:
        """What this person deleted and may still put back."""
        return self.kept_by(user).filter(deleted_at__gt=due_before())

    def kept_by(self, user: User | AnonymousUser) -> Self:
        """All that this person has: what she sees, and what is in her bin."""
        is_here = Q(deleted_at=None) | Q(deleted_at__gt=due_before())
        return self.filter(is_here, owner_id=user.pk) if user.is_authenticated else self.none()

    def out_of_bin(self) -> Self:
        return self.filter(deleted_at=None)

    def due_to_go(self) -> Self:
        """What lay in a bin for as long as it is kept there: nobody can put it back, and sweeping removes it."""
        return self.filter(deleted_at__lte=due_before())

    def titled(self, words: str) -> Self:
        """Those whose title or file name has all these words."""
        return self.filter(title_has(words))

    def light(self) -> Self:
        """Without the text and the vector, which lists never load."""
        return self.defer("content", "embedding")


def due_before() -> datetime:
    """What was put into a bin before this moment is due to go for good."""
    return timezone.now() - timedelta(days=settings.BIN_DAYS)


class Document(models.Model):
    """An original file, and its canonical text: every offset in the system counts code points of `content`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(max_length=300)
    filename = models.CharField(max_length=255)
    file = models.FileField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(help_text="Bytes of the original.")
    media_type = models.CharField(max_length=100, blank=True)
    content = models.TextField(blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    embedding = models.JSONField(null=True, blank=True, help_text="The mean of its passages' vectors.")
    language = models.CharField(max_length=8, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.FloatField(default=0, help_text="Share of the reading that is done, 0 to 1.")
    page_count = models.PositiveIntegerField(default=0)
    unread_pages = models.JSONField(
        default=list, blank=True, help_text="Numbers of the pages whose text could not be read."
    )
    pages_read = models.PositiveIntegerField(default=0, help_text="Of the reading under way.")
    unread = models.JSONField(default=list, blank=True, help_text="Rows {page, kind, reason} of the pages not read.")
    notes = models.JSONField(default=list, blank=True, help_text="Sentences for the owner on how it was read.")
    hidden_text = models.BooleanField(default=False)
    depth = models.PositiveSmallIntegerField(default=0, help_text="How many files it was inside of when it came.")
    error_code = models.CharField(max_length=40, blank=True)
    error = models.CharField(max_length=500, blank=True, help_text="In words for the owner.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="When it was put into the bin.")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="document_list"),
            models.Index(fields=["owner", "language"], name="document_language"),
            models.Index(fields=["-created_at", "-id"], name="document_newest"),
            models.Index(
                fields=["status", "-created_at", "-id"], name="document_not_ready", condition=~Q(status=Status.READY)
            ),
            models.Index(fields=["-created_at"], name="document_with_unread_pages", condition=~Q(unread=[])),
            models.Index(fields=["owner"], name="document_storage", include=["size"]),
            models.Index(fields=["deleted_at"], name="document_bin", condition=Q(deleted_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "sha256"], name="document_is_kept_once_per_owner"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="document_status_is_known"),
            models.CheckConstraint(condition=Q(progress__gte=0, progress__lte=1), name="document_progress_is_a_share"),
            models.CheckConstraint(condition=Q(size__gte=0), name="document_size_is_not_negative"),
            models.CheckConstraint(
                condition=~Q(status=Status.FAILED) | ~Q(error=""), name="document_failure_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.READY) | ~Q(content_sha256=""), name="document_ready_has_a_text"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def file_name(self) -> str:
        """Where the original is kept in storage."""
        return str(self.file.name)

    @property
    def settled(self) -> bool:
        return self.status in SETTLED

    @property
    def goes_at(self) -> datetime | None:
        """When it goes for good, if it is in the bin."""
        return self.deleted_at and self.deleted_at + timedelta(days=settings.BIN_DAYS)
