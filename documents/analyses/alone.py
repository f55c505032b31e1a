"""An analysis by itself: the sentences of a text → the provider → citations held against the text → saved."""

from django.utils import timezone

from documents import jobs, ledger, providers, streams
from documents.ai import citations, occurrences
from documents.analyses import findings, material, portions
from documents.asker import Asker
from documents.models import Analysis, AnalysisStatus, Job, JobState
from documents.sweeps import watching


def run(held: jobs.Held) -> list[Job]:
    """Carries the analysis out and saves what it found, once. Gives the job of the question it was the last for."""
    analysis = Analysis.objects.filter(pk=held.subject).first()
    if analysis is None:
        jobs.drop(held)
        return []
    provider = providers.provider()
    _begin(held, provider=provider.name, model=analysis.model or provider.default_model)
    subject = material.of(analysis)
    request = material.request(analysis, subject, provider)
    answer = portions.answer(Asker(held, provider), request)
    with ledger.booked_anyway(answer.result, subject=held.subject, fence=held.fence):
        checked = citations.check(answer.result, request.sources, (subject.text,))
        checked = occurrences.everywhere(request.task, checked, request.sources[0], subject.text)
        found = findings.of(analysis, subject, answer, checked)
        with jobs.ending(held):
            found.save()
            ledger.settle(answer.result, subject=analysis.pk, fence=held.fence)
    streams.publish(held.subject, "done", status=AnalysisStatus.DONE)
    return watching.examined(analysis.pk)


def fail(held: jobs.Held, *, state: JobState, code: str, message: str) -> None:
    """The analysis cannot be done: its owner learns why."""
    with jobs.ending(held, state, error=message):
        Analysis.objects.filter(pk=held.subject).update(
            status=AnalysisStatus.FAILED,
            error_code=code,
            error=message[:500],
            inline_text="",
            finished_at=timezone.now(),
        )
    streams.publish(held.subject, "failed", status=AnalysisStatus.FAILED, code=code, detail=message)
    watching.examined(held.subject)


def _begin(held: jobs.Held, **made_by: str) -> None:
    with jobs.holding(held):
        Analysis.objects.filter(pk=held.subject).update(status=AnalysisStatus.RUNNING, **made_by)
    streams.publish(held.subject, "progress", status=AnalysisStatus.RUNNING)
