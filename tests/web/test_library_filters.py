"""The library narrowed, sorted and counted."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from documents import actions
from documents.models import Document, Page, Status
from documents.reading.parsers import registry
from documents.web import facets, library
from documents.web.sieve import SORTS, Sieve
from tests.library import Commit

READY = {"status": Status.READY, "content_sha256": "x"}


def put(owner: User, title: str, **fields: object) -> Document:
    given = {"filename": f"{title}.md", "file": f"originals/{title}", "sha256": f"{owner.pk}-{title}", "size": 9}
    return Document.objects.create(owner=owner, title=title, **given | READY | fields)


def titles(client: Client, **asked: str | int) -> list[str]:
    page = client.get("/documents/", asked).content.decode()
    return re.findall(r'aria-label="Choose ([^":]+)"', page)


def page_of(client: Client, **asked: str | int) -> str:
    return client.get("/documents/", asked).content.decode()


@pytest.fixture
def shelf(alice: User) -> dict[str, Document]:
    """One of each kind."""
    return {
        "lease": put(alice, "Lease", media_type=registry.PDF.media_type, language="en", page_count=12, size=500),
        "mietvertrag": put(alice, "mietvertrag", media_type=registry.DOCX.media_type, language="de", size=90),
        "scan": put(alice, "Scan", media_type=registry.PDF.media_type, status=Status.FAILED, error="It is damaged."),
        "gaps": put(alice, "Gaps", media_type=registry.PDF.media_type, page_count=3, unread_pages=[2]),
        "letter": put(alice, "Letter", media_type="text/markdown", status=Status.READING),
    }


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"q": "lea"}, {"Lease"}),
        ({"status": "ready"}, {"Lease", "mietvertrag", "Gaps"}),
        ({"status": "reading"}, {"Letter"}),
        ({"status": "failed"}, {"Scan"}),
        ({"status": "unread"}, {"Gaps"}),
        ({"type": "pdf"}, {"Lease", "Scan", "Gaps"}),
        ({"type": "docx"}, {"mietvertrag"}),
        ({"language": "de"}, {"mietvertrag"}),
        ({"type": "pdf", "status": "ready", "q": "e"}, {"Lease"}),
        ({"added": "week"}, {"Lease", "mietvertrag", "Scan", "Gaps", "Letter"}),
    ],
)
def test_filters_combine(as_alice: Client, shelf: dict[str, Document], asked: dict[str, str], left: set[str]) -> None:
    assert set(titles(as_alice, **asked)) == left


def test_tags_and_collections_narrow(as_alice: Client, alice: User, shelf: dict[str, Document]) -> None:
    tag = actions.make_tag(owner=alice, name="Housing")
    actions.put_tag(person=alice, tag=tag, documents=[shelf["lease"].pk, shelf["scan"].pk])
    drawer = actions.make_collection(owner=alice, name="Drawer", documents=[shelf["lease"].pk])

    assert set(titles(as_alice, tag=tag.pk)) == {"Lease", "Scan"}
    assert titles(as_alice, tag=tag.pk, collection=drawer.pk) == ["Lease"]


def test_what_was_added_before_is_left_out(as_alice: Client, shelf: dict[str, Document]) -> None:
    Document.objects.exclude(pk=shelf["lease"].pk).update(created_at=timezone.now() - timedelta(days=40))

    assert titles(as_alice, added="month") == ["Lease"]
    assert titles(as_alice, added=str(timezone.localdate())) == ["Lease"]


@pytest.mark.parametrize("name", ["status", "type", "tag", "collection", "language", "added"])
@pytest.mark.parametrize("value", ["x", "-1", "9" * 30, "1'); --", "٣", "0001-01-01", "💥"])
def test_a_value_that_nothing_has_leaves_nothing_and_breaks_nothing(
    as_alice: Client, shelf: dict[str, Document], name: str, value: str
) -> None:
    response = as_alice.get("/documents/", {name: value})

    assert response.status_code == 200
    assert "No document is like this" in response.content.decode() or value == "0001-01-01"


def test_the_tags_of_others_narrow_nothing_down_to_theirs(
    as_alice: Client, bob: User, shelf: dict[str, Document]
) -> None:
    tag = actions.make_tag(owner=bob, name="Secret project")
    drawer = actions.make_collection(owner=bob, name="Bob's drawer")

    page = page_of(as_alice, tag=tag.pk, collection=drawer.pk)

    assert "Secret project" not in page
    assert "Bob's drawer" not in page
    assert "one that is gone" in page


def test_chips_say_what_is_on_and_take_it_away(as_alice: Client, shelf: dict[str, Document]) -> None:
    page = page_of(as_alice, q="lease", type="pdf", sort="title")

    assert '<a class="chip" href="?type=pdf&amp;sort=title">' in page
    assert '<a class="chip" href="?q=lease&amp;sort=title">' in page
    assert "1 of 5" in page


def test_an_empty_result_says_which_filter_to_take_away(as_alice: Client, shelf: dict[str, Document]) -> None:
    page = page_of(as_alice, q="lease", type="docx", status="ready")

    assert "No document passes all 3 filters" in page
    assert re.findall(r"(\d) without it", page) == ["1", "0", "1"]


def test_counts_are_of_the_whole_library(as_alice: Client, bob: User, shelf: dict[str, Document]) -> None:
    put(bob, "Foreign")

    page = page_of(as_alice, q="nothing like this")

    assert "5 documents, 1 being read, 1 could not be read" in page


def test_facets_count_what_each_value_would_leave(alice: User, shelf: dict[str, Document]) -> None:
    tag = actions.make_tag(owner=alice, name="Housing")
    actions.put_tag(person=alice, tag=tag, documents=[shelf["lease"].pk, shelf["scan"].pk])
    actions.put_in_bin(person=alice, documents=[shelf["scan"].pk])

    found = facets.census(alice)
    counts = {choice.name: choice.count for facet in facets.facets(Sieve(), found) for choice in facet.choices}

    assert counts == {
        "Ready": 3,
        "Being read": 1,
        "With unread pages": 1,
        "PDF": 2,
        "DOCX": 1,
        "Markdown": 1,
        "Housing": 1,
        "German": 1,
        "English": 1,
        **dict.fromkeys(("In the last 7 days", "In the last 31 days", "In the last year")),
    }


def test_numbers_have_separators(as_alice: Client, alice: User) -> None:
    Document.objects.bulk_create(
        Document(owner=alice, title="x", filename="x", file=f"x{n}", sha256=f"{n}", size=1) for n in range(1204)
    )

    assert "1,204 documents, 1,204 being read" in page_of(as_alice)


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("title", "Gaps", "Scan"),
        ("-title", "Scan", "Gaps"),
        ("-size", "Lease", None),
        ("-pages", "Lease", None),
        ("added", "Lease", "Letter"),
        ("-added", "Letter", "Lease"),
        ("nonsense", "Letter", "Lease"),
    ],
)
def test_the_order_can_be_chosen(
    as_alice: Client, shelf: dict[str, Document], sort: str, first: str, last: str | None
) -> None:
    found = titles(as_alice, sort=sort)

    assert found[0] == first
    assert last is None or found[-1] == last


@pytest.mark.parametrize("sort", SORTS)
def test_pages_meet_in_every_order_without_gap_or_overlap(
    alice: User, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(library, "PAGE_SIZE", 3)
    for n in range(11):
        put(alice, f"{'aA~'[n % 3]} {n // 4}", sha256=str(n), size=n // 5, page_count=n % 2)
    asked = Sieve(sort=sort)

    pages = [library.shelf(alice, asked)]
    while pages[-1].after:
        pages.append(library.shelf(alice, asked, after=pages[-1].after))
    back = [library.shelf(alice, asked, before=one.before) for one in pages[1:]]

    shown = [row.document.pk for page in pages for row in page.rows]
    assert len(shown) == len(set(shown)) == 11
    assert [one.rows for one in back] == [one.rows for one in pages[:-1]]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    "cursor",
    ["x", "~", "x~" + "0" * 32, "1~x", "9" * 40 + "~" + "0" * 32, "2026-01-01~" + "0" * 32, "a\x00~" + "0" * 32],
)
def test_hostile_cursors_give_the_library_all_the_same(
    as_alice: Client, shelf: dict[str, Document], sort: str, cursor: str
) -> None:
    assert len(titles(as_alice, sort=sort, after=cursor)) > 0
    assert len(titles(as_alice, sort=sort, before=cursor)) > 0


def test_a_page_whose_documents_are_gone_gives_the_first(alice: User) -> None:
    documents = [put(alice, f"{n}") for n in range(3)]
    cursor = f"{documents[0].created_at.isoformat()}~{documents[0].pk.hex}"

    assert len(library.shelf(alice, after=cursor).rows) == 3


def test_links_keep_what_was_asked(as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "PAGE_SIZE", 2)
    for n in range(3):
        put(alice, f"Lease {n}")

    page = page_of(as_alice, q="lease", sort="title")

    assert re.search(r'class="onward" href="\?q=lease&amp;sort=title&amp;after=lease\+1~', page)


def test_what_is_asked_is_read_back_as_it_was_written() -> None:
    asked = Sieve(q="rent & heat", type="pdf", sort="-size")

    assert Sieve.read(QueryDict(asked.address()[1:])) == asked


def test_the_view_is_remembered(as_alice: Client, shelf: dict[str, Document]) -> None:
    as_alice.get("/documents/", {"view": "grid"})
    kept = page_of(as_alice)
    as_alice.get("/documents/", {"view": "list"})
    back = page_of(as_alice, view="nonsense")

    assert 'class="shelf as-grid"' in kept
    assert 'class="shelf"' in back


def test_the_grid_shows_first_pages_and_first_words(
    as_alice: Client, alice: User, shelf: dict[str, Document], commit: Commit
) -> None:
    Page.objects.create(document=shelf["lease"], number=1, start=0, end=0, kind="text", width=595, height=842)
    words = SimpleUploadedFile("words.md", b"# The heading\n\nThe <b>words</b> of it.\n\n" + b"And more. " * 90)
    with commit():
        made = actions.upload(owner=alice, file=words).document

    page = page_of(as_alice, view="grid")

    assert f'<img src="/documents/{shelf["lease"].pk}/pages/1.png?width=240" alt="" width="240" height="320"' in page
    assert f"/documents/{made.pk}/pages/1.png" not in page
    assert '<span class="leaf-heading">The heading</span>' in page
    assert "The &lt;b&gt;words&lt;/b&gt; of it." in page or "The words of it." in page
    assert page.count("And more.") < 40
    assert "It is damaged." in page
    assert "leaf skeleton" in page


def test_a_document_of_which_no_page_can_be_drawn_asks_for_no_picture(
    as_alice: Client, shelf: dict[str, Document]
) -> None:
    assert "pages/1.png" not in page_of(as_alice, view="grid")


def test_cards_are_looked_after_as_rows_are(as_alice: Client, shelf: dict[str, Document]) -> None:
    page = page_of(as_alice, view="grid")
    key = str(shelf["letter"].pk)

    part = as_alice.get("/documents/watch/", {"id": key, "view": "grid"}, headers={"HX-Request": "true"})

    assert f"/documents/watch/?id={key}&amp;view=grid" in page
    assert f'<li class="card" id="document-{key}" hx-swap-oob="outerMorph">' in part.content.decode()


def test_the_counts_follow_when_something_is_read(as_alice: Client, shelf: dict[str, Document]) -> None:
    Document.objects.filter(pk=shelf["letter"].pk).update(status=Status.READY)

    part = as_alice.get("/documents/watch/", {"id": str(shelf["letter"].pk)}, headers={"HX-Request": "true"})

    assert "5 documents, 1 could not be read" in part.content.decode()


@pytest.mark.parametrize("asked", [{}, {"view": "grid"}, {"q": "x", "type": "pdf", "status": "ready", "sort": "title"}])
def test_any_view_takes_as_many_questions_for_fifty_as_for_one(
    as_alice: Client,
    alice: User,
    asked: dict[str, str],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    tag = actions.make_tag(owner=alice, name="Housing")
    for n in range(60):
        kind = registry.PDF if n % 2 else registry.MARKDOWN
        tag.documents.add(put(alice, f"x{n}", media_type=kind.media_type))
    as_alice.get("/documents/", asked)

    with django_assert_max_num_queries(9):
        page = page_of(as_alice, **asked)

    assert page.count('type="checkbox" name="document"') >= 30


def test_lists_never_load_the_text(
    alice: User, shelf: dict[str, Document], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2) as asked:
        library.shelf(alice)

    assert not any('"content"' in one["sql"] or '"embedding"' in one["sql"] for one in asked.captured_queries)


def test_a_script_gets_the_part_and_a_browser_the_page(as_alice: Client, shelf: dict[str, Document]) -> None:
    part = as_alice.get("/documents/?q=lease", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert 'id="library"' in part
    assert 'id="counts" hx-swap-oob' in part


def test_the_counts_beside_the_list_follow_what_was_read(as_alice: Client, shelf: dict[str, Document]) -> None:
    Document.objects.filter(pk=shelf["letter"].pk).update(status=Status.READY)
    asked = {"id": str(shelf["letter"].pk), "type": "pdf", "sort": "title"}

    part = as_alice.get("/documents/watch/", asked, headers={"HX-Request": "true"}).content.decode()

    assert '<nav id="facets" hx-swap-oob="innerHTML"><section><h2>Status</h2>' in part
    assert part.count("sort=title") > 5
