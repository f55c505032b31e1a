"""Whoever answers a sweep waits until every document was asked, tells how far that is, and then writes the answer.

The documents are asked by jobs of their own. The last of them calls the question's job; should that call be lost, it
looks again by itself.
"""

from uuid import UUID

from documents import jobs, streams
from documents.ai.errors import Never, NothingToRead
from documents.models import Citation, Examination, ExaminationState, Job, JobKind, JobState, Message, MessageStatus
from documents.sweeps.conclusion import Conclusion, conclude
from documents.sweeps.coverage import Coverage, coverage_of, rows_of

LOOK_AGAIN_SECONDS = 15.0
ASKING = "Each document is being asked."
NOTHING_TO_READ = (
    "None of these documents could be asked: none has a text. See why they could not be read, or wait until they are."
)


class NothingExamined(Never):
    code = "nothing_examined"


def step(held: jobs.Held, message: Message) -> list[Job]:
    """Waits, or answers. Gives the question's own job when the last document was asked in this very moment."""
    coverage = coverage_of(message.pk)
    if not coverage.waiting:
        _end(held, message, coverage)
        return []
    with jobs.holding(held):
        Message.objects.filter(pk=message.pk).update(status=MessageStatus.RUNNING)
    _tell(message.pk, coverage)
    jobs.postpone(held, after_seconds=LOOK_AGAIN_SECONDS, reason=ASKING, counts=False)
    return [] if coverage_of(message.pk).waiting else _called(message.pk)


def examined(analysis: UUID) -> list[Job]:
    """Tells of one more document that was asked, if it was for a question; gives its job when this was the last."""
    message = Examination.objects.filter(analysis=analysis).values_list("message_id", flat=True).first()
    if message is None:
        return []
    coverage = coverage_of(message)
    _tell(message, coverage)
    return [] if coverage.waiting else _called(message)


def _called(message: UUID) -> list[Job]:
    jobs.hurry(message)
    return list(Job.objects.filter(kind=JobKind.ANSWER, subject=message, state=JobState.QUEUED))


def _tell(message: UUID, coverage: Coverage) -> None:
    streams.publish(message, "status", status=MessageStatus.RUNNING, sweep=coverage.counts)


def _end(held: jobs.Held, message: Message, coverage: Coverage) -> None:
    if not coverage.examined:
        raise _nothing(message, coverage)
    conclusion = conclude(message)
    with jobs.ending(held):
        conclusion.save(message, MessageStatus.DONE)
    _tell(message.pk, coverage)
    tell_answer(message.pk, conclusion)
    sums = {name: conclusion.columns["result"][name] for name in ("verified", "total", "answered")}
    streams.publish(message.pk, "done", status=MessageStatus.DONE, **sums)


def _nothing(message: Message, coverage: Coverage) -> Never:
    """Why no document was asked at all: the reason of the first that failed, or that none has a text."""
    if not coverage.failed:
        return NothingToRead(NOTHING_TO_READ)
    (first,) = rows_of(message.pk, state=ExaminationState.FAILED, limit=1)
    return NothingExamined(first.reason)


def tell_answer(message: UUID, conclusion: Conclusion) -> None:
    """The words and their citations, as those of any answer are told."""
    sentence: str = conclusion.columns["result"]["coverage"]["sentence"]
    text = f"{sentence}\n"
    streams.publish(message, "delta", text=text)
    for claim in conclusion.claims:
        words = f"- {claim['text']}"
        text += words
        streams.publish(message, "delta", text=words)
        for ordinal in claim["citations"]:
            _tell_citation(message, conclusion.citations[ordinal], len(text))


def _tell_citation(message: UUID, citation: Citation, at: int) -> None:
    streams.publish(
        message,
        "citation",
        at=at,
        ordinal=citation.ordinal,
        verified=citation.verified,
        quote=citation.quote,
        document=str(citation.document_id) if citation.document_id else None,
        title=citation.title,
        start=citation.start,
        end=citation.end,
    )
