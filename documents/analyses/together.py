"""Analyses handed over together, at half the price: sent once, looked up now and then, each saved as it comes back.

Each request bears the id of its analysis. What a crash left in the dark is found again by those ids: a batch that was
sent and whose key was lost, and results of which some are saved already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from documents import jobs, ledger, providers, streams
from documents.ai import citations, occurrences
from documents.ai.errors import Malformed, Misconfigured, ModelError, Never, NotNow, Rejected
from documents.ai.protocol import Batches, BatchState, Provider, Request, Result
from documents.analyses import findings, material, portions
from documents.analyses.material import Material
from documents.analyses.portions import Answer
from documents.models import AICall, Analysis, AnalysisStatus, Batch, CallState, Document, Job, JobKind, JobState
from documents.models.results import OPEN

LOOK_AGAIN_SECONDS = 60.0
# Clocks differ, ours and the provider's.
CLOCK_MARGIN = timedelta(minutes=5)

NO_BATCHES = "Batches were turned off before this one was answered. Analyse the documents once more, without waiting."


def run(held: jobs.Held) -> list[Job]:
    """One step: sends the batch, waits for it, or saves what came back. Gives the jobs of those to be asked singly."""
    batch = Batch.objects.filter(pk=held.subject).first()
    if batch is None:
        jobs.drop(held)
        return []
    provider = providers.provider()
    if provider.batches is None:
        raise Misconfigured(NO_BATCHES)
    return _Carrier(held, batch, provider, provider.batches).step()


def fail(held: jobs.Held, *, state: JobState, code: str, message: str) -> None:
    """None of it can be done: what is not done yet has failed."""
    with jobs.ending(held, state, error=message):
        lost = _open(held.subject)
        numbers = list(lost.values_list("pk", flat=True))
        _fail_all(lost, code, message)
        Batch.objects.filter(pk=held.subject).update(ended_at=timezone.now())
        if Batch.objects.filter(pk=held.subject, key="").exists():
            ledger.give_back(held.subject)
        else:
            ledger.lose_rest(held.subject)
    for number in numbers:
        streams.publish(number, "failed", status=AnalysisStatus.FAILED, code=code, detail=message)


def _open(batch: UUID) -> QuerySet[Analysis]:
    return Analysis.objects.filter(batch=batch, status__in=OPEN)


def _fail_all(analyses: QuerySet[Analysis], code: str, message: str) -> None:
    analyses.update(status=AnalysisStatus.FAILED, error_code=code, error=message[:500], finished_at=timezone.now())


class _Carrier:
    """Whoever carries a batch to the provider and back."""

    def __init__(self, held: jobs.Held, batch: Batch, provider: Provider, batches: Batches) -> None:
        self.held = held
        self.batch = batch
        self.provider = provider
        self.batches = batches

    def step(self) -> list[Job]:
        if not self.batch.key and self.batch.sending_at is not None:
            self._find_again()
        if not self.batch.key:
            return self._send()
        if self.batches.look_up(self.batch.key).ended:
            return self._take_back()
        self._call_off_if_unwanted()
        return self._wait()

    def _wait(self) -> list[Job]:
        jobs.postpone(self.held, after_seconds=LOOK_AGAIN_SECONDS, reason="With the provider.", counts=False)
        return []

    def _call_off_if_unwanted(self) -> None:
        if self.batch.called_off_at is None and not _open(self.batch.pk).exists():
            self.batches.cancel(self.batch.key)
            self._note(called_off_at=timezone.now())

    def _note(self, **columns: Any) -> None:
        with jobs.holding(self.held):
            Batch.objects.filter(pk=self.batch.pk).update(**columns)

    # There.

    def _send(self) -> list[Job]:
        prepared = [asked for analysis in _open(self.batch.pk) if (asked := self._prepared(analysis))]
        fitting = [asked for asked in prepared if portions.fits(self.provider, asked.request)]
        too_long = [asked.analysis.pk for asked in prepared if asked not in fitting]
        if not fitting:
            return self._end(too_long)
        with jobs.holding(self.held):
            self._book(fitting)
            Batch.objects.filter(pk=self.batch.pk).update(sending_at=timezone.now())
        self._keep(self.batches.send({asked.name: asked.request for asked in fitting}))
        with jobs.holding(self.held):
            owed = _alone(too_long)
        return [*owed, *self._wait()]

    def _prepared(self, analysis: Analysis) -> "_Asked | None":
        """What is asked for an analysis; one without a text fails, one whose document is gone is gone with it."""
        try:
            text = material.of(analysis)
        except Rejected as error:
            self._fail(analysis, error)
            return None
        except Document.DoesNotExist:
            return None
        return _Asked(analysis, text, material.request(analysis, text, self.provider))

    def _book(self, asked: Sequence["_Asked"]) -> None:
        """All are written down before they leave, with the text they were made of."""
        ledger.give_back(self.batch.pk)
        requests = {one.analysis.pk: one.request for one in asked}
        job, owner, fence = self.held.pk, self.held.owner_id, self.held.fence
        ledger.reserve_batch(self.provider, requests, job=job, owner=owner, batch=self.batch.pk, fence=fence)
        for one in asked:
            rows = Analysis.objects.filter(pk=one.analysis.pk, status__in=OPEN)
            rows.update(status=AnalysisStatus.RUNNING, text_sha256=one.text.sha256)

    def _keep(self, state: BatchState) -> None:
        self._note(key=state.key)
        self.batch.key = state.key

    # In the dark.

    def _find_again(self) -> None:
        """It may have reached the provider before its key was written down: the ids in its results tell."""
        assert self.batch.sending_at is not None
        since, ours = self.batch.sending_at - CLOCK_MARGIN, _unanswered(self.batch.pk)
        known = set(Batch.objects.exclude(key="").values_list("key", flat=True))
        for state in self.batches.recent():
            may_be = state.created_at >= since and state.key not in known and state.requests == len(ours)
            if may_be and self._is_ours(state, {analysis.hex for analysis in ours}):
                self._keep(state)
                return

    def _is_ours(self, state: BatchState, ours: set[str]) -> bool:
        """Raises NotNow while that cannot be told."""
        if not state.ended:
            raise NotNow("A batch is with the provider; whose it is shows when it ends.", retry_after_seconds=60)
        return any(name in ours for name, _ in self.batches.results(state.key, {}))

    # And back.

    def _take_back(self) -> list[Job]:
        """Only what has no booking yet: the rest was saved before a crash."""
        waiting = Analysis.objects.filter(pk__in=_unanswered(self.batch.pk))
        asked = {one.name: one for analysis in waiting if (one := self._prepared(analysis))}
        results = self.batches.results(self.batch.key, {name: one.request for name, one in asked.items()})
        ours = ((asked[name], outcome) for name, outcome in results if name in asked)
        return self._end([one.analysis.pk for one, outcome in ours if self._again(one, outcome)])

    def _again(self, asked: "_Asked", outcome: Result | ModelError) -> bool:
        """Saves what came back; whether it has to be asked for once more, by itself."""
        if isinstance(outcome, Result) and asked.analysis.text_sha256 == asked.text.sha256:
            return self._saved(asked, outcome)
        with jobs.holding(self.held):
            ledger.settle_batched(asked.analysis.pk, self.batch.pk, outcome, used=False)
        if isinstance(outcome, Never) and not isinstance(outcome, Malformed):
            self._fail(asked.analysis, outcome)
        return not isinstance(outcome, Never) or isinstance(outcome, Malformed)

    def _saved(self, asked: "_Asked", result: Result) -> bool:
        checked = citations.check(result, asked.request.sources, (asked.text.text,))
        checked = occurrences.everywhere(asked.request.task, checked, asked.request.sources[0], asked.text.text)
        found = findings.of(asked.analysis, asked.text, Answer(result, result.usage), checked)
        with jobs.holding(self.held):
            wanted = _open(self.batch.pk).select_for_update().filter(pk=asked.analysis.pk).exists()
            if wanted:
                found.save()
            ledger.settle_batched(asked.analysis.pk, self.batch.pk, result, used=wanted)
        streams.publish(asked.analysis.pk, "done", status=AnalysisStatus.DONE)
        return False

    def _fail(self, analysis: Analysis, error: ModelError) -> None:
        with jobs.holding(self.held):
            _fail_all(_open(self.batch.pk).filter(pk=analysis.pk), error.code, str(error))
        streams.publish(analysis.pk, "failed", status=AnalysisStatus.FAILED, code=error.code, detail=str(error))

    def _end(self, again: Sequence[UUID]) -> list[Job]:
        with jobs.ending(self.held):
            ledger.lose_rest(self.batch.pk)
            Batch.objects.filter(pk=self.batch.pk).update(ended_at=timezone.now())
            return _alone(again)


@dataclass(frozen=True, slots=True)
class _Asked:
    analysis: Analysis
    text: Material
    request: Request

    @property
    def name(self) -> str:
        """By which the provider knows it."""
        return self.analysis.pk.hex


def _unanswered(batch: UUID) -> list[UUID]:
    return list(AICall.objects.filter(batch=batch, state=CallState.INTENT).values_list("subject", flat=True))


def _alone(analyses: Sequence[UUID]) -> list[Job]:
    """Jobs for those that are still wanted, each by itself."""
    rows = Analysis.objects.filter(pk__in=analyses, status__in=OPEN)
    wanted = list(rows.values_list("pk", "owner_id"))
    rows.update(status=AnalysisStatus.QUEUED, batch=None)
    return Job.objects.bulk_create(Job(kind=JobKind.ANALYSE, subject=pk, owner_id=owner) for pk, owner in wanted)
