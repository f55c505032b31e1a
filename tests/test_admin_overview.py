"""The page on which staff begin: how the house is doing."""

import html
import re
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import lists
from accounts.models import User
from documents import jobs, tasks, vitals
from documents.models import AICall, Breaker, Budget, Document, Job, JobKind, JobState, LastSweep
from tests.test_admin import call

PART = {"HX-Request": "true"}
DAMAGED = "The file is damaged and could not be read."


@pytest.fixture(autouse=True)
def nobody_at_work() -> Iterator[None]:
    vitals._client().delete(vitals.WORKERS)
    yield
    vitals._client().delete(vitals.WORKERS)


@pytest.fixture
def no_valkey(settings: Settings) -> Iterator[None]:
    there, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    vitals._client.cache_clear()
    yield
    settings.REDIS_URL = there
    vitals._client.cache_clear()


def at_work(name: str, queue: str, *, silent_seconds: float = 0, holds: int = 0) -> None:
    heard = time.time() - silent_seconds
    vitals.tell(vitals.Worker(name, (queue,), holds, began=heard - 3600, heard=heard))


def owed(owner: User, kind: JobKind = JobKind.READ, state: JobState = JobState.QUEUED, **columns: object) -> Job:
    ended = None if state in (JobState.QUEUED, JobState.RUNNING) else timezone.now()
    lease = timezone.now() + timedelta(minutes=1) if state == JobState.RUNNING else None
    about = {"lease_until": lease, "finished_at": ended, **columns}
    return Job.objects.create(kind=kind, subject=uuid.uuid4(), owner=owner, state=state, **about)


def words(client: Client) -> str:
    """What stands on the page, each run of white space one blank."""
    answer = client.get("/admin/", headers=PART)
    assert answer.status_code == 200
    text = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return re.sub(r" (?=[.,])", "", " ".join(text.split()))


def test_a_house_in_order_says_so(as_staff: Client) -> None:
    tasks.sweep()
    at_work("read@one", "read")
    at_work("think@one", "think", holds=2)

    page = words(as_staff)

    assert not re.search("No sweep|No worker|does not answer|has been due", page)
    assert "think@one think 2 just now" in page
    assert "nothing was lost" in page


def test_jobs_are_counted_by_what_they_wait_for(as_staff: Client, alice: User) -> None:
    owed(alice)
    owed(alice, run_after=timezone.now() + timedelta(hours=1))
    owed(alice, JobKind.ANSWER, JobState.RUNNING)

    page = words(as_staff)

    assert "Read a document 1 1 0" in page
    assert "Answer a question 0 0 1" in page


def test_the_job_that_is_due_for_longest_is_named(as_staff: Client, alice: User) -> None:
    owed(alice)
    old = owed(alice, JobKind.ANALYSE, run_after=timezone.now() - timedelta(hours=2))

    page = as_staff.get("/admin/", headers=PART).content.decode()

    assert f'<a href="/admin/documents/job/{old.pk}/change/">Analyse</a>, due for 2\xa0hours' in page
    assert "A job has been due for 2\xa0hours and nobody has taken it." in page


def test_no_sweep_yet_asks_for_beat(as_staff: Client) -> None:
    assert "No sweep has been seen yet: is beat running?" in words(as_staff)


def test_an_old_sweep_asks_for_beat(as_staff: Client) -> None:
    tasks.sweep()
    LastSweep.objects.update(ended_at=Now() - timedelta(minutes=7))

    assert "No sweep for 7 minutes: is beat running?" in words(as_staff)


def test_a_sweep_says_what_it_brought_back(as_staff: Client, alice: User) -> None:
    owed(alice)
    owed(alice, JobKind.ANSWER)

    tasks.sweep()

    assert LastSweep.objects.get().hinted == {"read": 1, "answer": 1}
    assert "brought back 1 × Answer a question, 1 × Read a document" in words(as_staff)


def test_every_sweep_writes_over_the_one_before(db: None) -> None:
    tasks.sweep()
    first = LastSweep.objects.get().ended_at

    tasks.sweep()

    assert LastSweep.objects.get().ended_at >= first


def test_queues_without_a_worker_are_named(as_staff: Client) -> None:
    at_work("read@one", "read")

    page = words(as_staff)

    assert "No worker takes from the queue “think”." in page
    assert "queue “read”." not in page


def test_a_worker_that_fell_silent_is_named(as_staff: Client) -> None:
    at_work("read@one", "read", silent_seconds=200)

    page = words(as_staff)

    assert "read@one has not been heard of for 3 minutes" in page
    assert "No worker takes from the queue “read”." in page


def test_a_worker_that_left_long_ago_is_forgotten(as_staff: Client) -> None:
    at_work("read@old", "read", silent_seconds=vitals.FORGET_SECONDS + 1)

    assert "read@old" not in words(as_staff)
    assert "read@old" not in words(as_staff)


def test_a_worker_that_ends_says_good_bye(as_staff: Client) -> None:
    at_work("read@one", "read")

    vitals.leave("read@one")

    assert "No worker has been heard of." in words(as_staff)


@pytest.mark.usefixtures("no_valkey")
def test_without_valkey_the_page_says_so_and_shows_the_rest(as_staff: Client, alice: User) -> None:
    owed(alice)

    page = words(as_staff)

    assert "Valkey does not answer (ConnectionError)." in page
    assert "Read a document 1 0 0" in page


@pytest.mark.usefixtures("no_valkey")
def test_without_valkey_a_worker_learns_that_nobody_heard_it() -> None:
    with pytest.raises(vitals.Unreachable):
        at_work("read@one", "read")
    with pytest.raises(vitals.Unreachable):
        vitals.leave("read@one")


def test_what_was_given_up_is_put_together_by_reason(as_staff: Client, alice: User) -> None:
    for number in (500, 503):
        owed(alice, JobKind.ANALYSE, JobState.QUARANTINED, error=f"The model answered {number}.")
    owed(alice, JobKind.READ, JobState.FAILED, error=DAMAGED, finished_at=timezone.now() - timedelta(days=3))
    owed(alice, JobKind.READ, JobState.FAILED, error=DAMAGED, finished_at=timezone.now() - timedelta(days=9))

    page = words(as_staff)

    assert "2 in 24 hours, 3 in 7 days." in page
    assert "Analyse The model answered … 2 2" in page
    assert f"Read a document {DAMAGED} 0 1" in page


def test_a_reason_leads_to_its_jobs(as_staff: Client, alice: User) -> None:
    wanted = owed(alice, JobKind.READ, JobState.FAILED, error=DAMAGED)
    other = owed(alice, JobKind.ANALYSE, JobState.FAILED, error="The work took too long.")
    page = as_staff.get("/admin/", headers=PART).content.decode()

    links = re.findall(r'href="(/admin/documents/job/\?reason=read-[^"]+)"', page)
    listed = as_staff.get(links[0]).content.decode()

    assert (str(wanted.subject) in listed, str(other.subject) in listed) == (True, False)


def test_a_made_up_reason_finds_nothing(as_staff: Client, alice: User) -> None:
    job = owed(alice, JobKind.READ, JobState.FAILED, error=DAMAGED)

    assert str(job.subject) not in as_staff.get("/admin/documents/job/?reason=read-0").content.decode()


def test_the_chart_has_a_bar_for_each_hour_with_jobs(as_staff: Client, alice: User) -> None:
    owed(alice, state=JobState.DONE)
    owed(alice, state=JobState.DONE, finished_at=timezone.now() - timedelta(hours=5))
    owed(alice, state=JobState.FAILED, error=DAMAGED)
    owed(alice, state=JobState.DONE, finished_at=timezone.now() - timedelta(hours=30))

    page = as_staff.get("/admin/", headers=PART).content.decode()

    assert page.count(": 1 done</title>") == 2
    assert page.count(": 1 given up</title>") == 1


def test_documents_are_told_by_status_and_reason(as_staff: Client, notice: Document, scan: Document) -> None:
    Document.objects.filter(pk=scan.pk).update(error_code="damaged")
    Document.objects.filter(pk=notice.pk).update(unread=[{"page": 1, "kind": "unreadable", "reason": "x"}])

    page = words(as_staff)
    damaged = as_staff.get("/admin/documents/document/?unread=damaged").content.decode()
    pages = as_staff.get("/admin/documents/document/?unread=pages").content.decode()

    assert "Ready 1 Waiting 0 Being read 0 Not readable 1" in page
    assert "Damaged 1 Some of their pages could not be read 1" in page
    assert ("Scan" in damaged, notice.title in damaged) == (True, False)
    assert ("Scan" in pages, notice.title in pages) == (False, True)


def test_the_month_is_told_by_person_and_model_against_budgets(as_staff: Client, alice: User, bob: User) -> None:
    Budget.objects.create(owner=None, monthly_usd=20)
    Budget.objects.create(owner=alice, monthly_usd=5)
    call(alice, "small", "4.75", 1)
    call(bob, "large", "2", 2)
    old = call(bob, "large", "100", 3)
    AICall.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=40))

    page = words(as_staff)

    assert "Spent $6.75 Calls 2" in page
    assert "alice@example.org $4.75 $5.00 bob@example.org $2.00 $20.00" in page
    assert "small 1 $4.75 large 1 $2.00" in page
    assert "alice@example.org has used 95 % of this month's budget." in page


def test_a_provider_that_is_left_alone_is_named(as_staff: Client) -> None:
    Breaker.objects.create(provider="claude", failures=4, open_until=timezone.now() + timedelta(minutes=1))

    assert "claude has failed 4 times on end and is left alone for now." in words(as_staff)


def test_versions_and_room_are_told(as_staff: Client) -> None:
    page = words(as_staff)

    assert re.search(r"PostgreSQL \d+\.\d+, pgvector \d", page)
    assert re.search(r"Valkey \d+\.\d", page)
    assert re.search(r"free of [\d.]+ .B, \d+ % used", page)
    assert "Embeddings all-MiniLM-L6-v2" in page


def test_the_lists_stay_below(as_staff: Client) -> None:
    page = as_staff.get("/admin/").content.decode()

    assert 'id="now"' in page
    assert 'href="/admin/documents/job/"' in page
    assert "Recent actions" in page


def test_the_part_is_the_part_alone(as_staff: Client) -> None:
    part = as_staff.get("/admin/", headers=PART).content.decode()

    assert part.strip().startswith('<div class="now" id="now"')
    assert "<html" not in part


def test_who_was_signed_out_gets_no_log_in_page_into_the_part(client: Client, as_alice: Client, db: None) -> None:
    assert client.get("/admin/", headers=PART).status_code == 403
    assert as_alice.get("/admin/", headers=PART).status_code == 403


def test_the_number_of_queries_does_not_follow_the_number_of_rows(
    as_staff: Client, alice: User, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        call((alice, bob)[number % 2], f"model {number}", "0.5", number)
        owed(alice, (JobKind.READ, JobKind.ANSWER)[number % 2], JobState.FAILED, error=f"Because {'x' * number}.")

    with django_assert_max_num_queries(24):
        as_staff.get("/admin/", headers=PART)


class TestLongLists:
    @pytest.fixture(autouse=True)
    def short_patience(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lists, "FAR_ENOUGH", 3)

    @pytest.fixture
    def seven(self, alice: User) -> list[Job]:
        return [owed(alice, state=JobState.DONE) for _ in range(7)]

    @pytest.mark.usefixtures("seven")
    def test_all_rows_are_estimated(self, as_staff: Client) -> None:
        assert "about 3 jobs" in as_staff.get("/admin/documents/job/").content.decode()

    @pytest.mark.usefixtures("seven")
    def test_found_rows_are_counted_to_a_limit(self, as_staff: Client) -> None:
        page = as_staff.get("/admin/documents/job/?state__exact=done").content.decode()

        assert "more than 3 jobs" in page

    @pytest.mark.usefixtures("seven")
    def test_few_rows_are_counted(self, as_staff: Client) -> None:
        assert "0 jobs" in as_staff.get("/admin/documents/job/?state__exact=failed").content.decode()

    def test_pages_go_as_far_as_was_counted(self, seven: list[Job]) -> None:
        paginator: Paginator[Job] = lists.QuickPaginator(Job.objects.all(), 2)

        assert (paginator.count, paginator.num_pages) == (3, 2)


def test_a_seized_job_is_out_of_the_hands_of_its_worker(alice: User) -> None:
    job = owed(alice)
    held = jobs.claim(job.pk)
    assert held is not None

    taken = jobs.seize(job.pk)

    assert taken is not None
    with pytest.raises(jobs.Lost):
        jobs.report(held, progress=0.5)
    jobs.report(taken, progress=0.5)
    assert Decimal(str(Job.objects.get(pk=job.pk).progress)) == Decimal("0.5")
