"""What staff do about work: take it out of the hands of workers, stop it, and say what may be spent."""

from decimal import Decimal

from django.db import transaction

from accounts.models import User
from documents import jobs, tasks
from documents.actions.analysing import cancel
from documents.actions.asking import stop
from documents.models import Analysis, Batch, Budget, Job, JobKind, JobState, Message
from documents.models.results import OPEN

SET_ASIDE, STOPPED = "quarantined", "stopped"
STOPPED_BY_STAFF = "It was stopped by those who run this server. Start it again when you need it."


def quarantine_job(*, job: Job, reason: str) -> bool:
    """Sets work aside until somebody retries it; its owner reads the reason. False when it has ended already."""
    return _end(job, JobState.QUARANTINED, SET_ASIDE, reason)


def cancel_job(*, job: Job) -> bool:
    """Stops work for good. False when it has ended already."""
    if job.kind == JobKind.ANALYSE:
        analysis = Analysis.objects.filter(pk=job.subject).first()
        return _cancel_alone(job) if analysis is None else cancel(analysis=analysis)
    if job.kind == JobKind.ANSWER:
        message = Message.objects.select_related("conversation__owner").filter(pk=job.subject).first()
        return _cancel_alone(job) if message is None else stop(message=message)
    if job.kind == JobKind.BATCH:
        return _cancel_batch(job)
    return _end(job, JobState.CANCELLED, STOPPED, STOPPED_BY_STAFF)


def _cancel_alone(job: Job) -> bool:
    return bool(jobs.cancel(job.subject))


def _cancel_batch(job: Job) -> bool:
    """Who carries it finds that nothing is wanted any more, and calls it off with the provider."""
    if not Batch.objects.filter(pk=job.subject, ended_at=None).exists():
        return _cancel_alone(job)
    stopped = [cancel(analysis=one) for one in Analysis.objects.filter(batch=job.subject, status__in=OPEN)]
    jobs.hurry(job.subject)
    return any(stopped)


def _end(job: Job, state: JobState, code: str, message: str) -> bool:
    """Ends it as its runner would, whoever has it: that one writes nothing more.

    Two transactions: who watches is told after the second. Cut off between them, the job is found by the sweep.
    """
    held = jobs.seize(job.pk)
    if held is None:
        return False
    runner = tasks.RUNNERS.get(held.kind)
    if runner is None:
        with jobs.ending(held, state, error=message):
            return True
    runner.fail(held, state=state, code=code, message=message)
    return True


@transaction.atomic
def set_budget(*, person: User, monthly_usd: Decimal | None) -> None:
    """What this person may spend in a month; None gives her everybody's limit again."""
    if monthly_usd is None:
        Budget.objects.filter(owner=person).delete()
    else:
        Budget.objects.update_or_create(owner=person, defaults={"monthly_usd": monthly_usd})
