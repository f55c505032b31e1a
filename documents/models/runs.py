"""The same question to many documents."""

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q

from accounts.models import User


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def counted(self) -> Self:
        """With how many of its analyses there are, are done, and have failed or were stopped; without those of
        documents in the bin."""
        here = Q(analyses__document__deleted_at=None)
        ended = Q(analyses__status__in=["failed", "cancelled"])
        return self.annotate(
            total=Count("analyses", filter=here),
            done=Count("analyses", filter=here & Q(analyses__status="done")),
            failed=Count("analyses", filter=here & ended),
        )


class Run(models.Model):
    """One recipe or instruction carried out on many documents; what was asked stands in its analyses."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="runs")
    name = models.CharField(max_length=200)
    not_urgent = models.BooleanField(default=False, help_text="Handed over together, at a lower price.")
    created_at = models.DateTimeField(auto_now_add=True)

    # Of its analyses; there only on rows that were `counted`.
    total: int
    done: int
    failed: int

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["owner", "-created_at", "-id"], name="run_list")]

    def __str__(self) -> str:
        return f"run {self.pk}"


class Batch(models.Model):
    """Analyses handed to the provider together. Each is known there by its own id, so none is lost or done twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="batches")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="batches")
    key = models.CharField(max_length=100, blank=True, help_text="By which the provider knows it.")
    sending_at = models.DateTimeField(null=True, blank=True, help_text="Written down before it leaves.")
    called_off_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "batches"
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="batch_key_is_unique"),
            models.CheckConstraint(
                condition=Q(key="") | Q(sending_at__isnull=False), name="batch_is_written_down_before_it_leaves"
            ),
        ]

    def __str__(self) -> str:
        return self.key or f"not sent, {self.pk}"
