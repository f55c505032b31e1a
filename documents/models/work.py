"""Work that is owed, and what it cost."""

from typing import Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User


class JobKind(models.TextChoices):
    READ = "read", "Read a document"
    ANALYSE = "analyse", "Analyse"
    BATCH = "batch", "Analyse together"
    ANSWER = "answer", "Answer a question"
    MAP = "map", "Draw the map of a library"


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    QUARANTINED = "quarantined", "Quarantined"
    CANCELLED = "cancelled", "Cancelled"


ACTIVE = (JobState.QUEUED, JobState.RUNNING)
GIVEN_UP = (JobState.FAILED, JobState.QUARANTINED)


class JobQuerySet(models.QuerySet["Job"]):
    def due(self) -> Self:
        """Waiting and its time has come, or running with a lease that ran out, by the database's clock."""
        waiting = Q(state=JobState.QUEUED, run_after__lte=Now())
        abandoned = Q(state=JobState.RUNNING, lease_until__lt=Now())
        return self.filter(waiting | abandoned)

    def held(self, *, pk: int, fence: int) -> Self:
        """The job, if the holder of this fence still has it."""
        return self.filter(pk=pk, state=JobState.RUNNING, fence=fence)


class Job(models.Model):
    """A piece of work. This row is the truth; Celery only carries its number."""

    kind = models.CharField(max_length=10, choices=JobKind)
    subject = models.UUIDField(help_text="The document, analysis, batch, message or map it is about.")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="jobs")
    state = models.CharField(max_length=12, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0, help_text="Rises with every claim; every write of a job carries it.")
    lease_until = models.DateTimeField(null=True, blank=True)
    run_after = models.DateTimeField(db_default=Now())
    progress = models.FloatField(default=0)
    options = models.JSONField(default=dict, blank=True, help_text="Of a reading: {pages, ocr}; empty for all of it.")
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["run_after"], name="job_waiting", condition=Q(state="queued")),
            models.Index(fields=["lease_until"], name="job_leases", condition=Q(state="running")),
            models.Index(fields=["subject"], name="job_subject"),
            # For who oversees the house: what went wrong lately, what was done lately, what came when.
            models.Index(fields=["finished_at"], name="job_failures", condition=Q(state__in=GIVEN_UP)),
            models.Index(fields=["finished_at"], name="job_done", condition=Q(state="done")),
            BrinIndex(fields=["created_at"], name="job_created", autosummarize=True),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(state__in=ACTIVE), name="job_is_owed_once_per_subject"
            ),
            models.CheckConstraint(condition=Q(kind__in=JobKind.values), name="job_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING) | Q(lease_until__isnull=False), name="job_running_has_a_lease"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[JobState.FAILED, JobState.QUARANTINED]) | ~Q(error=""),
                name="job_failure_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class CallState(models.TextChoices):
    INTENT = "intent", "Sent, no answer yet"
    ANSWERED = "answered", "Answered"
    DISCARDED = "discarded", "Answered, but not used"
    FAILED = "failed", "No usable answer"
    AMBIGUOUS = "ambiguous", "Answer lost: may have been charged"


class AICall(models.Model):
    """One HTTP attempt at a paid model, written down before it is made."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ai_calls")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls")
    subject = models.UUIDField(help_text="The analysis or the message it was made for.")
    fence = models.PositiveIntegerField()
    step = models.PositiveIntegerField(default=0)
    batch = models.UUIDField(null=True, blank=True, help_text="The batch it was part of, at half the price.")
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=CallState, default=CallState.INTENT)
    request_id = models.CharField(max_length=100, blank=True)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cache_read_tokens = models.PositiveIntegerField(default=0)
    cache_write_tokens = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=8, null=True, blank=True, help_text="US dollars.")
    reserved = models.DecimalField(
        max_digits=14,
        decimal_places=8,
        null=True,
        blank=True,
        help_text="The most it may cost, held until it is known.",
    )
    price_version = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "AI call"
        indexes = [
            models.Index(fields=["owner", "created_at"], name="call_month"),
            models.Index(fields=["created_at"], name="call_created"),
            models.Index(fields=["request_id"], name="call_request", condition=~Q(request_id="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["job", "subject", "fence", "step"], name="call_is_made_once_per_attempt"),
            models.UniqueConstraint(
                fields=["subject", "step"], condition=Q(state=CallState.ANSWERED), name="call_is_charged_once_per_step"
            ),
            models.CheckConstraint(condition=Q(state__in=CallState.values), name="call_state_is_known"),
            models.CheckConstraint(condition=Q(cost__isnull=True) | Q(cost__gte=0), name="call_cost_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.model}, {self.state}"


class ApiReply(models.Model):
    """The answer to a POST that carried an Idempotency-Key, kept for a day and given again to the same request."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty while the request is under way.")
    body = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="reply_key_is_unique_per_person")]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.key}"
