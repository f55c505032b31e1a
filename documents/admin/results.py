"""Analyses, runs and batches: what became of them, and not what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin import ActionLocation
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from accounts.admin import WitnessAdmin
from accounts.lists import RecentValues, search
from documents import actions
from documents.admin import acting
from documents.models import Analysis, AnalysisStatus, Batch, Run

ENDED_BADLY = (AnalysisStatus.FAILED, AnalysisStatus.CANCELLED)


@admin.register(Analysis)
class AnalysisAdmin(WitnessAdmin[Analysis]):
    list_display = ("title", "owner", "task", "status", "provider", "model", "error", "created_at", "finished_at")
    list_filter = ("status", "task", ("provider", RecentValues), ("model", RecentValues), "created_at")
    sortable_by = ("created_at",)
    search_fields = ("owner__email",)
    search_help_text = "The beginning of the owner's e-mail address, or the id of an analysis or a document."
    actions = ("cancel",)
    fields = (
        ("title", "document", "owner"),
        ("recipe", "task", "max_tokens"),
        ("provider", "model", "prompt_version"),
        ("status", "truncated", "error", "error_code"),
        ("usage", "text_sha256"),
        ("created_at", "finished_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Analysis]:
        rows = super().get_queryset(request).select_related("owner", "document", "recipe")
        return rows.defer("inline_text", "instruction", "result", "document__content", "document__embedding")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Analysis], search_term: str
    ) -> tuple[QuerySet[Analysis], bool]:
        found = search(queryset, search_term, by_id=("id", "document")) if search_term else queryset
        return found, False

    def named(self, row: Analysis) -> str:
        return f"analysis {row.pk}"

    @admin.action(
        permissions=["act"],
        description="Cancel this analysis",
        description_plural="Cancel selected analyses",
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def cancel(self, request: HttpRequest, analyses: QuerySet[Analysis]) -> None:
        left = "Left as they are, because they have ended"
        acting.each(self, request, analyses, lambda one: actions.cancel(analysis=one), done="Cancelled", left=left)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many analyses a run has, and what became of them."""

    total: int
    done: int
    failed: int


@admin.register(Run)
class RunAdmin(WitnessAdmin[Run]):
    # Not the name: it may be a person's question.
    list_display = ("id", "owner", "not_urgent", "total", "done", "failed", "created_at")
    list_filter = ("not_urgent", "created_at")
    list_select_related = ("owner",)
    sortable_by = ("created_at",)
    search_fields = ("owner__email",)
    search_help_text = "The beginning of the owner's e-mail address, or the id of a run."
    fields = ("owner", "not_urgent", "created_at")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Run], search_term: str
    ) -> tuple[QuerySet[Run], bool]:
        return (search(queryset, search_term, by_id=("id",)) if search_term else queryset), False

    def figures(self, keys: Sequence[UUID]) -> Mapping[UUID, Outcome]:
        done, failed = Q(status=AnalysisStatus.DONE), Q(status__in=ENDED_BADLY)
        rows = Analysis.objects.filter(run__in=keys).order_by().values("run")
        counted = rows.annotate(total=Count("pk"), done=Count("pk", filter=done), failed=Count("pk", filter=failed))
        return {key: Outcome(*counts) for key, *counts in counted.values_list("run", "total", "done", "failed")}

    def total(self, run: Any) -> int:
        return run.figures.total if run.figures else 0

    def done(self, run: Any) -> int:
        return run.figures.done if run.figures else 0

    def failed(self, run: Any) -> int:
        return run.figures.failed if run.figures else 0


@admin.register(Batch)
class BatchAdmin(WitnessAdmin[Batch]):
    list_display = ("__str__", "owner", "sending_at", "called_off_at", "ended_at", "created_at")
    list_select_related = ("owner",)
    sortable_by = ("created_at",)
    search_fields = ("owner__email", "key")
    search_help_text = "The beginning of the owner's e-mail address, the id of a batch, or its key at the provider."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Batch], search_term: str
    ) -> tuple[QuerySet[Batch], bool]:
        if not search_term:
            return queryset, False
        keyed = queryset.filter(key=search_term.replace("\x00", ""))
        return (keyed if keyed.exists() else search(queryset, search_term, by_id=("id",))), False
