import contextlib
import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts.models import User
from documents import jobs
from documents.models import Job, JobKind, JobState

pytestmark = pytest.mark.django_db


def owed(owner: User) -> Job:
    return jobs.enqueue(kind=JobKind.READ, subject=uuid.uuid4(), owner=owner)


def claimed(job: Job) -> jobs.Held:
    held = jobs.claim(job.pk)
    assert held is not None
    return held


def abandon(job: Job) -> None:
    """Its worker died a while ago."""
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def test_work_is_owed_once_however_often_it_is_asked_for(alice: User) -> None:
    subject = uuid.uuid4()

    first = jobs.enqueue(kind=JobKind.READ, subject=subject, owner=alice)
    second = jobs.enqueue(kind=JobKind.READ, subject=subject, owner=alice)

    assert first == second


def test_a_job_can_be_claimed_once(alice: User) -> None:
    job = owed(alice)

    assert jobs.claim(job.pk) is not None
    assert jobs.claim(job.pk) is None


def test_a_job_whose_worker_died_is_claimed_by_the_next_with_a_higher_fence(alice: User) -> None:
    job = owed(alice)
    first = claimed(job)
    abandon(job)

    second = claimed(job)

    assert second.fence == first.fence + 1
    assert second.attempts == 2


def test_a_worker_that_lost_its_job_can_write_nothing(alice: User) -> None:
    job = owed(alice)
    first = claimed(job)
    abandon(job)
    claimed(job)

    with pytest.raises(jobs.Lost), jobs.ending(first):
        pytest.fail("the body must not run")
    with pytest.raises(jobs.Lost):
        jobs.report(first, progress=0.5)
    with pytest.raises(jobs.Lost):
        jobs.postpone(first, after_seconds=1, reason="busy")


def test_rows_and_the_end_of_the_job_are_saved_together_or_not_at_all(alice: User) -> None:
    job = owed(alice)
    held = claimed(job)

    with contextlib.suppress(KeyError), jobs.ending(held):
        User.objects.filter(pk=alice.pk).update(name="Changed")
        raise KeyError

    alice.refresh_from_db()
    job.refresh_from_db()
    assert alice.name == "Alice"
    assert job.state == JobState.RUNNING


def test_a_postponed_job_is_not_due_before_its_time(alice: User) -> None:
    job = owed(alice)

    jobs.postpone(claimed(job), after_seconds=60, reason="busy")

    assert jobs.claim(job.pk) is None
    assert jobs.due(kinds=[JobKind.READ], limit=10) == []


def test_a_fault_that_was_not_the_jobs_gives_the_attempt_back(alice: User) -> None:
    job = owed(alice)

    jobs.postpone(claimed(job), after_seconds=0, reason="the provider is down", counts=False)

    assert claimed(job).attempts == 1


def test_a_cancelled_job_is_lost_to_its_worker(alice: User) -> None:
    job = owed(alice)
    held = claimed(job)

    jobs.cancel(job.subject)

    with pytest.raises(jobs.Lost), jobs.ending(held):
        pytest.fail("the body must not run")


def test_owners_take_turns(alice: User, bob: User) -> None:
    of_alice = [owed(alice).pk for _ in range(3)]
    of_bob = [owed(bob).pk for _ in range(2)]

    order = jobs.due(kinds=[JobKind.READ], limit=10)

    assert order == [of_alice[0], of_bob[0], of_alice[1], of_bob[1], of_alice[2]]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_heartbeat_renews_the_lease(alice: User) -> None:
    job = owed(alice)
    held = claimed(job)
    abandon(job)

    with jobs.heartbeat(held, every_seconds=0.01):
        until = time.monotonic() + 10
        while Job.objects.due().filter(pk=job.pk).exists() and time.monotonic() < until:
            time.sleep(0.02)

    assert not Job.objects.due().filter(pk=job.pk).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_heartbeat_renews_all_that_a_process_holds_but_not_what_it_lost(alice: User) -> None:
    owed_jobs = [owed(alice) for _ in range(3)]
    held = [claimed(job) for job in owed_jobs]
    for job in owed_jobs:
        abandon(job)
    lost = owed_jobs[2]
    claimed(lost)
    abandon(lost)

    with jobs.heartbeat(held[0], every_seconds=0.02), jobs.heartbeat(held[1], every_seconds=0.02):
        until = time.monotonic() + 10
        with jobs.heartbeat(held[2], every_seconds=0.02):
            while Job.objects.due().count() > 1 and time.monotonic() < until:
                time.sleep(0.02)
        beating = [thread for thread in threading.enumerate() if thread.name == "heartbeat"]

    assert list(Job.objects.due()) == [lost]
    assert len(beating) == 1
