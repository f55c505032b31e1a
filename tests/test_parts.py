"""Files inside files: attachments and members of archives become documents of their own, linked."""

import io
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions, jobs, pipeline
from documents.models import Document, Job, JobKind, JobState, Part, Status
from documents.parts import DEEPEST, TOO_DEEP
from tests.library import LETTER, Commit

pytestmark = pytest.mark.django_db


def zipped(**members: bytes | str) -> bytes:
    """An archive of these members; in names, two underlines stand for a slash and one for a dot."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return file.getvalue()


def mail(**attachments: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ruth@example.org", "alice@example.org", "The water"
    message.set_content("Both letters are attached.")
    for name, data in attachments.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name.replace("_", "."))
    return message.as_bytes()


def put_in(owner: User, name: str, data: bytes, commit: Commit) -> Document:
    with commit():
        document = actions.upload(owner=owner, file=SimpleUploadedFile(name, data)).document
    run_what_is_owed(commit)
    return Document.objects.get(pk=document.pk)


def run_what_is_owed(commit: Commit) -> None:
    for job in Job.objects.filter(state=JobState.QUEUED, kind=JobKind.READ):
        held = jobs.claim(job.pk)
        assert held is not None
        with commit():
            pipeline.run(held)


def parts_of(document: Document) -> dict[str, tuple[str, str]]:
    """Each part with what became of it: the status of its document, or the reason."""
    return {part.name: (part.document.status if part.document else "", part.reason) for part in document.parts.all()}


def test_each_member_of_an_archive_is_a_document_of_its_own(alice: User, commit: Commit) -> None:
    archive = put_in(alice, "papers.zip", zipped(letters__notice_md=LETTER, sound_mp3=b"ID3" + bytes(90)), commit)

    notice = Document.objects.get(filename="notice.md")
    assert (archive.status, notice.status, notice.owner_id) == (Status.READY, Status.READY, alice.pk)
    assert parts_of(archive)["letters/notice.md"] == (Status.READY, "")
    assert "sound recording" in parts_of(archive)["sound.mp3"][1]
    assert "letters/notice.md" in archive.content


def test_attachments_are_listed_and_read(alice: User, commit: Commit) -> None:
    message = put_in(alice, "water.eml", mail(notice_md=LETTER.encode()), commit)

    notice = Document.objects.get(filename="notice.md")
    assert "Subject: The water" in message.content
    assert "Both letters are attached." in message.content
    assert list(notice.containers.values_list("container", flat=True)) == [message.pk]


def test_a_file_the_owner_has_is_linked_and_not_kept_twice(alice: User, notice: Document, commit: Commit) -> None:
    archive = put_in(alice, "papers.zip", zipped(copy_md=LETTER, again_md=LETTER), commit)

    assert Document.objects.filter(owner=alice).count() == 2
    assert {part.document_id for part in archive.parts.all()} == {notice.pk}


def test_reading_an_archive_again_makes_nothing_twice(alice: User, commit: Commit) -> None:
    archive = put_in(alice, "papers.zip", zipped(notice_md=LETTER), commit)

    with commit():
        actions.read_again(document=archive)

    assert Document.objects.filter(owner=alice).count() == 2
    assert archive.parts.count() == 1


def test_an_archive_in_an_archive_is_only_listed(alice: User, commit: Commit) -> None:
    archive = put_in(alice, "outer.zip", zipped(inner_zip=zipped(notice_md=LETTER)), commit)

    assert "inside an archive" in parts_of(archive)["inner.zip"][1]
    assert Document.objects.filter(owner=alice).count() == 1


def test_files_too_deep_are_only_listed(alice: User, commit: Commit) -> None:
    with commit():
        document = actions.upload(owner=alice, file=SimpleUploadedFile("a.eml", mail(b_md=LETTER.encode()))).document
    Document.objects.filter(pk=document.pk).update(depth=DEEPEST)

    with commit():
        actions.read_again(document=document)

    assert parts_of(document) == {"b.md": ("", TOO_DEEP)}


def test_no_files_are_left_of_parts_that_became_no_documents(
    alice: User, notice: Document, commit: Commit, settings: Settings
) -> None:
    put_in(alice, "papers.zip", zipped(copy_md=LETTER, other_md="# Another\n\nIt is about rent."), commit)

    kept = {path.name for path in stored(settings)}
    assert kept == {name.rpartition("/")[2] for name in Document.objects.values_list("file", flat=True)}


def test_a_worker_that_lost_its_job_leaves_no_files(alice: User, commit: Commit, settings: Settings) -> None:
    document = actions.upload(owner=alice, file=SimpleUploadedFile("a.zip", zipped(notice_md=LETTER))).document
    held = jobs.claim(Job.objects.get(subject=document.pk).pk)
    assert held is not None
    jobs.cancel(document.pk)

    with pytest.raises(jobs.Lost):
        pipeline.run(held)

    assert len(stored(settings)) == 1
    assert Document.objects.count() == 1


def test_documents_of_an_archive_outlive_it_and_its_owner_is_told(
    as_alice: Client, alice: User, commit: Commit
) -> None:
    archive = put_in(alice, "papers.zip", zipped(notice_md=LETTER), commit)

    asked = as_alice.get(f"/documents/{archive.pk}/delete/").content.decode()
    with commit():
        actions.delete(document=archive)

    assert "The 1 document made from the file inside of it stays" in asked
    assert Document.objects.get().filename == "notice.md"
    assert not Part.objects.exists()


def test_a_part_stays_listed_when_its_document_is_deleted(alice: User, commit: Commit) -> None:
    archive = put_in(alice, "papers.zip", zipped(notice_md=LETTER), commit)

    with commit():
        actions.delete(document=Document.objects.get(filename="notice.md"))

    part = archive.parts.get()
    assert (part.name, part.document) == ("notice.md", None)


def test_the_api_shows_what_is_inside(api: APIClient, api_of_bob: APIClient, alice: User, commit: Commit) -> None:
    archive = put_in(alice, "papers.zip", zipped(notice_md=LETTER, sound_mp3=b"ID3" + bytes(90)), commit)

    shown = api.get(f"/api/documents/{archive.pk}/").json()

    inside = {part["name"]: part for part in shown["parts"]}
    assert inside["notice.md"]["document"] == str(Document.objects.get(filename="notice.md").pk)
    assert (inside["sound.mp3"]["document"], inside["sound.mp3"]["size"]) == (None, 93)
    assert api_of_bob.get(f"/api/documents/{archive.pk}/").status_code == 404


def test_the_reader_links_what_is_inside_and_where_it_came_from(as_alice: Client, alice: User, commit: Commit) -> None:
    archive = put_in(alice, "papers.zip", zipped(notice_md=LETTER), commit)
    notice = Document.objects.get(filename="notice.md")

    assert f'href="/documents/{notice.pk}/">notice.md' in as_alice.get(f"/documents/{archive.pk}/").content.decode()
    assert f'href="/documents/{archive.pk}/">papers' in as_alice.get(f"/documents/{notice.pk}/").content.decode()


def stored(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
