import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts.models import User
from documents import actions, jobs, providers, tasks
from documents.ai import errors
from documents.models import Analysis, AnalysisStatus, Document, Job, JobKind, JobState, Status
from tests.library import Commit

pytestmark = pytest.mark.django_db


class Moody:
    """An embedder that fails in its own way before it works."""

    name = "moody"
    dimensions = 384

    def __init__(self, *moods: Exception) -> None:
        self.moods = list(moods)

    def count(self, text: str) -> int:
        return len(text.split())

    def embed(self, texts: list[str]) -> list[list[float]]:
        if self.moods:
            raise self.moods.pop(0)
        return [[1.0] + [0.0] * 383 for _ in texts]


def uploaded(alice: User) -> Job:
    """A document of Alice's whose reading is owed."""
    document = actions.upload_text(owner=alice, title="Note", content="The meeting is on Monday.").document
    return Job.objects.get(subject=document.pk)


def put_forward(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(run_after=Now() - timedelta(seconds=1))


def test_a_busy_model_is_tried_again(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = uploaded(alice)
    embedder = Moody(errors.NotNow("The model is busy."))
    monkeypatch.setattr(providers, "embedder", lambda setting="": embedder)

    tasks.run(job.pk)
    put_forward(job)
    tasks.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert job.fence == 2
    assert Document.objects.get(pk=job.subject).status == Status.READY


def test_after_three_attempts_a_job_is_quarantined_and_its_owner_told(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = uploaded(alice)
    embedder = Moody(*[ValueError() for _ in range(3)])
    monkeypatch.setattr(providers, "embedder", lambda setting="": embedder)

    for _ in range(3):
        tasks.run(job.pk)
        put_forward(job)

    job.refresh_from_db()
    document = Document.objects.get(pk=job.subject)
    assert (job.state, job.error) == (JobState.QUARANTINED, tasks.INTERNAL)
    assert (document.status, document.error) == (Status.FAILED, tasks.INTERNAL)


def test_an_outage_uses_up_no_attempts_for_a_day(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = uploaded(alice)
    embedder = Moody(*[errors.NotNow("The model is down.") for _ in range(6)])
    monkeypatch.setattr(providers, "embedder", lambda setting="": embedder)

    for _ in range(5):
        tasks.run(job.pk)
        put_forward(job)
    job.refresh_from_db()
    waiting = (job.state, job.attempts, job.fence)
    Job.objects.filter(pk=job.pk).update(created_at=Now() - timedelta(hours=25))
    tasks.run(job.pk)

    job.refresh_from_db()
    assert waiting == (JobState.QUEUED, 0, 5)
    assert (job.state, job.error) == (JobState.QUARANTINED, "The model is down.")


def test_a_lost_answer_is_asked_for_once_more_and_no_more(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = uploaded(alice)
    embedder = Moody(*[errors.Ambiguous("The answer was lost.") for _ in range(3)])
    monkeypatch.setattr(providers, "embedder", lambda setting="": embedder)

    for _ in range(3):
        tasks.run(job.pk)
        put_forward(job)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUARANTINED, 2)


def test_words_that_are_too_long_for_the_row_are_cut_and_not_a_fault(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = uploaded(alice)
    monkeypatch.setattr(providers, "embedder", lambda setting="": Moody(errors.Misconfigured("word " * 200)))

    tasks.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert len(Document.objects.get(pk=job.subject).error) == 500


def test_a_mistake_of_ours_is_not_shown_but_named(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = uploaded(alice)
    embedder = Moody(*[ZeroDivisionError("secret words") for _ in range(3)])
    monkeypatch.setattr(providers, "embedder", lambda setting="": embedder)

    for _ in range(3):
        tasks.run(job.pk)
        put_forward(job)

    document = Document.objects.get(pk=job.subject)
    assert document.error_code == "internal"
    assert "secret words" not in document.error


def test_a_job_that_kills_its_workers_is_not_run_a_fourth_time(alice: User) -> None:
    job = uploaded(alice)
    for _ in range(3):
        jobs.claim(job.pk)
        Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))

    tasks.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.QUARANTINED
    assert Document.objects.get(pk=job.subject).error_code == "worker_lost"


def test_a_job_runs_once_however_often_it_is_hinted_at(alice: User, notice: Document) -> None:
    job = Job.objects.get(subject=notice.pk)

    tasks.run(job.pk)

    job.refresh_from_db()
    assert job.attempts == 1


def test_a_hint_at_a_job_that_never_was_is_no_harm(db: None) -> None:
    tasks.run(987_654_321)


def test_the_sweep_finds_what_no_hint_reached(alice: User, commit: Commit) -> None:
    job = uploaded(alice)

    tasks.sweep()

    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_the_sweep_finds_what_a_dead_worker_left(alice: User) -> None:
    job = uploaded(alice)
    jobs.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))

    tasks.sweep()

    assert Document.objects.get(pk=job.subject).status == Status.READY


def test_a_job_whose_document_was_deleted_ends(alice: User) -> None:
    job = jobs.enqueue(kind=JobKind.READ, subject=uuid.uuid4(), owner=alice)

    tasks.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_a_cancelled_analysis_stays_cancelled_when_its_worker_comes_late(alice: User, notice: Document) -> None:
    analysis = actions.analyse(person=alice, document=notice, options=actions.Options(instruction="When is it?"))
    job = Job.objects.get(subject=analysis.pk)
    held = jobs.claim(job.pk)

    actions.cancel(analysis=analysis)

    assert held is not None
    with pytest.raises(jobs.Lost), jobs.ending(held):
        pytest.fail("the body must not run")
    assert Analysis.objects.get(pk=analysis.pk).status == AnalysisStatus.CANCELLED


def test_staff_can_have_a_failed_job_tried_again(alice: User, monkeypatch: pytest.MonkeyPatch, commit: Commit) -> None:
    job = uploaded(alice)
    monkeypatch.setattr(providers, "embedder", lambda setting="": Moody(errors.Misconfigured("The model is missing.")))
    tasks.run(job.pk)
    job.refresh_from_db()
    monkeypatch.setattr(providers, "embedder", lambda setting="": Moody())

    with commit():
        owed_again = actions.retry_job(job=job)

    assert owed_again
    assert Document.objects.get(pk=job.subject).status == Status.READY
