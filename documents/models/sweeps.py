"""Questions asked of each document by itself."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Value, When

from documents.models.conversations import Message
from documents.models.document import Document
from documents.models.results import OPEN, Analysis, AnalysisStatus, Citation


class ExaminationState(models.TextChoices):
    """What became of a document that was to be asked."""

    WAITING = "waiting", "Waiting"
    FOUND = "found", "Found"
    NOT_FOUND = "not_found", "Nothing found"
    UNVERIFIED = "unverified", "Not verified"
    UNREADABLE = "unreadable", "Not readable"
    FAILED = "failed", "Failed"
    STOPPED = "stopped", "Stopped"


class ExaminationQuerySet(models.QuerySet["Examination"]):
    def of(self, message: UUID) -> Self:
        return self.filter(message=message)

    def judged(self) -> Self:
        """With the `state` of each, which its analysis tells: found is what has a verified citation."""
        cited = Exists(Citation.objects.filter(analysis=OuterRef("analysis")))
        state = Case(
            # What is in the bin counts like what was deleted.
            When(document__deleted_at__isnull=False, then=Value(ExaminationState.UNREADABLE)),
            When(analysis=None, then=Value(ExaminationState.UNREADABLE)),
            When(analysis__status__in=OPEN, then=Value(ExaminationState.WAITING)),
            When(analysis__status=AnalysisStatus.FAILED, then=Value(ExaminationState.FAILED)),
            When(analysis__status=AnalysisStatus.CANCELLED, then=Value(ExaminationState.STOPPED)),
            When(analysis__result__verified__gt=0, then=Value(ExaminationState.FOUND)),
            When(cited, then=Value(ExaminationState.UNVERIFIED)),
            default=Value(ExaminationState.NOT_FOUND),
            output_field=CharField(),
        )
        return self.annotate(state=state)


class Examination(models.Model):
    """A document that is asked a question by itself; what it says is its analysis. The row outlives the document."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="examinations")
    ordinal = models.PositiveIntegerField()
    document = models.ForeignKey(Document, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=300)
    analysis = models.OneToOneField(
        Analysis, on_delete=models.SET_NULL, null=True, blank=True, related_name="examination"
    )

    # There only on rows that were `judged`.
    state: str

    objects = ExaminationQuerySet.as_manager()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["message", "ordinal"], name="examination_ordinal_is_unique"),
            models.UniqueConstraint(fields=["message", "document"], name="document_is_examined_once_per_question"),
        ]

    def __str__(self) -> str:
        return f"message {self.message_id}, examination {self.ordinal}"
