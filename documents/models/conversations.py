"""Questions and answers over documents."""

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from documents.models.document import Document
from documents.models.sharing import Collection

MOST_CHARACTERS = 4_000


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def mentioning(self, words: str) -> Self:
        """Those with these words in their title or a question; all for none."""
        if not words.strip():
            return self
        asked = Message.objects.filter(conversation=OuterRef("pk"), question__icontains=words.strip())
        return self.filter(Q(title__icontains=words.strip()) | Exists(asked))


class ScopeKind(models.TextChoices):
    EVERYTHING = "everything", "All you may see"
    COLLECTION = "collection", "A collection"
    DOCUMENTS = "documents", "Chosen documents"


class Conversation(models.Model):
    """A thread of questions over the same documents: some, a collection, or all that its owner may see."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="conversations")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=ScopeKind, default=ScopeKind.EVERYTHING)
    collection = models.ForeignKey(Collection, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    documents = models.ManyToManyField(Document, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-id"]
        indexes = [models.Index(fields=["owner", "-updated_at", "-id"], name="conversation_list")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ScopeKind.values), name="conversation_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class MessageStatus(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Answering"
    DONE = "done", "Answered"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Stopped"


UNANSWERED = (MessageStatus.QUEUED, MessageStatus.RUNNING)


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(conversation__owner_id=user.pk) if user.is_authenticated else self.none()


class Message(models.Model):
    """A question and its answer; `text` grows while it is written, `result` is there when it is done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    ordinal = models.PositiveIntegerField()
    key = models.UUIDField(default=uuid.uuid4, help_text="Of the asking: a double click asks once.")
    question = models.TextField(max_length=MOST_CHARACTERS)
    of_each = models.BooleanField(default=False, help_text="Asked of each document by itself: a sweep.")
    suggests_sweep = models.BooleanField(
        default=False, help_text="Only every document can tell, but the best passages were asked: that costs less."
    )
    status = models.CharField(max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED)
    text = models.TextField(blank=True)
    result = models.JSONField(null=True, blank=True)
    searched = models.JSONField(default=dict, blank=True, help_text="{documents, passages}: how many.")
    provider = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=100, blank=True)
    prompt_version = models.CharField(max_length=40, blank=True)
    truncated = models.BooleanField(default=False)
    usage = models.JSONField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "ordinal"], name="message_ordinal_is_unique"),
            models.UniqueConstraint(fields=["conversation", "key"], name="message_is_asked_once"),
            models.CheckConstraint(condition=Q(status__in=MessageStatus.values), name="message_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status=MessageStatus.DONE) | Q(result__isnull=False), name="message_done_has_a_result"
            ),
            models.CheckConstraint(
                condition=~Q(status=MessageStatus.FAILED) | ~Q(error=""), name="message_failure_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def owner(self) -> User:
        return self.conversation.owner

    @property
    def settled(self) -> bool:
        return self.status not in UNANSWERED
