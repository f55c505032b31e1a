"""Work for later: promised with the rows it is about, told of when they are really there."""

from functools import partial
from typing import Any

from django.db import transaction

from documents import jobs, streams, tasks
from documents.models import Analysis, Batch, Document, JobKind, Message

Subject = Document | Analysis | Batch | Message


def owe(kind: JobKind, subject: Subject, options: dict[str, Any] | None = None) -> None:
    """The job in this transaction, its hint when the transaction is really through."""
    job = jobs.enqueue(kind=kind, subject=subject.pk, owner=subject.owner, options=options)
    transaction.on_commit(partial(tasks.hint, job.pk, kind), robust=True)


def owe_again(kind: JobKind, subject: Subject, options: dict[str, Any] | None = None) -> None:
    """What was told of the last time is forgotten first."""
    transaction.on_commit(partial(streams.clear, subject.pk), robust=True)
    owe(kind, subject, options)
