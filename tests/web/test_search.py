"""The search page, and the reader opened at the words found."""

import re

import pytest
from django.test import Client

from accounts.models import User
from documents import actions
from documents.models import Document
from documents.search.highlights import excerpt
from documents.values import Span
from tests.library import Commit

pytestmark = pytest.mark.django_db


def page(client: Client, **asked: str) -> str:
    return client.get("/search/", asked).content.decode()


def test_the_page_says_how_to_ask(as_alice: Client) -> None:
    assert "How to ask" in page(as_alice)


def test_documents_are_shown_with_their_best_words_marked(as_alice: Client, notice: Document) -> None:
    shown = page(as_alice, q="main pipe")

    assert notice.title in shown
    assert "<mark>pipe</mark>" in shown
    assert "page 1" in shown


def test_a_result_opens_the_document_at_the_words(as_alice: Client, notice: Document) -> None:
    (address,) = set(re.findall(r'href="(/documents/[^"]+\?at=[^"]+)"', page(as_alice, q="main pipe")))

    opened = as_alice.get(address.replace("&amp;", "&").partition("#")[0]).content.decode()
    found = re.search(r'<mark class="found" id="found">([^<]+)</mark>', opened)
    assert found
    assert "main pipe" in found[1]


@pytest.mark.parametrize("at", ["x", "5-2", "9999999999-3", "0-99999999", "-1-4"])
def test_words_that_are_not_there_open_the_document_all_the_same(as_alice: Client, notice: Document, at: str) -> None:
    assert as_alice.get(f"/documents/{notice.pk}/", {"at": at}).status_code == 200


def test_what_was_understood_is_told(as_alice: Client, notice: Document) -> None:
    shown = page(as_alice, q='"main pipe" -leak type:markdown after:2020-01-31 piipe ')

    for words in ("exactly “main pipe”", "without “leak”", "of type markdown", "added on or after 31 January 2020"):
        assert words in shown
    assert "“piipe” stands in none of your documents" in shown


def test_nothing_found_says_what_to_try(as_alice: Client, notice: Document) -> None:
    assert "leave a filter out" in page(as_alice, q="pipe type:pdf")
    assert "Try other words" in page(as_alice, q="zxqv ")
    assert "put a document in" not in page(as_alice, q="zxqv ")


def test_an_empty_library_says_so(as_alice: Client) -> None:
    assert "put a document in" in page(as_alice, q="rent")


def test_what_was_asked_is_escaped(as_alice: Client, notice: Document) -> None:
    assert "<script>" not in page(as_alice, q="<script>alert(1)</script>")
    assert "<script>" not in page(as_alice, q='"<script>" title:<script>')


def test_typing_gets_the_results_alone(as_alice: Client, notice: Document) -> None:
    part = as_alice.get("/search/", {"q": "pipe"}, headers={"HX-Request": "true"}).content.decode()

    assert part.startswith('<div id="results"')


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999", "2"])
def test_pages_beyond_the_results_are_empty_not_wrong(as_alice: Client, notice: Document, number: str) -> None:
    assert as_alice.get("/search/", {"q": "pipe", "page": number}).status_code == 200


def test_bob_sees_nothing_of_alices(as_bob: Client, notice: Document) -> None:
    assert notice.title not in page(as_bob, q="main pipe")
    assert as_bob.get(f"/documents/{notice.pk}/similar/").status_code == 404


def test_similar_documents_are_named(as_alice: Client, alice: User, notice: Document, commit: Commit) -> None:
    with commit():
        actions.upload_text(owner=alice, title="Water notice", content="The water is off while the pipe is replaced.")

    shown = as_alice.get(f"/documents/{notice.pk}/similar/").content.decode()
    assert "Water notice" in shown
    assert f">{notice.title}<" not in shown


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    assert client.get("/search/").status_code == 302


def test_an_excerpt_is_where_most_marks_are_and_cuts_no_word() -> None:
    text = "one two three " * 40 + "rent rent rent " + "four five six " * 40
    at = text.index("rent")
    start, end = excerpt(text, (Span(0, 3), Span(at, at + 4), Span(at + 5, at + 9)), 100)

    assert start < at < end
    assert text[start - 1] == " "
    assert text[end] == " "
    assert excerpt("short", (), 100) == (0, 5)


def test_filters_are_chosen_beside_the_words(as_alice: Client, alice: User, notice: Document) -> None:
    actions.make_collection(owner=alice, name="House & home", documents=[notice.pk])

    shown = page(as_alice, q="pipe", type="md", added="week", collection="House & home")

    assert '<option value="md" selected>Markdown</option>' in shown
    assert '<option value="House &amp; home" selected>' in shown
    assert notice.title in shown
    assert "Nothing found" in page(as_alice, q="pipe", type="pdf")
    assert "sort=newest" in shown
    assert "collection=House+%26+home" in shown


@pytest.mark.parametrize("field", ["type", "added", "collection", "sort"])
def test_filters_nobody_offered_are_no_error(as_alice: Client, notice: Document, field: str) -> None:
    assert as_alice.get("/search/", {"q": "pipe", field: "<nonsense>"}).status_code == 200
