"""What staff do to rows, who may, and what is written down of it."""

import uuid
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from documents import actions, budgets, jobs
from documents.admin import acting
from documents.models import (
    Analysis,
    AnalysisStatus,
    Batch,
    Budget,
    Conversation,
    Document,
    Job,
    JobKind,
    JobState,
    Message,
    MessageStatus,
    Run,
    Status,
)

JOBS, DOCUMENTS, PEOPLE = "/admin/documents/job/", "/admin/documents/document/", "/admin/accounts/user/"
REASON = "The server of that model is being moved. It goes on tomorrow."


@pytest.fixture
def as_keeper(as_staff: Client, staff: User) -> Client:
    """Staff who may act on jobs, and on nothing else."""
    staff.user_permissions.add(Permission.objects.get(codename="change_job"))
    return as_staff


@pytest.fixture
def reading(notice: Document) -> Job:
    """A document that waits to be read again."""
    actions.read_again(document=notice)
    return Job.objects.get(subject=notice.pk, state=JobState.QUEUED)


@pytest.fixture
def analysis(alice: User, notice: Document) -> Analysis:
    return actions.analyse(person=alice, document=notice, options=actions.Options(instruction="When is it?"))


def does(client: Client, address: str, action: str, *rows: object, **further: str) -> str:
    """The page one sees afterwards."""
    sent = {"action": action, "_selected_action": [str(row) for row in rows], **further}
    return client.post(address, sent, follow=True).content.decode()


def job_of(subject: uuid.UUID) -> Job:
    return Job.objects.filter(subject=subject).latest("pk")


@pytest.mark.parametrize("action", ["retry", "quarantine", "cancel"])
def test_who_may_only_look_neither_sees_nor_does_it(as_staff: Client, reading: Job, action: str) -> None:
    page = as_staff.get(JOBS).content.decode()
    opened = as_staff.get(f"{JOBS}{reading.pk}/change/").content.decode()

    does(as_staff, JOBS, action, reading.pk, sure="yes", reason=REASON)

    assert f'value="{action}"' not in page + opened
    assert Job.objects.get(pk=reading.pk).state == JobState.QUEUED
    assert not LogEntry.objects.exists()


def test_who_may_act_on_jobs_acts_on_nothing_else(as_keeper: Client, notice: Document, alice: User) -> None:
    assert 'value="retry"' in as_keeper.get(JOBS).content.decode()
    for address, action in ((DOCUMENTS, "read_again"), (PEOPLE, "set_budget")):
        assert f'value="{action}"' not in as_keeper.get(address).content.decode()

    does(as_keeper, DOCUMENTS, "read_again", notice.pk)
    does(as_keeper, PEOPLE, "set_budget", alice.pk, sure="yes", monthly_usd="5")

    assert Document.objects.get().status == Status.READY
    assert not Budget.objects.exists()


def test_quarantine_asks_for_the_reason_first(as_keeper: Client, reading: Job) -> None:
    asked = does(as_keeper, JOBS, "quarantine", reading.pk)
    without = does(as_keeper, JOBS, "quarantine", reading.pk, sure="yes", reason="")

    assert "1 job chosen" in asked
    assert "This field is required." in without
    assert Job.objects.get(pk=reading.pk).state == JobState.QUEUED


def test_a_job_that_is_set_aside_tells_its_owner_why(as_keeper: Client, reading: Job) -> None:
    page = does(as_keeper, JOBS, "quarantine", reading.pk, sure="yes", reason=REASON)

    reading.refresh_from_db()
    document = Document.objects.get()
    assert "Quarantined: 1." in page
    assert (reading.state, reading.error, reading.finished_at is None) == (JobState.QUARANTINED, REASON, False)
    assert (document.status, document.error, document.error_code) == (Status.FAILED, REASON, "quarantined")


def test_the_worker_that_has_it_finds_out_by_its_fence(as_keeper: Client, reading: Job) -> None:
    held = jobs.claim(reading.pk)

    does(as_keeper, JOBS, "quarantine", reading.pk, sure="yes", reason=REASON)

    assert held is not None
    with pytest.raises(jobs.Lost), jobs.ending(held):
        pytest.fail("the body must not run")
    assert Document.objects.get().error == REASON


def test_what_was_set_aside_can_be_retried(as_keeper: Client, reading: Job) -> None:
    does(as_keeper, JOBS, "quarantine", reading.pk, sure="yes", reason=REASON)

    page = does(as_keeper, JOBS, "retry", reading.pk)

    assert "Owed once more: 1." in page
    assert Document.objects.get().status == Status.QUEUED


def test_what_has_ended_is_left_as_it_is(as_keeper: Client, alice: User) -> None:
    job = Job.objects.create(kind=JobKind.READ, subject=uuid.uuid4(), owner=alice, state=JobState.DONE)

    page = does(as_keeper, JOBS, "quarantine", job.pk, sure="yes", reason=REASON)
    page += does(as_keeper, JOBS, "cancel", job.pk)

    assert page.count("Left as they are, because they have ended: 1.") == 2
    assert not LogEntry.objects.exists()


def test_analyses_answers_and_batches_are_set_aside_too(alice: User, analysis: Analysis) -> None:
    message = Message.objects.create(
        conversation=Conversation.objects.create(owner=alice, title="Rent"), ordinal=0, question="When?"
    )
    batch = Batch.objects.create(owner=alice, run=Run.objects.create(owner=alice, name="Rents"))
    in_batch = Analysis.objects.create(owner=alice, batch=batch, title="Text", task="summary", max_tokens=9)
    for kind, subject in ((JobKind.ANSWER, message.pk), (JobKind.BATCH, batch.pk), (JobKind.MAP, uuid.uuid4())):
        jobs.enqueue(kind=kind, subject=subject, owner=alice)

    outcomes = [actions.quarantine_job(job=job, reason=REASON) for job in Job.objects.filter(state=JobState.QUEUED)]

    assert outcomes == [True] * 4
    assert not Job.objects.exclude(kind=JobKind.READ).exclude(state=JobState.QUARANTINED).exists()
    assert Message.objects.get().status == MessageStatus.FAILED
    assert {one.status for one in Analysis.objects.filter(pk__in=[analysis.pk, in_batch.pk])} == {AnalysisStatus.FAILED}


def test_a_reading_that_is_cancelled_tells_its_owner(as_keeper: Client, reading: Job) -> None:
    page = does(as_keeper, JOBS, "cancel", reading.pk)

    document = Document.objects.get()
    assert "Cancelled: 1." in page
    assert Job.objects.get(pk=reading.pk).state == JobState.CANCELLED
    assert (document.status, document.error_code) == (Status.FAILED, "stopped")


def test_an_analysis_is_cancelled_by_its_job_or_itself(as_admin: Client, analysis: Analysis) -> None:
    page = does(as_admin, JOBS, "cancel", job_of(analysis.pk).pk)
    again = does(as_admin, "/admin/documents/analysis/", "cancel", analysis.pk)

    assert "Cancelled: 1." in page
    assert "because they have ended: 1." in again
    assert Analysis.objects.get().status == AnalysisStatus.CANCELLED


def test_a_question_is_stopped_by_its_job(as_keeper: Client, alice: User) -> None:
    thread = Conversation.objects.create(owner=alice, title="Rent")
    message = Message.objects.create(conversation=thread, ordinal=0, question="When?")
    job = jobs.enqueue(kind=JobKind.ANSWER, subject=message.pk, owner=alice)

    does(as_keeper, JOBS, "cancel", job.pk)

    assert Message.objects.get().status == MessageStatus.CANCELLED
    assert Job.objects.get().state == JobState.CANCELLED


def test_a_batch_is_called_off_by_its_job(as_keeper: Client, alice: User) -> None:
    batch = Batch.objects.create(owner=alice, run=Run.objects.create(owner=alice, name="Rents"))
    Analysis.objects.create(owner=alice, batch=batch, title="Text", task="summary", max_tokens=9)
    job = jobs.enqueue(kind=JobKind.BATCH, subject=batch.pk, owner=alice)

    page = does(as_keeper, JOBS, "cancel", job.pk)

    assert "Cancelled: 1." in page
    assert Analysis.objects.get().status == AnalysisStatus.CANCELLED
    assert Job.objects.get().state == JobState.QUEUED  # whoever carries it has to tell the provider


@pytest.mark.parametrize("kind", [JobKind.ANALYSE, JobKind.ANSWER, JobKind.BATCH, JobKind.MAP, JobKind.READ])
def test_a_job_whose_subject_is_gone_is_cancelled_alone(as_keeper: Client, alice: User, kind: JobKind) -> None:
    job = jobs.enqueue(kind=kind, subject=uuid.uuid4(), owner=alice)

    does(as_keeper, JOBS, "cancel", job.pk)

    assert Job.objects.get().state == JobState.CANCELLED


def test_documents_are_read_again_but_for_those_in_a_bin(as_admin: Client, notice: Document, scan: Document) -> None:
    Document.objects.filter(pk=scan.pk).update(deleted_at=timezone.now())

    page = does(as_admin, DOCUMENTS, "read_again", notice.pk, scan.pk)

    assert "To be read again: 1." in page
    assert "in a bin or being read already: 1." in page
    assert Document.objects.get(pk=notice.pk).status == Status.QUEUED


def test_the_page_of_a_document_offers_it_too(as_admin: Client, notice: Document) -> None:
    address = f"{DOCUMENTS}{notice.pk}/change/"

    offered = as_admin.get(address).content.decode()
    as_admin.post(address, {"CHANGE_FORM-action": "read_again", "_selected_action": notice.pk})

    assert "Read this document again" in offered
    assert Document.objects.get().status == Status.QUEUED


def test_what_was_done_stands_in_the_history_and_says_nothing_of_the_text(as_admin: Client, notice: Document) -> None:
    does(as_admin, DOCUMENTS, "read_again", notice.pk)

    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.object_repr) == (str(notice.pk), f"document {notice.pk}")
    assert entry.change_message == "To be read again"
    assert entry.user.email == "admin@example.org"


def test_only_so_many_are_taken_at_once(as_keeper: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting, "MOST_AT_ONCE", 2)
    made = [jobs.enqueue(kind=JobKind.MAP, subject=uuid.uuid4(), owner=alice).pk for _ in range(3)]

    page = does(as_keeper, JOBS, "cancel", *made)

    assert "Only the first 2 were taken." in page
    assert Job.objects.filter(state=JobState.CANCELLED).count() == 2


class TestBudgets:
    def test_the_sum_is_asked_for_first(self, as_admin: Client, alice: User, bob: User) -> None:
        page = does(as_admin, PEOPLE, "set_budget", alice.pk, bob.pk)

        assert "2 users chosen" in page
        assert "US dollars a month" in page
        assert not Budget.objects.exists()

    def test_it_is_set_for_all_that_were_chosen(self, as_admin: Client, alice: User, bob: User) -> None:
        page = does(as_admin, PEOPLE, "set_budget", alice.pk, bob.pk, sure="yes", monthly_usd="12.50")

        assert "Budget set to $12.50 a month: 2." in page
        assert budgets.limit_of(alice.pk) == budgets.limit_of(bob.pk) == Decimal("12.50")
        assert LogEntry.objects.count() == 2

    def test_left_empty_everybodys_applies_again(self, as_admin: Client, alice: User) -> None:
        Budget.objects.create(owner=None, monthly_usd=20)
        Budget.objects.create(owner=alice, monthly_usd=5)

        page = does(as_admin, PEOPLE, "set_budget", alice.pk, sure="yes", monthly_usd="")

        assert "Budget taken away: 1." in page
        assert budgets.limit_of(alice.pk) == Decimal(20)

    def test_less_than_nothing_is_refused(self, as_admin: Client, alice: User) -> None:
        page = does(as_admin, PEOPLE, "set_budget", alice.pk, sure="yes", monthly_usd="-1")

        assert "greater than or equal to 0" in page
        assert not Budget.objects.exists()

    def test_the_page_of_a_person_leads_there(self, as_admin: Client, alice: User) -> None:
        address = f"{PEOPLE}{alice.pk}/change/"

        offered = as_admin.get(address).content.decode()
        sent = {"CHANGE_FORM-action": "set_budget", "_selected_action": alice.pk}
        asked = as_admin.post(address, sent).content.decode()

        assert "Set the budget …" in offered
        assert f'action="{PEOPLE}"' in asked

    def test_people_are_listed_with_what_they_have(self, as_staff: Client, notice: Document, bob: User) -> None:
        Budget.objects.create(owner=bob, monthly_usd=5)

        page = as_staff.get(PEOPLE).content.decode()

        assert '<td class="field-kept">1</td>' in page
        assert f'<td class="field-storage">{notice.size}\xa0bytes</td>' in page
        assert '<td class="field-own_budget">$5.00</td>' in page
