import math

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from documents import actions, jobs, pipeline, providers
from documents.ai.errors import NotNow
from documents.models import Document, Job, JobState, Passage, Status
from tests.library import LETTER, Commit

pytestmark = pytest.mark.django_db


def uploaded(alice: User, content: bytes = LETTER.encode(), name: str = "notice.md") -> tuple[Document, jobs.Held]:
    """A document of Alice's, and the job of reading it in our hands."""
    document = actions.upload(owner=alice, file=SimpleUploadedFile(name, content)).document
    held = jobs.claim(Job.objects.get(subject=document.pk).pk)
    assert held is not None
    return document, held


def test_the_vector_of_a_document_is_the_mean_of_its_passages_and_of_length_one(notice: Document) -> None:
    assert notice.embedding is not None
    assert math.isclose(sum(value**2 for value in notice.embedding), 1, rel_tol=1e-4)


def test_every_passage_stands_in_the_text_and_names_the_models_that_made_it(notice: Document) -> None:
    for passage in notice.passages.all():
        assert passage.start < passage.end <= len(notice.content)
        assert all(passage.start <= start < end <= passage.end for start, end in passage.sentences)
        assert passage.embedding_model == providers.embedder().name
        assert passage.terms_version
        assert passage.owner_id == notice.owner_id


def test_every_page_covers_its_blocks(notice: Document) -> None:
    page = notice.pages.get()

    kinds = [kind for _, _, kind, _ in page.blocks]
    assert kinds[0] == "heading"
    assert all(page.start <= start < end <= page.end for start, end, *_ in page.blocks)


def test_a_failure_leaves_nothing_half_saved(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    document, held = uploaded(alice)

    class Down:
        name, dimensions = "down", 384

        def count(self, text: str) -> int:
            return len(text.split())

        def embed(self, texts: list[str]) -> list[list[float]]:
            raise NotNow("The model is busy.")

    monkeypatch.setattr(providers, "embedder", lambda setting="": Down())
    with pytest.raises(NotNow):
        pipeline.run(held)

    document.refresh_from_db()
    assert document.content == ""
    assert not Passage.objects.exists()
    assert not document.pages.exists()


def test_a_worker_that_lost_its_job_saves_nothing(alice: User) -> None:
    document, held = uploaded(alice)
    jobs.cancel(document.pk)

    with pytest.raises(jobs.Lost):
        pipeline.run(held)

    document.refresh_from_db()
    assert document.status == Status.QUEUED
    assert not Passage.objects.exists()


def test_reading_twice_replaces_and_does_not_add(alice: User, notice: Document, commit: Commit) -> None:
    before = [passage.start for passage in notice.passages.all()]

    with commit():
        actions.read_again(document=notice)

    assert [passage.start for passage in notice.passages.all()] == before
    assert notice.pages.count() == 1


def test_a_damaged_file_fails_with_words_for_its_owner(alice: User, commit: Commit) -> None:
    with commit():
        document = actions.upload(owner=alice, file=SimpleUploadedFile("torn.pdf", b"%PDF-1.7\n" + b"x" * 400)).document

    document.refresh_from_db()
    assert document.status == Status.FAILED
    assert document.error_code == "damaged"
    assert document.error.endswith(".")
    assert Job.objects.get(subject=document.pk).state == JobState.FAILED


def test_asking_twice_to_read_again_owes_the_work_once(alice: User, notice: Document) -> None:
    actions.read_again(document=notice)
    actions.read_again(document=notice)

    assert Job.objects.filter(subject=notice.pk, state=JobState.QUEUED).count() == 1
