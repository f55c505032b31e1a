"""What was found out about documents, and the words it rests on."""

import uuid
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from documents.models.conversations import Message
from documents.models.document import Document
from documents.models.runs import Batch, Run
from documents.values import Task

TASKS = [(task.value, task.value.replace("_", " ").capitalize()) for task in Task]


class RecipeQuerySet(models.QuerySet["Recipe"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The built-in recipes and this person's own."""
        return self.filter(Q(owner=None) | Q(owner_id=user.pk)) if user.is_authenticated else self.none()

    def automatic_for(self, owner: int | None) -> Self:
        """Those carried out on each new document of this person."""
        return self.filter(owner_id=owner, automatic=True)

    def named(self, slug: str) -> "Recipe | None":
        """A person's own recipe goes before a built-in one of the same name."""
        return self.filter(slug=slug).order_by(F("owner").asc(nulls_last=True)).first()


class Recipe(models.Model):
    """A named analysis. Built-in ones have no owner."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="recipes")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=300, blank=True)
    task = models.CharField(max_length=20, choices=TASKS)
    instruction = models.TextField(blank=True, max_length=4000)
    labels = models.JSONField(default=list, blank=True)
    schema = models.JSONField(null=True, blank=True, help_text="JSON schema of a typed result.")
    model = models.CharField(max_length=100, blank=True, help_text="Empty: the model of the settings.")
    max_tokens = models.PositiveIntegerField(default=2048)
    language = models.CharField(
        max_length=40, blank=True, help_text="Of a translation, by its English name; empty: chosen with each."
    )
    automatic = models.BooleanField(default=False, help_text="Carried out on each new document of its owner.")
    position = models.PositiveIntegerField(default=100)

    objects = RecipeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "slug"], name="recipe_slug_is_unique", nulls_distinct=False),
            models.CheckConstraint(condition=Q(task__in=[task.value for task in Task]), name="recipe_task_is_known"),
            models.CheckConstraint(
                condition=Q(automatic=False) | Q(owner__isnull=False), name="recipe_is_automatic_for_its_owner_only"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Options:
    """What is to be found out: a recipe or an instruction, and how. What is given goes before the recipe's own."""

    recipe: Recipe | None = None
    instruction: str = ""
    labels: tuple[str, ...] = ()
    schema: dict[str, Any] | None = None
    language: str = ""
    model: str = ""
    max_tokens: int | None = None

    @property
    def task(self) -> Task:
        if self.schema:
            return Task.EXTRACT
        if self.recipe:
            return Task(self.recipe.task)
        return Task.CLASSIFY if self.labels else Task.INSTRUCTION

    @property
    def columns(self) -> dict[str, Any]:
        """As the columns of an analysis."""
        recipe = self.recipe or Recipe()
        return {
            "recipe": self.recipe,
            "task": self.task,
            "instruction": self.instruction or recipe.instruction,
            "labels": list(self.labels or recipe.labels),
            "schema": self.schema or recipe.schema,
            "language": self.language or recipe.language,
            "model": self.model or recipe.model,
            "max_tokens": self.max_tokens or recipe.max_tokens,
        }


class AnalysisStatus(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Working"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


OPEN = (AnalysisStatus.QUEUED, AnalysisStatus.RUNNING)


class AnalysisQuerySet(models.QuerySet["Analysis"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of this person, but of what is in her bin."""
        if not user.is_authenticated:
            return self.none()
        return self.out_of_bin().filter(owner_id=user.pk)

    def out_of_bin(self) -> Self:
        """Those whose document is not in the bin."""
        return self.filter(document__deleted_at=None)

    def for_themselves(self) -> Self:
        """Those that are not part of the answer to a question."""
        return self.filter(examination=None)


class Analysis(models.Model):
    """A recipe or an instruction carried out on a document, or on a text that is forgotten when it is done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="analyses")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, null=True, blank=True, related_name="analyses")
    inline_text = models.TextField(blank=True, help_text="Only until the analysis has ended.")
    title = models.CharField(max_length=300)
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="analyses")
    batch = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True, blank=True, related_name="analyses")
    recipe = models.ForeignKey(Recipe, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    task = models.CharField(max_length=20, choices=TASKS)
    instruction = models.TextField(blank=True, max_length=4000)
    labels = models.JSONField(default=list, blank=True)
    schema = models.JSONField(null=True, blank=True, help_text="JSON schema of a typed result.")
    language = models.CharField(max_length=40, blank=True)
    max_tokens = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=AnalysisStatus, default=AnalysisStatus.QUEUED)
    progress = models.FloatField(default=0, help_text="From 0 to 1, where it is done in portions.")
    provider = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=100, blank=True)
    prompt_version = models.CharField(max_length=40, blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the text it was made from.")
    truncated = models.BooleanField(default=False)
    result = models.JSONField(null=True, blank=True)
    usage = models.JSONField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "analyses"
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="analysis_list"),
            models.Index(fields=["-created_at", "-id"], name="analysis_newest"),
            models.Index(
                fields=["status", "-created_at", "-id"],
                name="analysis_not_done",
                condition=~Q(status=AnalysisStatus.DONE),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=AnalysisStatus.values), name="analysis_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status=AnalysisStatus.DONE) | Q(result__isnull=False), name="analysis_done_has_a_result"
            ),
            models.CheckConstraint(
                condition=~Q(status=AnalysisStatus.FAILED) | ~Q(error=""), name="analysis_failure_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN) | Q(inline_text=""), name="analysis_forgets_its_inline_text"
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=True) | Q(inline_text=""), name="analysis_has_one_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_task_display()} of {self.title}"

    @property
    def settled(self) -> bool:
        return self.status not in OPEN


class Portion(models.Model):
    """What was found in a stretch of a text that is longer than the model's window: paid for, so kept until the end."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="portions")
    number = models.PositiveIntegerField()
    first = models.PositiveIntegerField(help_text="Of its sentences, the first; they end before `last`.")
    last = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text="Of what was asked about.")
    found = models.JSONField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "number"], name="portion_number_is_unique"),
            models.CheckConstraint(condition=Q(last__gt=F("first")), name="portion_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.analysis_id}, portion {self.number}"


class CitationQuerySet(models.QuerySet["Citation"]):
    def out_of_bin(self) -> Self:
        """Those that rest on no document, or on one that is not in the bin."""
        return self.filter(document__deleted_at=None)


class Citation(models.Model):
    """The words a claim of an analysis or an answer rests on. Not verified: it links nowhere."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, null=True, blank=True, related_name="citations")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, blank=True, related_name="citations")
    ordinal = models.PositiveIntegerField()
    document = models.ForeignKey(Document, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=300)
    quote = models.TextField()
    verified = models.BooleanField()
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    page = models.PositiveIntegerField(null=True, blank=True)
    boxes = models.JSONField(default=list, help_text="Rows [page, x0, y0, x1, y1], in fractions.")
    anchor = models.CharField(max_length=300, blank=True, help_text="The place by its own name: Budget!A5:F5, Slide 3.")
    text_sha256 = models.CharField(max_length=64)

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "ordinal"], name="citation_ordinal_is_unique"),
            models.UniqueConstraint(fields=["message", "ordinal"], name="citation_ordinal_is_unique_in_an_answer"),
            models.CheckConstraint(
                condition=Q(analysis__isnull=False) ^ Q(message__isnull=False), name="citation_is_of_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(verified=True, start__isnull=False, end__gt=F("start"))
                | Q(verified=False, start__isnull=True, end__isnull=True),
                name="citation_points_only_when_verified",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.analysis_id or self.message_id}, citation {self.ordinal}"
