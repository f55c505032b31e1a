"""Work for later: promised with the rows it is about, told of when they are really there."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction

from documents import jobs, streams, tasks
from documents.models import Analysis, Batch, Document, Job, JobKind, LibraryMap, Message

Subject = Document | Analysis | Batch | Message | LibraryMap


def owe(kind: JobKind, subject: Subject, options: dict[str, Any] | None = None) -> None:
    """The job in this transaction, its hint when the transaction is really through."""
    job = jobs.enqueue(kind=kind, subject=subject.pk, owner=subject.owner, options=options)
    transaction.on_commit(partial(tasks.hint, job.pk, kind), robust=True)


def owe_each(owner_id: int, analyses: Sequence[Analysis]) -> None:
    """The jobs of many analyses, with hints for the first: the sweep brings the rest, with the owners taking turns."""
    owed = Job.objects.bulk_create(
        [Job(kind=JobKind.ANALYSE, subject=one.pk, owner_id=owner_id) for one in analyses], batch_size=500
    )
    for job in owed[: tasks.WAITING_IN_TRANSPORT]:
        transaction.on_commit(partial(tasks.hint, job.pk, JobKind.ANALYSE), robust=True)


def owe_again(kind: JobKind, subject: Subject, options: dict[str, Any] | None = None) -> None:
    """What was told of the last time is forgotten first."""
    transaction.on_commit(partial(streams.clear, subject.pk), robust=True)
    owe(kind, subject, options)
