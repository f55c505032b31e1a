"""Two at once at the same document of the bin: each outcome is a whole one."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from documents import actions, providers, removal, tasks
from documents.models import Document, Job, Passage, Term
from tests.library import LETTER

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ROUNDS = 5


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What each of these gives when all of them begin at once."""
    start, given = threading.Barrier(len(calls)), [None] * len(calls)

    def run(at: int, call: Callable[[], Any]) -> None:
        try:
            start.wait()
            given[at] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def upload(owner: User) -> actions.Upload:
    return actions.upload(owner=owner, file=SimpleUploadedFile("notice.md", LETTER.encode()))


def originals(settings: Settings) -> int:
    return sum(path.is_file() for path in (Path(settings.MEDIA_ROOT) / "originals").rglob("*"))


def test_two_uploads_put_it_back_once(alice: User, notice: Document, settings: Settings) -> None:
    for _ in range(ROUNDS):
        actions.put_in_bin(person=alice, documents=[notice.pk])

        given = together(lambda: upload(alice), lambda: upload(alice))

        assert [(one.document, one.created) for one in given] == [(notice, False)] * 2
        assert sum(one.put_back for one in given) == 1
        assert originals(settings) == 1


def test_put_back_twice_it_comes_once(alice: User, notice: Document) -> None:
    for _ in range(ROUNDS):
        actions.put_in_bin(person=alice, documents=[notice.pk])

        came = together(*[lambda: actions.put_back(person=alice, documents=[notice.pk])] * 3)

        assert sum(came) == 1


def test_many_are_put_in_and_taken_out_in_any_order_without_a_deadlock(alice: User, leases: list[Document]) -> None:
    there, back = [one.pk for one in leases], [one.pk for one in reversed(leases)]
    for _ in range(ROUNDS):
        together(
            lambda: actions.put_in_bin(person=alice, documents=there),
            lambda: actions.put_back(person=alice, documents=back),
            lambda: actions.put_in_bin(person=alice, documents=back),
        )

    assert Document.objects.kept_by(alice).count() == 3


def test_an_upload_while_it_goes_for_good_leaves_one_whole_document(
    alice: User, notice: Document, settings: Settings
) -> None:
    for _ in range(ROUNDS):
        Document.objects.update(deleted_at=timezone.now() - timedelta(days=31))

        given, _ = together(lambda: upload(alice), removal.remove_due)

        assert Document.objects.visible_to(alice).get() == given.document
        assert Path(given.document.file.path).exists()
        assert originals(settings) == 1


def test_what_is_put_back_in_time_stays(alice: User, notice: Document) -> None:
    """Whoever sweeps chose it, but had not locked it yet."""
    actions.put_in_bin(person=alice, documents=[notice.pk])
    actions.put_back(person=alice, documents=[notice.pk])

    assert removal.remove(notice.pk, among=Document.objects.due_to_go()) is False
    assert Passage.objects.filter(document=notice).exists()


def test_removed_twice_its_words_are_taken_off_once(alice: User, notice: Document) -> None:
    other = actions.upload_text(owner=alice, title="Other", content="The water and the landlord.").document
    tasks.run(Job.objects.get(subject=other.pk).pk)
    alone = dict(Term.objects.filter(word="landlord").values_list("word", "passages"))
    actions.put_in_bin(person=alice, documents=[notice.pk])

    removed = together(lambda: removal.remove(notice.pk), lambda: removal.remove(notice.pk))

    assert sorted(removed) == [False, True]
    assert alone == {"landlord": 2}
    assert Term.objects.get(word="landlord").passages == 1


def test_it_may_go_for_good_while_it_is_read(alice: User, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    document = actions.upload_text(owner=alice, title="Note", content="The meeting is on Monday.").document
    job = Job.objects.filter(subject=document.pk).get()
    Job.objects.update(state="queued", run_after=timezone.now())
    embedder = providers.embedder()
    embed = embedder.embed

    def emptied_then_embedded(texts: list[str]) -> list[list[float]]:
        actions.put_in_bin(person=alice, documents=[document.pk])
        actions.empty_bin(person=alice)
        return embed(texts)

    monkeypatch.setattr(embedder, "embed", emptied_then_embedded)
    tasks.run(job.pk)

    job.refresh_from_db()
    assert job.state == "cancelled"
    assert not Document.objects.exists()
    assert not Passage.objects.exists()
    assert not Term.objects.exists()
    assert originals(settings) == 0
