"""The Celery tasks: run a job, sweep. Nothing else.

This is the task boundary: the only place that turns any error at all into an outcome of the job.
"""

import logging
import time
import traceback
from datetime import timedelta
from types import ModuleType
from typing import Any

from celery import current_app, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from kombu.exceptions import OperationalError as TransportError

from documents import answers, jobs, leaving, maps, pipeline, places, removal, streams
from documents.ai import errors
from documents.analyses import alone, together
from documents.models import JobKind, JobState, MessageStatus
from documents.reading.errors import UnreadableFile

log = logging.getLogger(__name__)

RUNNERS: dict[JobKind, ModuleType] = {
    JobKind.READ: pipeline,
    JobKind.ANALYSE: alone,
    JobKind.BATCH: together,
    JobKind.ANSWER: answers,
    JobKind.MAP: maps,
}
QUEUES = {
    JobKind.READ: "read",
    JobKind.ANALYSE: "think",
    JobKind.BATCH: "think",
    JobKind.ANSWER: "think",
    JobKind.MAP: "read",
}
WAITING_IN_TRANSPORT = 100  # hints kept in each queue; the rest wait in their rows
RETRY_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 300.0
# An outage may last a night; a batch takes up to a day, and what it found is kept for weeks.
PATIENCE, PATIENCE_WITH_BATCHES = timedelta(days=1), timedelta(days=3)

INTERNAL = "Something went wrong on our side. It has been noted; please try again."
WORKER_LOST = (
    "The work was stopped three times before it could end. The file may need more memory or time than allowed."
)


def hint(job: int, kind: JobKind) -> None:
    """Tells a worker that there is work, unless many wait: the sweep then lets the owners take turns."""
    try:
        if _room(QUEUES[kind]):
            run.apply_async(args=[job], queue=QUEUES[kind])
    except TransportError as error:
        log.warning("no hint for job %s: %s", job, type(error).__name__)


@shared_task(name="documents.tasks.run")  # type: ignore[untyped-decorator]
def run(job: int) -> None:
    """Runs the job, if it is due and nobody else has it."""
    with places.working():
        held = jobs.claim(job)
        if held is None:
            return
        runner: Any = RUNNERS[held.kind]
        try:
            _run(runner, held)
        except jobs.Lost as lost:
            log.info("job %s is no longer ours: %s", held.pk, lost)


def _run(runner: Any, held: jobs.Held) -> None:
    """Every way a job can end."""
    if held.attempts > jobs.MAX_ATTEMPTS:
        runner.fail(held, state=JobState.QUARANTINED, code="worker_lost", message=WORKER_LOST)
        return
    try:
        with jobs.heartbeat(held):
            owed = runner.run(held)
        for further in (owed or ())[:WAITING_IN_TRANSPORT]:
            hint(further.pk, JobKind(further.kind))
    except jobs.Lost:
        raise
    except (UnreadableFile, errors.Never) as error:
        runner.fail(held, state=JobState.FAILED, code=error.code, message=str(error))
    except errors.Ambiguous as error:
        _ask_once_more(runner, held, error)
    except errors.NotNow as error:
        _wait_for_better_times(runner, held, error)
    except SoftTimeLimitExceeded:
        _try_again(runner, held, code="timed_out", message="The work took too long.", after_seconds=RETRY_SECONDS)
    except Exception as error:  # noqa: BLE001 - the edge of the task
        # Where, but not the message: it may hold words of the document.
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.error("job %s failed: %s\n%s", held.pk, type(error).__name__, frames)
        _try_again(runner, held, code="internal", message=INTERNAL, after_seconds=RETRY_SECONDS)


def _ask_once_more(runner: Any, held: jobs.Held, error: errors.Ambiguous) -> None:
    """Each lost answer may have been charged."""
    if held.attempts > 1:
        runner.fail(held, state=JobState.QUARANTINED, code=error.code, message=str(error))
    else:
        jobs.postpone(held, after_seconds=error.retry_after_seconds, reason=str(error))


def _wait_for_better_times(runner: Any, held: jobs.Held, error: errors.NotNow) -> None:
    """An outage is not the job's fault and uses up no attempt; it waits longer each time, for a day in all."""
    if held.age > (PATIENCE_WITH_BATCHES if held.kind == JobKind.BATCH else PATIENCE):
        runner.fail(held, state=JobState.QUARANTINED, code=error.code, message=str(error))
    else:
        jobs.postpone(held, after_seconds=_pause_seconds(held, error), reason=str(error), counts=False)
        if held.kind == JobKind.ANSWER:
            streams.publish(held.subject, "status", status=MessageStatus.QUEUED, detail=str(error))


def _pause_seconds(held: jobs.Held, error: errors.NotNow) -> float:
    """As long as was asked for, and longer each time where nobody knows how long it takes."""
    if isinstance(error, errors.LeftAlone) or held.kind == JobKind.BATCH:
        return error.retry_after_seconds
    doubled: float = error.retry_after_seconds * 2 ** min(held.fence - 1, 10)
    return max(min(doubled, LONGEST_PAUSE_SECONDS), error.retry_after_seconds)


def _try_again(runner: Any, held: jobs.Held, *, code: str, message: str, after_seconds: float) -> None:
    if held.last_attempt:
        runner.fail(held, state=JobState.QUARANTINED, code=code, message=message)
    else:
        jobs.postpone(held, after_seconds=after_seconds * held.attempts, reason=message)


@shared_task(name="documents.tasks.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Hints at every due job that no hint reached: lost messages, abandoned leases, postponed work. Then takes out of
    the bins what lay there long enough."""
    began = time.monotonic()
    with jobs.only_one_sweeps() as mine:
        if not mine:
            return
        due = [(job, kind) for kind in JobKind for job in jobs.due(kinds=[kind], limit=_room(QUEUES[kind]))]
    for job, kind in due:
        hint(job, kind)
    jobs.note_sweep(seconds=time.monotonic() - began, hinted=[kind for _, kind in due])
    removal.remove_due()
    for person in leaving.abandoned():
        hint_leaving(person)


def hint_leaving(person: int) -> None:
    """Tells a worker that an account is to be removed, which somebody began."""
    try:
        leave.apply_async(args=[person], queue="think")
    except TransportError as error:
        log.warning("no hint for an account that leaves: %s", type(error).__name__)


@shared_task(name="documents.tasks.leave")  # type: ignore[untyped-decorator]
def leave(person: int) -> None:
    """Goes on removing an account. Two may be at it: each portion is removed by one."""
    leaving.finish(person)


def _room(queue: str) -> int:
    """How many more hints a queue may hold: while workers are behind, more of them would only pile up."""
    with current_app.connection_or_acquire() as connection:
        try:
            waiting = connection.default_channel.queue_declare(queue, passive=True).message_count
        except connection.channel_errors:  # a queue without messages is not there
            waiting = 0
    return max(WAITING_IN_TRANSPORT - int(waiting), 0)
