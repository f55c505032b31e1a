"""What lies in the bin counts for nothing, comes back whole, and goes for good after its time."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from documents import actions, exports, jobs, removal, tasks
from documents.models import Analysis, Collection, Document, Examination, Job, Message, Run, Status, Tag, Term
from documents.search.passages import find
from documents.search.scope import Scope
from documents.sweeps import coverage_of, rows_of
from documents.sweeps.coverage import IN_BIN
from documents.values import Task
from tests.library import LETTER, Commit
from tests.test_parts import put_in, run_what_is_owed, zipped
from tests.web.analysed import done

pytestmark = pytest.mark.django_db


def bin_it(*documents: Document) -> None:
    actions.put_in_bin(person=documents[0].owner, documents=[one.pk for one in documents])


def lain_for(document: Document, **time: float) -> None:
    """It was put into the bin so long ago."""
    Document.objects.filter(pk=document.pk).update(deleted_at=timezone.now() - timedelta(**time))


def letter() -> SimpleUploadedFile:
    return SimpleUploadedFile("notice.md", LETTER.encode())


def test_it_is_out_of_sight_and_comes_back_whole(alice: User, notice: Document) -> None:
    scope = Scope.of(alice)

    bin_it(notice)
    gone = (list(Document.objects.visible_to(alice)), find(scope, "water", 5).hits)
    back = actions.put_back(person=alice, documents=[notice.pk])

    assert gone == ([], ())
    assert back == 1
    assert [hit.document for hit in find(scope, "water", 5).hits] == [notice.pk]


def test_bob_moves_nothing_of_alices(alice: User, bob: User, notice: Document) -> None:
    assert actions.put_in_bin(person=bob, documents=[notice.pk]) == []
    bin_it(notice)

    assert actions.put_back(person=bob, documents=[notice.pk]) == 0
    assert actions.empty_bin(person=bob, documents=[notice.pk]) == 0
    assert actions.empty_bin(person=bob) == 0
    assert Document.objects.in_bin_of(alice).filter(pk=notice.pk).exists()


def test_what_is_moved_twice_is_moved_once(alice: User, notice: Document) -> None:
    bin_it(notice)
    when = Document.objects.get(pk=notice.pk).deleted_at

    assert actions.put_in_bin(person=alice, documents=[notice.pk]) == []
    assert Document.objects.get(pk=notice.pk).deleted_at == when
    assert [actions.put_back(person=alice, documents=[notice.pk]) for _ in range(2)] == [1, 0]


class TestPutInAgain:
    def test_an_upload_of_the_same_bytes_puts_it_back(self, alice: User, notice: Document, settings: Settings) -> None:
        bin_it(notice)

        again = actions.upload(owner=alice, file=letter())

        assert (again.document, again.created, again.put_back) == (notice, False, True)
        assert Document.objects.visible_to(alice).get() == notice
        assert len(list((Path(settings.MEDIA_ROOT) / "originals").rglob("*/*"))) == 1

    def test_an_upload_of_what_is_there_puts_nothing_back(self, alice: User, notice: Document) -> None:
        assert actions.upload(owner=alice, file=letter()).put_back is False

    def test_samples_come_back(self, alice: User) -> None:
        first = actions.add_samples(owner=alice)
        bin_it(*first)

        assert actions.add_samples(owner=alice) == first
        assert Document.objects.visible_to(alice).count() == 3

    def test_an_import_puts_it_back(self, alice: User, notice: Document, tmp_path: Path) -> None:
        (tmp_path / "notice.md").write_bytes(LETTER.encode())
        bin_it(notice)

        call_command("import_documents", str(tmp_path), owner=alice.email)

        assert Document.objects.visible_to(alice).get() == notice

    def test_a_file_that_is_found_in_an_archive_comes_back(self, alice: User, notice: Document, commit: Commit) -> None:
        bin_it(notice)

        archive = put_in(alice, "letters.zip", zipped(notice_md=LETTER), commit)

        assert archive.parts.get().document == notice
        assert Document.objects.visible_to(alice).filter(pk=notice.pk).exists()

    def test_what_was_deleted_for_good_a_moment_ago_is_a_new_document(self, alice: User, notice: Document) -> None:
        lain_for(notice, days=31)

        again = actions.upload(owner=alice, file=letter())

        assert (again.created, again.put_back) == (True, False)
        assert again.document != notice


class TestGoesForGood:
    def test_a_sweep_empties_what_lay_there_long_enough(
        self, alice: User, notice: Document, leases: list[Document], commit: Commit
    ) -> None:
        path = Path(notice.file.path)
        lain_for(notice, days=30, seconds=1)
        lain_for(leases[0], days=29, hours=23)

        with commit():
            tasks.sweep()

        assert not Document.objects.filter(pk=notice.pk).exists()
        assert not path.exists()
        assert set(Document.objects.all()) == set(leases)

    def test_the_setting_says_how_long(self, notice: Document, settings: Settings) -> None:
        lain_for(notice, days=2)
        settings.BIN_DAYS = 1

        assert removal.remove_due() == 1

    def test_it_goes_in_portions(self, alice: User, leases: list[Document], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(removal, "AT_ONCE", 2)
        bin_it(*leases)
        Document.objects.update(deleted_at=timezone.now() - timedelta(days=40))

        assert [removal.remove_due() for _ in range(3)] == [2, 1, 0]

    def test_nobody_can_put_back_what_is_due(self, alice: User, notice: Document) -> None:
        lain_for(notice, days=31)

        assert actions.put_back(person=alice, documents=[notice.pk]) == 0
        assert not Document.objects.in_bin_of(alice).exists()

    def test_the_bin_is_emptied_with_everything(self, alice: User, notice: Document, commit: Commit) -> None:
        path = Path(notice.file.path)
        done(notice, Task.SUMMARY, {"text": "It names a price.", "quotes": ["€4,800"]})
        bin_it(notice)

        with commit():
            assert actions.empty_bin(person=alice) == 1

        assert not Document.objects.exists()
        assert not Analysis.objects.exists()
        assert not Term.objects.exists()
        assert not path.exists()

    def test_only_what_is_named_goes_and_nothing_that_is_not_in_the_bin(
        self, alice: User, leases: list[Document]
    ) -> None:
        bin_it(leases[0], leases[1])

        assert actions.empty_bin(person=alice, documents=[leases[0].pk, leases[2].pk]) == 1
        assert set(Document.objects.all()) == {leases[1], leases[2]}

    def test_of_very_many_the_rest_is_out_of_reach_at_once(
        self, alice: User, leases: list[Document], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(removal, "AT_ONCE", 1)
        bin_it(*leases)

        assert actions.empty_bin(person=alice) == 3
        assert Document.objects.count() == 2
        assert not Document.objects.kept_by(alice).exists()
        assert removal.remove_due() + removal.remove_due() == 2


class TestWorkUnderWay:
    def test_reading_goes_on(self, alice: User, commit: Commit) -> None:
        document = actions.upload(owner=alice, file=letter()).document
        bin_it(document)

        run_what_is_owed(commit)
        actions.put_back(person=alice, documents=[document.pk])

        assert Document.objects.visible_to(alice).get().status == Status.READY

    def test_an_analysis_goes_on(self, alice: User, notice: Document) -> None:
        options = actions.Options(instruction="What does it cost?")
        analysis = actions.analyse(person=alice, document=notice, options=options)
        bin_it(notice)

        tasks.run(Job.objects.get(subject=analysis.pk).pk)
        hidden = Analysis.objects.visible_to(alice).exists()
        actions.put_back(person=alice, documents=[notice.pk])

        assert not hidden
        assert Analysis.objects.visible_to(alice).get().status == "done"


class TestRuns:
    @pytest.fixture
    def run(self, alice: User, leases: list[Document], commit: Commit) -> Run:
        for one in Job.objects.filter(state="queued"):
            tasks.run(one.pk)
        options = actions.Options(instruction="Is there a deposit?")
        with commit():
            return actions.analyse_many(person=alice, documents=[one.pk for one in leases], options=options).run

    def test_counts_and_exports_leave_it_out(self, run: Run, leases: list[Document]) -> None:
        bin_it(leases[0])

        counted = Run.objects.counted().get()
        assert (counted.total, counted.done) == (2, 2)
        assert b"Lease A" not in exports.export_run(run, "csv").body
        assert b"Lease C" in exports.export_run(run, "csv").body

    def test_what_failed_in_the_bin_is_not_tried_again(self, run: Run, leases: list[Document]) -> None:
        run.analyses.update(status="failed", error="It failed.", result=None)
        bin_it(leases[0])

        assert actions.retry_run(run=run) == 2


class TestSweeps:
    @pytest.fixture
    def message(self, alice: User, leases: list[Document], commit: Commit) -> Message:
        for one in Job.objects.filter(state="queued"):
            tasks.run(one.pk)
        with commit():
            return actions.ask(person=alice, question="Which leases mention a security deposit?", sweep=True)

    def test_it_counts_like_a_deleted_one_until_it_is_back(self, message: Message, leases: list[Document]) -> None:
        before = coverage_of(message.pk)

        bin_it(leases[0])
        row = rows_of(message.pk)[0]
        binned = coverage_of(message.pk)
        actions.put_back(person=leases[0].owner, documents=[leases[0].pk])

        assert (before.found, binned.found, binned.unreadable) == (2, 1, 1)
        assert (row.document, row.reason, row.claims, row.citations) == (None, IN_BIN, [], ())
        assert coverage_of(message.pk) == before

    def test_one_that_waits_is_not_waited_for(self, message: Message, leases: list[Document]) -> None:
        Analysis.objects.filter(document=leases[0]).update(status="queued", result=None)
        Message.objects.filter(pk=message.pk).update(status="running")

        bin_it(leases[0])

        assert coverage_of(message.pk).waiting == 0

    def test_going_on_asks_nothing_of_it(self, message: Message, leases: list[Document]) -> None:
        asked = Analysis.objects.filter(document__in=leases[:2])
        asked.update(status="failed", error="It failed.", result=None)
        bin_it(leases[0])

        actions.ask_again(message=message)

        assert Examination.objects.filter(analysis__status="queued").get().document == leases[1]


class TestCollectionsAndTags:
    def test_their_counts_leave_it_out(self, alice: User, leases: list[Document]) -> None:
        ids = [one.pk for one in leases]
        collection = actions.make_collection(owner=alice, name="Leases", documents=ids)
        tag = actions.make_tag(owner=alice, name="urgent")
        actions.put_tag(person=alice, tag=tag, documents=ids)

        bin_it(leases[0])

        assert Collection.objects.counted().get(pk=collection.pk).count == 2
        assert Tag.objects.counted().get(pk=tag.pk).count == 2

    def test_it_keeps_its_place_in_a_collection_that_is_said_anew(self, alice: User, leases: list[Document]) -> None:
        first, second, third = (one.pk for one in leases)
        collection = actions.make_collection(owner=alice, name="Leases", documents=[first, second])
        bin_it(leases[0])

        actions.change_collection(person=alice, collection=collection, documents=[third])
        actions.put_back(person=alice, documents=[first])

        assert set(collection.documents.values_list("pk", flat=True)) == {first, third}


def test_a_document_in_a_bin_is_no_candidate_for_questions(alice: User, notice: Document, commit: Commit) -> None:
    bin_it(notice)

    with commit():
        message: Any = actions.ask(person=alice, question="What does the work cost?")

    message.refresh_from_db()
    assert (message.status, message.error_code) == ("failed", "nothing_to_read")


def test_a_job_of_one_that_went_for_good_is_cancelled(alice: User, notice: Document) -> None:
    options = actions.Options(instruction="What does it cost?")
    analysis = actions.analyse(person=alice, document=notice, options=options)
    bin_it(notice)

    actions.empty_bin(person=alice)

    job = Job.objects.get(subject=analysis.pk)
    assert jobs.claim(job.pk) is None
    assert job.state == "cancelled"
