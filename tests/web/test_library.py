import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from documents.models import Document, Status
from documents.web import library

HTMX = {"HX-Request": "true"}


def rows(owner: User, count: int, **fields: str) -> list[Document]:
    return Document.objects.bulk_create(
        Document(
            owner=owner,
            title=f"Letter {n}",
            filename="letter.md",
            file=f"x{n}",
            sha256=f"{owner.pk}-{n}",
            size=9,
            **fields,
        )
        for n in range(count)
    )


def a_file(name: str = "letter.md", words: bytes = b"# A letter\n\nDear all.") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, words)


def test_a_stranger_sees_what_glossa_is(client: Client, db: None) -> None:
    response = client.get("/")

    assert "Create an account" in response.content.decode()


def test_a_person_is_led_to_the_library(as_alice: Client) -> None:
    assert as_alice.get("/").headers["Location"] == "/documents/"


def test_the_library_asks_for_a_login(client: Client, db: None) -> None:
    assert client.get("/documents/").headers["Location"].startswith("/accounts/login/")


def test_an_empty_library_offers_the_samples(as_alice: Client) -> None:
    page = as_alice.get("/documents/").content.decode()

    assert "Add three sample documents" in page
    assert "PDF, DOCX, DOC" in page


def test_the_samples_are_added(as_alice: Client, alice: User) -> None:
    as_alice.post("/documents/samples/")

    assert alice.documents.count() == 3


def test_a_file_is_put_in_without_a_script(as_alice: Client, alice: User) -> None:
    page = as_alice.post("/documents/", {"file": a_file()}, follow=True).content.decode()

    assert "“letter” is kept" in page
    assert alice.documents.get().filename == "letter.md"


def test_many_files_each_get_their_sentence(as_alice: Client, alice: User) -> None:
    files = [a_file(), a_file("again.md"), a_file("empty.txt", b"")]

    page = as_alice.post("/documents/", {"file": files}, headers=HTMX).content.decode()

    assert "is kept" in page
    assert "You already have this document" in page
    assert "“empty.txt” was not kept. This file is empty." in page
    assert alice.documents.count() == 1


def test_only_that_a_file_was_kept_goes_by_itself(as_alice: Client) -> None:
    kept = as_alice.post("/documents/", {"file": a_file()}, headers=HTMX).content.decode()
    known = as_alice.post("/documents/", {"file": a_file()}, headers=HTMX).content.decode()

    assert "data-kept" in kept
    assert "data-dismiss" not in kept
    assert "data-kept" not in known
    assert "data-dismiss" in known


def test_a_file_over_the_limit_is_refused_with_words(as_alice: Client, alice: User, settings: Settings) -> None:
    settings.MAX_UPLOAD_MB = 0

    page = as_alice.post("/documents/", {"file": a_file()}, headers=HTMX).content.decode()

    assert "larger than 0 MB" in page
    assert not alice.documents.exists()


def test_sending_no_file_is_answered_with_words(as_alice: Client) -> None:
    assert "Choose at least one file" in as_alice.post("/documents/", follow=True).content.decode()


def test_a_file_name_cannot_bring_markup(as_alice: Client) -> None:
    page = as_alice.post("/documents/", {"file": a_file("<b>x.md")}, follow=True).content.decode()

    assert "<b>x" not in page


def test_only_ones_own_documents_are_listed(as_bob: Client, alice: User) -> None:
    rows(alice, 1)

    assert "Letter 0" not in as_bob.get("/documents/").content.decode()


def test_unsettled_rows_are_looked_after_until_they_settle(as_alice: Client, alice: User) -> None:
    (document,) = rows(alice, 1, status=Status.READING)
    page = as_alice.get("/documents/").content.decode()

    Document.objects.filter(pk=document.pk).update(status=Status.FAILED, error="The file is damaged.")
    part = as_alice.get(f"/documents/watch/?id={document.pk}", headers=HTMX).content.decode()

    assert f"/documents/watch/?id={document.pk}" in page
    assert "hx-trigger" not in part
    assert "The file is damaged." in part
    assert "could not be read." in part


def test_a_watched_document_that_is_gone_leaves_the_list(as_alice: Client, alice: User, bob: User) -> None:
    (foreign,) = rows(bob, 1, status=Status.READING)

    part = as_alice.get(f"/documents/watch/?id={foreign.pk}", headers=HTMX).content.decode()

    assert f'<li id="document-{foreign.pk}" hx-swap-oob="delete">' in part
    assert "Letter 0" not in part


def test_watching_nonsense_gives_nothing(as_alice: Client) -> None:
    assert as_alice.get("/documents/watch/?id=x").status_code == 200


def test_pages_of_the_library_meet_without_gap_or_overlap(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "PAGE_SIZE", 3)
    rows(alice, 7)
    whole = list(alice.documents.order_by("-created_at", "-id"))

    first = library.shelf(alice)
    second = library.shelf(alice, after=first.after)
    third = library.shelf(alice, after=second.after)

    assert [row.document for shelf in (first, second, third) for row in shelf.rows] == whole
    assert (first.before, third.after) == ("", "")
    assert library.shelf(alice, before=second.before).rows == first.rows


@pytest.mark.parametrize("cursor", ["", "x", "2026-01-01~x", "2026-01-01~" + "0" * 32])
def test_what_is_no_cursor_gives_the_newest(alice: User, cursor: str) -> None:
    rows(alice, 2)

    assert len(library.shelf(alice, after=cursor).rows) == 2


def test_the_list_takes_as_many_queries_for_fifty_rows_as_for_one(
    as_alice: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows(alice, 50)

    with django_assert_max_num_queries(7):
        as_alice.get("/documents/")


def test_pages_carry_no_inline_styles_or_scripts(as_alice: Client, alice: User) -> None:
    rows(alice, 1)

    for address in ("/documents/", "/account/tokens/", "/accounts/email/"):
        page = as_alice.get(address).content.decode()
        assert not re.search(r"\sstyle=|<style|<script(?![^>]*src=)|\son\w+=", page), address


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "x"])
def test_a_place_beyond_all_time_is_no_place(as_alice: Client, moment: str) -> None:
    place = f"{moment}~0198c6a2-5d4e-7c3b-9f00-1a2b3c4d5e6f"

    assert as_alice.get("/documents/", {"after": place}).status_code == 200
