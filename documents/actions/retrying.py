"""Work that failed, owed once more."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from documents.actions.asking import ask_again
from documents.actions.mapping import draw_map
from documents.actions.owing import owe_again
from documents.models import (
    Analysis,
    AnalysisStatus,
    Document,
    Job,
    JobKind,
    JobState,
    LibraryMap,
    Message,
    MessageStatus,
    Run,
    Status,
)


@transaction.atomic
def retry_job(*, job: Job) -> bool:
    """Owes the work of an ended job once more; False when its subject is gone or its work is done."""
    if job.state not in (JobState.FAILED, JobState.QUARANTINED):
        return False
    if job.kind == JobKind.BATCH:
        return bool(_retry_each(Analysis.objects.filter(batch=job.subject)))
    if job.kind == JobKind.ANSWER:
        return _retry_answer(job)
    if job.kind == JobKind.MAP:
        return _retry_map(job)
    subject = _failed_document(job) if job.kind == JobKind.READ else _failed_analysis(job)
    if subject is None:
        return False
    owe_again(JobKind(job.kind), subject)
    return True


def _retry_answer(job: Job) -> bool:
    message = Message.objects.select_related("conversation__owner").filter(pk=job.subject).first()
    if message is None or message.status not in (MessageStatus.FAILED, MessageStatus.CANCELLED):
        return False
    ask_again(message=message)
    return True


def _retry_map(job: Job) -> bool:
    drawn = LibraryMap.objects.select_related("owner").filter(pk=job.subject).exclude(error="").first()
    if drawn is not None:
        draw_map(person=drawn.owner, again=True)
    return drawn is not None


@transaction.atomic
def retry_run(*, run: Run) -> int:
    """Owes what failed in a run once more, each analysis by itself; gives how many those are."""
    return _retry_each(run.analyses.out_of_bin())


def _retry_each(analyses: QuerySet[Analysis]) -> int:
    failed = list(analyses.filter(status=AnalysisStatus.FAILED, document__isnull=False).select_related("owner"))
    rows = Analysis.objects.filter(pk__in=[one.pk for one in failed])
    rows.update(status=AnalysisStatus.QUEUED, progress=0, batch=None, error="", error_code="", finished_at=None)
    for analysis in failed:
        owe_again(JobKind.ANALYSE, analysis)
    return len(failed)


def _failed_document(job: Job) -> Document | None:
    """The document, waiting again."""
    failed = Document.objects.filter(pk=job.subject, status=Status.FAILED)
    failed.update(status=Status.QUEUED, progress=0, error="", error_code="", updated_at=timezone.now())
    return Document.objects.light().filter(pk=job.subject, status=Status.QUEUED).first()


def _failed_analysis(job: Job) -> Analysis | None:
    """The analysis, waiting again; a text that was not kept is gone."""
    failed = Analysis.objects.filter(pk=job.subject, status=AnalysisStatus.FAILED, document__isnull=False)
    failed.update(status=AnalysisStatus.QUEUED, progress=0, error="", error_code="", finished_at=None)
    return Analysis.objects.filter(pk=job.subject, status=AnalysisStatus.QUEUED).first()
