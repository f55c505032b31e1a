"""Work that survives: the job row is the truth, whoever carries the hint.

A worker claims a due job and holds it by its fence until the lease runs out; a heartbeat renews the lease. Every write
made for the job carries the fence, so a worker that was thought dead and comes back can change nothing.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import Error, connection, transaction
from django.db.models import Exists, F, Window
from django.db.models.functions import Now, RowNumber
from django.utils import timezone

from accounts.models import User
from documents.models import Job, JobKind, JobState, LastSweep
from documents.models.work import ACTIVE
from documents.rounds import Rounds

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
HEARTBEAT_SECONDS = 15.0
MAX_ATTEMPTS = 3
SWEEP_LOCK = 7_305_001  # any number, the same in every process

_hearts: "dict[float, Rounds[Held]]" = {}


class Lost(Exception):
    """Another worker has the job now, or it was cancelled: stop, and write nothing."""


@dataclass(frozen=True, slots=True)
class Held:
    """A job in this worker's hands. `last_attempt`: failing now is for good."""

    pk: int
    kind: JobKind
    subject: UUID
    owner_id: int
    fence: int
    attempts: int
    age: timedelta
    options: dict[str, Any]

    @property
    def last_attempt(self) -> bool:
        return self.attempts >= MAX_ATTEMPTS


def enqueue(*, kind: JobKind, subject: UUID, owner: User, options: dict[str, Any] | None = None) -> Job:
    """The job that owes this work: a new one, or the one already under way."""
    new = {"kind": kind, "subject": subject, "owner": owner, "state": JobState.QUEUED, "options": options or {}}
    job, _ = Job.objects.get_or_create(kind=kind, subject=subject, state__in=ACTIVE, defaults=new)
    return job


@transaction.atomic
def claim(pk: int) -> Held | None:
    """The job, if it is due and nobody else was quicker. A job whose attempts are used up comes back with one more."""
    job = Job.objects.due().select_for_update(skip_locked=True).filter(pk=pk).first()
    if job is None:
        return None
    job.state, job.attempts, job.fence = JobState.RUNNING, job.attempts + 1, job.fence + 1
    Job.objects.filter(pk=pk).update(
        state=job.state, attempts=job.attempts, fence=job.fence, lease_until=Now() + LEASE, error=""
    )
    return _in_hand(job)


@transaction.atomic
def seize(pk: int) -> Held | None:
    """The job, taken from whoever has it, who is told by the fence, due or not; None when it has ended."""
    job = Job.objects.select_for_update().filter(pk=pk, state__in=ACTIVE).first()
    if job is None:
        return None
    job.fence += 1
    Job.objects.filter(pk=pk).update(state=JobState.RUNNING, fence=job.fence, lease_until=Now() + LEASE)
    return _in_hand(job)


def _in_hand(job: Job) -> Held:
    age = timezone.now() - job.created_at
    return Held(job.pk, JobKind(job.kind), job.subject, job.owner_id, job.fence, job.attempts, age, job.options)


def fenced(held: Held) -> Exists:
    """A condition for any update made on behalf of the job."""
    return Exists(Job.objects.held(pk=held.pk, fence=held.fence))


@contextmanager
def holding(held: Held) -> Iterator[None]:
    """A transaction in which the job is surely ours."""
    with transaction.atomic():
        if not Job.objects.held(pk=held.pk, fence=held.fence).select_for_update().exists():
            raise Lost(f"job {held.pk}, fence {held.fence}")
        yield


@contextmanager
def ending(held: Held, state: JobState = JobState.DONE, *, error: str = "") -> Iterator[None]:
    """One transaction: the rows of the caller and the end of the job, or nothing at all."""
    with holding(held):
        yield
        Job.objects.filter(pk=held.pk).update(state=state, error=error[:500], lease_until=None, finished_at=Now())


def drop(held: Held) -> None:
    """Ends a job whose subject was deleted meanwhile."""
    with ending(held, JobState.CANCELLED):
        pass


def postpone(held: Held, *, after_seconds: float, reason: str, counts: bool = True) -> None:
    """Puts the job back until later. `counts=False` gives the attempt back: the fault was not the job's."""
    with holding(held):
        Job.objects.filter(pk=held.pk).update(
            state=JobState.QUEUED,
            attempts=F("attempts") - (0 if counts else 1),
            run_after=Now() + timedelta(seconds=after_seconds),
            lease_until=None,
            error=reason[:500],
        )


def report(held: Held, *, progress: float) -> None:
    """Notes how far the job is, 0 to 1."""
    if not Job.objects.held(pk=held.pk, fence=held.fence).update(progress=progress):
        raise Lost(f"job {held.pk}, fence {held.fence}")


def cancel(*subjects: UUID) -> int:
    """Ends every job about these subjects; whoever is at one finds out at the next write."""
    jobs = Job.objects.filter(subject__in=subjects, state__in=ACTIVE)
    return jobs.update(state=JobState.CANCELLED, lease_until=None, finished_at=Now())


def cancel_all_of(owner: int) -> None:
    """Ends every job of this person; whoever is at one finds out at the next write."""
    Job.objects.filter(owner_id=owner, state__in=ACTIVE).update(
        state=JobState.CANCELLED, lease_until=None, finished_at=Now()
    )


def hurry(subject: UUID) -> None:
    """What waits for its time is due now."""
    Job.objects.filter(subject=subject, state=JobState.QUEUED).update(run_after=Now())


def heartbeat(held: Held, *, every_seconds: float = HEARTBEAT_SECONDS) -> AbstractContextManager[None]:
    """Renews the lease while the body runs."""
    # One for all jobs of a process, however many it holds.
    heart = _hearts.setdefault(every_seconds, Rounds("heartbeat", every_seconds, _beat))
    return heart.including(held)


def _beat(all_held: list[Held]) -> None:
    """A missed beat is no harm: the lease outlives three of them, and the fence guards the rest."""
    # Of hundreds nearly all have the same fence.
    numbers: dict[int, list[int]] = {}
    for held in all_held:
        numbers.setdefault(held.fence, []).append(held.pk)
    try:
        for fence, pks in numbers.items():
            Job.objects.filter(pk__in=pks, fence=fence, state=JobState.RUNNING).update(lease_until=Now() + LEASE)
    except Error as error:
        log.warning("heartbeat of %d jobs missed: %s", len(all_held), type(error).__name__)
    finally:
        connection.close()


def due(*, kinds: list[JobKind], limit: int) -> list[int]:
    """Numbers of jobs to run, the owners taking turns, each owner's oldest first."""
    turn = Window(RowNumber(), partition_by="owner", order_by="id")
    jobs = Job.objects.due().filter(kind__in=kinds).annotate(turn=turn).order_by("turn", "id")
    return list(jobs.values_list("pk", flat=True)[:limit])


@contextmanager
def only_one_sweeps() -> Iterator[bool]:
    """Whether this process may sweep now; the lock goes with the transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        row = cursor.fetchone()
        yield bool(row and row[0])


def note_sweep(*, seconds: float, hinted: Iterable[JobKind]) -> None:
    """Leaves word that it took place, for those who look whether it does."""
    LastSweep.objects.update_or_create(
        pk=1, defaults={"ended_at": Now(), "seconds": seconds, "hinted": dict(Counter(hinted))}
    )
