"""An account goes with all that is hers, whatever comes in between."""

import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import ApiToken, User
from documents import actions, files, jobs, leaving, pictures, streams, tasks
from documents.models import Document, Job, JobKind, JobState
from documents.streams.events import key
from tests import belongings, owning
from tests.library import Commit
from tests.owning import rows_of

MARK = "Zanzibar-7305"


@pytest.fixture
def belonging(alice: User, notice: Document, admin: User) -> User:
    """Alice with a row in every table, and something about her in the staff's log."""
    belongings.give(alice, notice, MARK)
    belongings.logged(by=admin, about=alice, mark=MARK)
    belongings.logged(by=admin, about=notice, mark=MARK)
    return alice


@pytest.fixture
def bobs(bob: User, commit: Commit) -> Document:
    with commit():
        document = actions.upload(
            owner=bob, file=SimpleUploadedFile("plan.md", b"# A plan of Bob's\n\nTo sail.")
        ).document
    belongings.give(bob, document, "Bob's own")
    return document


def everything_in_the_database() -> dict[str, str]:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT row_to_json(one)::text FROM "{table}" one')  # noqa: S608 - names of our own tables
            found[table] = "\n".join(row[0] for row in cursor.fetchall())
    return found


def kept_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_she_has_something_in_every_table_that_leads_to_a_person(belonging: User) -> None:
    assert set(rows_of(belonging.pk)) == set(owning.leading_to_a_person())


def test_nothing_of_hers_is_left_anywhere(belonging: User, notice: Document) -> None:
    departure = actions.leave(person=belonging)

    assert departure.finished
    assert rows_of(belonging.pk) == {}
    assert leaving.left(belonging.pk) == {}
    rest = everything_in_the_database()
    for trace in (MARK, str(notice.pk), belonging.email):
        assert [table for table, rows in rest.items() if trace in rows] == []


def test_files_go_with_it(belonging: User, notice: Document) -> None:
    picture = pictures.folder(notice.file_name) / "1-240-1.png"
    files.put(picture, b"a picture")

    departure = actions.leave(person=belonging)

    assert departure.files == 2
    assert kept_files() == []


def test_every_kind_of_row_is_counted(belonging: User) -> None:
    before = leaving.left(belonging.pk)

    departure = actions.leave(person=belonging)

    assert {kind: departure.rows[kind] for kind in before if kind != "log"} == {
        kind: count for kind, count in before.items() if kind != "log"
    }
    assert departure.rows["log"] >= 3


def test_what_is_others_stays(belonging: User, bobs: Document, bob: User) -> None:
    before = rows_of(bob.pk)

    actions.leave(person=belonging)

    assert rows_of(bob.pk) == before
    assert files.path(bobs.file_name).exists()


def test_she_is_signed_out_everywhere_and_her_tokens_stop(belonging: User, as_alice: Client, api: APIClient) -> None:
    actions.leave(person=belonging)

    assert as_alice.get("/documents/").status_code == 302
    assert api.get("/api/documents/").status_code == 401
    assert not Session.objects.exists()
    assert not ApiToken.objects.filter(name="A program").exists()


def test_whoever_works_for_her_can_write_nothing_more(alice: User, notice: Document) -> None:
    job = jobs.enqueue(kind=JobKind.READ, subject=notice.pk, owner=alice)
    held = jobs.claim(job.pk)
    assert held is not None

    actions.leave(person=alice)

    with pytest.raises(jobs.Lost), jobs.ending(held):
        pytest.fail("It was held.")
    with pytest.raises(jobs.Lost):
        jobs.report(held, progress=0.5)


def test_what_was_told_of_her_documents_is_forgotten(alice: User, notice: Document) -> None:
    streams.publish(notice.pk, "progress", progress=0.5)

    actions.leave(person=alice)

    assert not streams._client().exists(key(notice.pk))


def test_a_removal_that_was_killed_is_finished_by_the_sweep(belonging: User) -> None:
    actions_begun_and_killed(belonging)
    signed_in = Client().login(email=belonging.email, password="three old bicycles")
    User.objects.update(leaving_at=Now() - leaving.ABANDONED * 2)

    tasks.sweep()

    assert not signed_in
    assert rows_of(belonging.pk) == {}
    assert kept_files() == []


def actions_begun_and_killed(person: User) -> None:
    """Some portions in, then nothing: as when the process is killed."""
    leaving.begin(person.pk)
    departure = leaving.Departure()
    for _ in range(8):
        leaving._go_on(person.pk, departure)
    assert not departure.finished


def test_a_removal_somebody_is_at_is_left_to_her(belonging: User) -> None:
    leaving.begin(belonging.pk)

    tasks.sweep()

    assert User.objects.filter(pk=belonging.pk).exists()


def test_a_long_removal_goes_on_when_the_page_is_answered(belonging: User) -> None:
    departure = actions.leave(person=belonging, patience_seconds=0)

    assert not departure.finished
    assert rows_of(belonging.pk) == {}


def test_nobody_is_removed_who_does_not_leave(belonging: User) -> None:
    leaving.finish(belonging.pk)

    assert User.objects.filter(pk=belonging.pk, is_active=True).exists()


def test_the_last_superuser_stays(admin: User, alice: User) -> None:
    with pytest.raises(actions.Refusal, match="Make another person a superuser"):
        actions.leave(person=admin)

    assert User.objects.filter(pk=admin.pk, is_active=True).exists()


def test_one_of_two_superusers_may_leave(admin: User, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)

    assert actions.leave(person=admin).finished


def test_jobs_are_cancelled_the_moment_she_leaves(alice: User) -> None:
    job = jobs.enqueue(kind=JobKind.ANALYSE, subject=uuid.uuid4(), owner=alice)

    leaving.begin(alice.pk)

    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED


class TestByStaff:
    def test_staff_remove_a_person_with_all_data(self, as_admin: Client, belonging: User) -> None:
        page = as_admin.get(f"/admin/accounts/user/{belonging.pk}/delete/").content.decode()
        as_admin.post(f"/admin/accounts/user/{belonging.pk}/delete/", {"post": "yes"})

        assert "alice@example.org, with" in page
        assert MARK not in page
        assert rows_of(belonging.pk) == {}
        assert kept_files() == []
        about_her = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(User), object_id=belonging.pk
        )
        assert not about_her.exists()

    def test_or_several_at_once(self, as_admin: Client, belonging: User, bobs: Document, bob: User) -> None:
        chosen = {"action": "delete_selected", "_selected_action": [belonging.pk, bob.pk], "post": "yes"}

        assert "Delete with all data" in as_admin.get("/admin/accounts/user/").content.decode()
        as_admin.post("/admin/accounts/user/", chosen)

        assert (rows_of(belonging.pk), rows_of(bob.pk)) == ({}, {})
        assert kept_files() == []

    def test_not_the_last_superuser(self, as_admin: Client, admin: User) -> None:
        answer = as_admin.post(f"/admin/accounts/user/{admin.pk}/delete/", {"post": "yes"})

        assert answer.status_code == 403

    def test_nor_may_staff_who_only_look(self, as_staff: Client, alice: User) -> None:
        answer = as_staff.post(f"/admin/accounts/user/{alice.pk}/delete/", {"post": "yes"})

        assert answer.status_code == 403
        assert User.objects.filter(pk=alice.pk).exists()
