"""Pictures of pages are drawn once, kept beside the original, and gone with it."""

import shutil
import threading
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions, pictures
from documents import files as stored
from documents.models import Document, Status
from documents.reading import nursery, sandbox
from documents.reading.errors import Code, UnreadableFile
from tests.library import Commit
from tests.reading import files
from tests.reading.files import Sheet, Text

pytestmark = pytest.mark.django_db

TWO_PAGES = files.pdf(Sheet([Text("The rent is nine hundred.")]), Sheet([Text("It is due on the first.")]))


@pytest.fixture
def report(alice: User, commit: Commit) -> Document:
    return put(alice, commit, "report.pdf", TWO_PAGES)


def put(owner: User, commit: Commit, name: str, data: bytes) -> Document:
    with commit():
        document = actions.upload(owner=owner, file=SimpleUploadedFile(name, data)).document
    return Document.objects.get(pk=document.pk)


def address(document: Document, number: int = 1) -> str:
    return f"/api/documents/{document.pk}/pages/{number}.png"


def kept(document: Document) -> list[Path]:
    return sorted(pictures.folder(document.file_name).glob("*"))


def test_the_first_page_is_drawn_small_when_the_document_is_read(
    api: APIClient, report: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(sandbox, "draw")

    answer = api.get(address(report), {"width": 240})

    assert answer.status_code == 200
    assert [place.name for place in kept(report)] == [f"1-240-{pictures.RENDERER}.png"]


@pytest.mark.parametrize(
    "trouble", [UnreadableFile(Code.TIMED_OUT, "Too slow."), pictures.Busy(), OSError("disk full"), nursery.NotBorn(0)]
)
def test_a_document_is_ready_without_its_picture_too(
    alice: User, commit: Commit, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def fail(*_: object) -> bytes:
        raise trouble

    monkeypatch.setattr(sandbox, "draw", fail)

    document = put(alice, commit, "report.pdf", TWO_PAGES)

    assert document.status == Status.READY
    assert kept(document) == []


def test_the_second_look_draws_nothing(api: APIClient, report: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    first = api.get(address(report, 2))
    monkeypatch.delattr(sandbox, "draw")

    second = api.get(address(report, 2))

    assert second.content == first.content
    assert second["ETag"] == first["ETag"]


def test_who_has_the_picture_is_told_so(api: APIClient, as_alice: Client, report: Document) -> None:
    tag = api.get(address(report))["ETag"]

    again = api.get(address(report), HTTP_IF_NONE_MATCH=tag)
    shown = as_alice.get(f"/documents/{report.pk}/pages/1.png", HTTP_IF_NONE_MATCH=tag)

    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "private, max-age=86400, immutable")
    assert (shown.status_code, shown["ETag"]) == (304, tag)


def test_every_picture_has_a_tag_of_its_own(api: APIClient, report: Document) -> None:
    tags = {api.get(address(report, number), {"width": wide})["ETag"] for number in (1, 2) for wide in pictures.WIDTHS}

    assert len(tags) == 2 * len(pictures.WIDTHS)


def test_what_another_renderer_drew_is_drawn_again(
    api: APIClient, report: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = api.get(address(report))["ETag"]
    monkeypatch.setattr(pictures, "RENDERER", pictures.RENDERER + 1)

    assert api.get(address(report))["ETag"] != before
    assert len([place for place in kept(report) if "1200" in place.name]) == 2


@pytest.mark.parametrize("left", [0, 10, 500])
def test_half_a_file_is_never_served(api: APIClient, report: Document, left: int) -> None:
    whole = api.get(address(report)).content
    place = next(place for place in kept(report) if "1200" in place.name)
    place.write_bytes(whole[:left])

    assert api.get(address(report)).content == whole
    assert place.read_bytes() == whole


def test_they_go_with_the_document(api: APIClient, report: Document, commit: Commit) -> None:
    api.get(address(report, 2))
    assert len(kept(report)) == 2

    with commit():
        actions.delete(document=report)

    assert not pictures.folder(report.file_name).exists()


def test_none_is_left_of_a_document_deleted_while_it_is_drawn(
    api: APIClient, report: Document, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = sandbox.draw

    def draw_slowly(*order: object) -> bytes:
        data = draw(*order)  # type: ignore[arg-type]
        with commit():
            actions.delete(document=report)
        return data

    monkeypatch.setattr(sandbox, "draw", draw_slowly)

    answer = api.get(address(report, 2))

    assert answer.status_code == 404
    assert not pictures.folder(report.file_name).exists()


def test_a_missing_original_is_named(api: APIClient, report: Document) -> None:
    stored.forget(report.file_name)
    shutil.rmtree(pictures.folder(report.file_name))

    answer = api.get(address(report))

    assert answer.status_code == 422
    assert pictures.NO_ORIGINAL in answer.json()["detail"]


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are being drawn, and nobody has patience."""
    taken = threading.BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(pictures, "_drawing", taken)
    monkeypatch.setattr(pictures, "_PATIENCE_SECONDS", 0.01)


def test_who_waited_too_long_is_told_when_to_come_back(
    api: APIClient, as_alice: Client, report: Document, crowded: None
) -> None:
    answer = api.get(address(report, 2))
    shown = as_alice.get(f"/documents/{report.pk}/pages/2.png")

    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "busy", "5")
    assert (shown.status_code, shown["Retry-After"]) == (503, "5")


def test_what_is_kept_is_shown_to_a_crowd(api: APIClient, report: Document, crowded: None) -> None:
    assert api.get(address(report), {"width": 240}).status_code == 200


def test_no_more_wait_than_there_is_room_for(api: APIClient, report: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    full = threading.BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(pictures, "_room", full)

    assert api.get(address(report, 2)).status_code == 503


def test_a_process_that_reads_no_files_is_no_fault_of_the_page(
    api: APIClient, report: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise nursery.NotBorn(0)

    monkeypatch.setattr(sandbox, "draw", fail)

    assert api.get(address(report, 2)).status_code == 503


def test_they_are_for_the_server_alone(report: Document, settings: Settings) -> None:
    place = kept(report)[0]

    assert place.stat().st_mode & 0o077 == 0
    assert place.is_relative_to(settings.MEDIA_ROOT)
