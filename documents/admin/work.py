"""Jobs: what is owed, what went wrong, and what staff do about it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.timesince import timesince

from accounts.admin import WitnessAdmin
from accounts.lists import search
from documents import actions
from documents.admin import acting, failures
from documents.models import Job

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]
ENDED = "Left as they are, because they have ended"


class Reason(admin.SimpleListFilter):
    """Why jobs were given up, the most frequent reasons of the last days first."""

    title, parameter_name = "reason, last 7 days", "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(one.key, f"{one.kind_in_words}: {one.reason} ({one.week:,})") for one in failures.lately()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return failures.of_reason(queryset, self.value()) if self.value() else queryset


class Aside(forms.Form):
    reason = forms.CharField(
        max_length=300,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text="The owner of the work reads this: say what is wrong, and what happens next.",
    )


@admin.register(Job)
class JobAdmin(WitnessAdmin[Job]):
    list_display = ("id", "kind", "state", "age", "attempts", "owner", "error", "subject")
    list_filter = ("state", "kind", Reason, "created_at")
    list_select_related = ("owner",)
    sortable_by = ("id", "age")
    search_fields = ("owner__email",)
    search_help_text = "The beginning of the owner's e-mail address, or the id of a document, analysis or message."
    actions = ("retry", "quarantine", "cancel")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Job], search_term: str
    ) -> tuple[QuerySet[Job], bool]:
        return (search(queryset, search_term, by_id=("subject",)) if search_term else queryset), False

    @admin.display(ordering="-id")  # they are numbered as they come
    def age(self, job: Job) -> str:
        return timesince(job.created_at, depth=1)

    @admin.action(
        permissions=["act"],
        description="Retry this job",
        description_plural="Retry selected jobs",
        location=EVERYWHERE,
    )
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        left = "Left as they are, because they have not failed or what they were about is gone or done"
        acting.each(self, request, jobs, lambda job: actions.retry_job(job=job), done="Owed once more", left=left)

    @admin.action(
        permissions=["act"],
        description="Cancel this job",
        description_plural="Cancel selected jobs",
        location=EVERYWHERE,
    )
    def cancel(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        acting.each(self, request, jobs, lambda job: actions.cancel_job(job=job), done="Cancelled", left=ENDED)

    @admin.action(
        permissions=["act"],
        description="Quarantine this job …",
        description_plural="Quarantine selected jobs …",
        location=EVERYWHERE,
    )
    def quarantine(self, request: HttpRequest, jobs: QuerySet[Job]) -> TemplateResponse | None:
        """Asks for the reason first."""
        form = Aside(request.POST if "sure" in request.POST else None)
        if not form.is_valid():
            title = "Set jobs aside"
            return acting.ask_first(self, request, jobs, form, action="quarantine", title=title, verb="Quarantine")
        reason = form.cleaned_data["reason"]
        acting.each(
            self,
            request,
            jobs,
            lambda job: actions.quarantine_job(job=job, reason=reason),
            done="Quarantined",
            left=ENDED,
        )
        return None
