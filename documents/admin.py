"""Documents, work and costs, for staff: what happens to people's documents, never what they say."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, F, QuerySet, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.utils.timesince import timesince

from accounts.admin import StaffAdmin, UserAdmin, WitnessAdmin
from accounts.models import User
from documents import actions, leaving
from documents.models import AICall, Analysis, Batch, Breaker, Budget, Document, Job, Recipe, Run

MOST_TOTALS = 20


admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People are made inactive, or removed with all that is theirs: rows, files and books."""

    actions = ("delete_selected",)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and leaving.is_last_superuser(obj):
            return False
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    @admin.action(permissions=["delete"], description="Delete with all data")
    def delete_selected(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponseBase | None:
        return delete_selected(self, request, people)

    def get_deleted_objects(
        self, objs: Iterable[User], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """The people, and how much goes with each, without what it says."""
        people = list(objs)
        words = [f"{one}, with {leaving.left(one.pk).total():,} rows and all files" for one in people]
        kept = [str(one) for one in people if leaving.is_last_superuser(one)]
        return words, {"people, with all that is theirs": len(people)}, set(), kept

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        actions.leave(person=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            try:
                actions.leave(person=person)
            except actions.Refusal as refusal:
                self.message_user(request, f"{person} stays. {refusal}", messages.WARNING)


@admin.register(Document)
class DocumentAdmin(StaffAdmin[Document]):
    list_display = ("title", "owner", "status", "media_type", "bytes", "page_count", "error", "created_at")
    list_filter = ("status", "media_type", "created_at")
    list_select_related = ("owner",)
    search_fields = ("title", "filename", "owner__email", "=id")
    # No link to the original: `file` would give one.
    fields = (
        ("title", "owner"),
        ("filename", "media_type", "bytes", "language"),
        ("status", "progress", "error", "error_code"),
        ("page_count", "unread_pages", "hidden_text"),
        ("sha256", "content_sha256"),
        ("created_at", "updated_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return Document.objects.light()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False

    @admin.display(description="size", ordering="size")
    def bytes(self, document: Document) -> str:
        return filesizeformat(document.size)

    def get_deleted_objects(
        self, objs: Iterable[Document], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """The documents alone: naming every passage and citation would load them all, vectors and quotes included."""
        titles = [str(document) for document in objs]
        return titles, {"documents, with all that was made from them": len(titles)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Document) -> None:
        actions.delete(document=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        for document in queryset:
            actions.delete(document=document)


@admin.register(Job)
class JobAdmin(WitnessAdmin[Job]):
    list_display = ("id", "kind", "state", "age", "attempts", "owner", "error", "subject")
    list_filter = ("state", "kind", "created_at")
    list_select_related = ("owner",)
    search_fields = ("owner__email", "=subject")
    search_help_text = "The owner's e-mail address, or the id of a document or analysis."
    actions = ("retry",)

    @admin.display(ordering="-created_at")
    def age(self, job: Job) -> str:
        return timesince(job.created_at, depth=1)

    @admin.action(description="Retry selected jobs")
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        outcomes = [actions.retry_job(job=job) for job in jobs]
        retried = sum(outcomes)
        if retried:
            self.message_user(request, f"Owed once more: {retried}.", messages.SUCCESS)
        if retried < len(outcomes):
            words = "Left as they are, because they have not failed or what they were about is gone or done"
            self.message_user(request, f"{words}: {len(outcomes) - retried}.", messages.WARNING)


@admin.register(Analysis)
class AnalysisAdmin(WitnessAdmin[Analysis]):
    list_display = ("title", "owner", "task", "status", "provider", "model", "error", "created_at", "finished_at")
    list_filter = ("status", "task", "provider", "model", "created_at")
    search_fields = ("title", "owner__email", "=id", "=document__id")
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


class Ledger(ChangeList):
    """A list of calls, with what all of them cost: the filters and the search count, the page does not."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.totals = self.queryset.aggregate(
            cost=Sum("cost", default=0),
            input_tokens=Sum("input_tokens", default=0),
            output_tokens=Sum("output_tokens", default=0),
        )
        self.by_model = self._spent_by("model")
        self.by_person = self._spent_by("owner__email")

    def _spent_by(self, column: str) -> list[dict[str, Any]]:
        """The dearest first."""
        rows: Any = self.queryset.order_by().values(name=F(column)).annotate(calls=Count("pk"), cost=Sum("cost"))
        return list(rows.order_by(F("cost").desc(nulls_last=True), "name")[:MOST_TOTALS])


@admin.register(AICall)
class AICallAdmin(WitnessAdmin[AICall]):
    list_display = (
        *("created_at", "owner", "provider", "model", "state", "input_tokens", "output_tokens"),
        *("cache_read_tokens", "cache_write_tokens", "cost", "request_id", "error_code"),
    )
    list_filter = ("state", "provider", "model", "created_at")
    list_select_related = ("owner",)
    search_fields = ("owner__email", "request_id", "=subject")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Ledger


@admin.register(Run)
class RunAdmin(WitnessAdmin[Run]):
    # Not the name: it may be a person's question.
    list_display = ("id", "owner", "not_urgent", "total", "done", "failed", "created_at")
    list_filter = ("not_urgent", "created_at")
    search_fields = ("owner__email", "=id")
    fields = ("owner", "not_urgent", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        return Run.objects.counted().select_related("owner")

    def total(self, run: Run) -> int:
        return run.total

    def done(self, run: Run) -> int:
        return run.done

    def failed(self, run: Run) -> int:
        return run.failed


@admin.register(Batch)
class BatchAdmin(WitnessAdmin[Batch]):
    list_display = ("__str__", "owner", "sending_at", "called_off_at", "ended_at", "created_at")
    list_select_related = ("owner",)
    search_fields = ("owner__email", "key", "=id")


@admin.register(Recipe)
class RecipeAdmin(StaffAdmin[Recipe]):
    list_display = ("name", "slug", "task", "owner", "automatic", "model", "max_tokens", "position")
    list_filter = ("task",)
    list_select_related = ("owner",)
    search_fields = ("name", "slug", "owner__email")
    raw_id_fields = ("owner",)

    def get_readonly_fields(self, request: HttpRequest, obj: Recipe | None = None) -> tuple[str, ...]:
        """Programs ask for a recipe by its slug: it stays what it was."""
        return ("slug",) if obj else ()


@admin.register(Budget)
class BudgetAdmin(StaffAdmin[Budget]):
    """The row without an owner is everybody's who has none."""

    list_display = ("__str__", "owner", "monthly_usd")
    list_select_related = ("owner",)
    search_fields = ("owner__email",)
    raw_id_fields = ("owner",)


@admin.register(Breaker)
class BreakerAdmin(WitnessAdmin[Breaker]):
    list_display = ("provider", "failures", "open_until", "reason")
