"""A document that lies open: its pages with marks, its tabs, notes, words found, the map of its pages."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from accounts.models import User
from documents import actions
from documents.actions import OVERVIEW, SAMPLES
from documents.models import Analysis, Document, Note, Page, Recipe, Tag
from documents.values import Task
from tests.library import Commit
from tests.web.analysed import done

REPORT = SAMPLES / "harbour-library-annual-report-2025.pdf"
LENT = "The Harbour Library lent 412,300 items in 2025"


def uploaded(owner: User, path: Path, commit: Commit) -> Document:
    with commit():
        document = actions.upload(owner=owner, file=ContentFile(path.read_bytes(), name=path.name)).document
    return Document.objects.get(pk=document.pk)


@pytest.fixture
def report(alice: User, commit: Commit) -> Document:
    """Two pages of a PDF."""
    return uploaded(alice, REPORT, commit)


def shown(client: Client, document: Document, **query: str) -> str:
    return client.get(f"/documents/{document.pk}/", query).content.decode()


def span(document: Document, words: str) -> tuple[int, int]:
    found = re.search(r"\s+".join(map(re.escape, words.split())), document.content)
    assert found
    return found.span()


def noted(document: Document, words: str, text: str = "Ask about this.") -> Note:
    start, end = span(document, words)
    return actions.write_note(owner=document.owner, document=document, start=start, end=end, text=text)


def test_a_pdf_opens_with_its_pages_and_a_text_with_its_words(
    as_alice: Client, report: Document, notice: Document
) -> None:
    pages, text = shown(as_alice, report), shown(as_alice, notice)

    assert 'src="pages/2.png?width=1200"' in pages
    assert 'loading="lazy"' in pages
    assert "<article" not in pages
    assert "<article" in text
    assert "pages/1.png" not in text


def test_how_documents_are_shown_is_remembered(as_alice: Client, report: Document) -> None:
    shown(as_alice, report, view="text")
    text = shown(as_alice, report)
    shown(as_alice, report, view="pages")

    assert "<article" in text
    assert "<article" not in shown(as_alice, report)


def test_the_words_of_a_page_come_with_their_offsets(as_alice: Client, report: Document) -> None:
    layer = as_alice.get(f"/documents/{report.pk}/pages/2/layer/").content.decode()

    words = [(int(start), word) for start, word in re.findall(r'data-start="(\d+)">([^<]+)</text>', layer)]
    assert len(words) > 50
    assert all(report.content[start : start + len(word)] == word for start, word in words if "&" not in word)
    assert "style=" not in layer


def test_words_found_are_boxes_on_the_page(as_alice: Client, report: Document) -> None:
    layer = as_alice.get(f"/documents/{report.pk}/pages/1/layer/", {"find": "harbour LIBRARY"}).content.decode()

    assert layer.count('class="hit"') >= 2


def test_bob_sees_no_words_pictures_or_notes_of_it(as_bob: Client, report: Document) -> None:
    note = noted(report, LENT)

    for place in ("pages/1/layer/", "pages/", "pages/1.png"):
        assert as_bob.get(f"/documents/{report.pk}/{place}").status_code == 404
    for place in (f"documents/{report.pk}/notes", f"notes/{note.pk}", f"notes/{note.pk}/remove"):
        assert as_bob.post(f"/{place}/", {"text": "x", "start": 0, "end": 3}).status_code == 404
    for place in ("tags", "overview"):
        assert as_bob.post(f"/documents/{report.pk}/{place}/", {"name": "x"}).status_code == 404
    assert Note.objects.get().text == "Ask about this."


def test_a_citation_is_a_box_on_its_page_tied_to_its_statement(as_alice: Client, report: Document) -> None:
    analysis = done(report, Task.SUMMARY, {"text": "Many items.", "quotes": [span(report, LENT)]})

    page = shown(as_alice, report, analysis=str(analysis.pk))

    assert re.search(r'<a class="cited" href="#tie-1"[^>]* id="cite-1" data-cites="1"', page)
    assert re.search(r'<a class="chip" href="#tie-1" data-cites="1"', page)
    assert 'href="#cite-1" id="tie-1"' in page


def test_marks_belong_to_what_the_panel_says(as_alice: Client, report: Document) -> None:
    done(report, Task.SUMMARY, {"text": "Many items.", "quotes": [span(report, LENT)]})

    assert 'class="cited"' in shown(as_alice, report, tab="analyses")
    assert 'class="cited"' not in shown(as_alice, report, tab="details")


@pytest.mark.parametrize("view", ["pages", "text"])
def test_words_somebody_comes_for_are_marked_in_both_views(as_alice: Client, report: Document, view: str) -> None:
    start, end = span(report, LENT)

    page = shown(as_alice, report, at=f"{start}-{end}", view=view)

    assert page.count('id="found"') == 1


@pytest.mark.parametrize("tab", ["overview", "ask", "analyses", "similar", "notes", "details", "nonsense"])
def test_every_tab_opens_and_says_which_it_is(as_alice: Client, report: Document, tab: str) -> None:
    page = shown(as_alice, report, tab=tab)

    current = re.findall(r'data-tab aria-current="true">(\w+)', page)
    assert current == ["Overview" if tab == "nonsense" else tab.capitalize()]


def test_an_overview_is_made_at_once_and_numbers_its_marks_through(
    as_alice: Client, report: Document, commit: Commit
) -> None:
    empty = shown(as_alice, report)
    with commit():
        as_alice.post(f"/documents/{report.pk}/overview/")

    page = shown(as_alice, report)

    assert "Make an overview" in empty
    assert "Make" not in page
    assert set(report.analyses.values_list("recipe__slug", flat=True)) == set(OVERVIEW)
    ties = re.findall(r'id="tie-(\d+)"', page)
    assert len(ties) == len(set(ties)) > 8


def test_what_there_is_of_an_overview_is_not_made_again(as_alice: Client, report: Document, commit: Commit) -> None:
    recipe = Recipe.objects.get(owner=None, slug="summary")
    done(report, Task.SUMMARY, {"text": "Many items.", "quotes": [span(report, LENT)]}, recipe=recipe)
    page = shown(as_alice, report)

    with commit():
        as_alice.post(f"/documents/{report.pk}/overview/")

    assert "Make what is missing" in page
    assert report.analyses.filter(recipe=recipe).count() == 1
    assert report.analyses.count() == len(OVERVIEW)


def test_an_overview_of_an_older_text_counts_as_missing(as_alice: Client, report: Document) -> None:
    recipe = Recipe.objects.get(owner=None, slug="summary")
    done(report, Task.SUMMARY, {"text": "Many items."}, recipe=recipe)
    Analysis.objects.update(text_sha256="old")

    assert "Many items." not in shown(as_alice, report)


def test_chosen_words_begin_a_question(as_alice: Client, report: Document) -> None:
    start, end = span(report, LENT)

    page = shown(as_alice, report, tab="ask", words=f"{start}-{end}")

    assert f"About “{LENT}”: </textarea>" in page


def test_a_note_is_written_at_chosen_words_changed_and_removed(as_alice: Client, report: Document) -> None:
    start, end = span(report, LENT)
    form = shown(as_alice, report, tab="notes", words=f"{start}-{end}")
    as_alice.post(f"/documents/{report.pk}/notes/", {"start": start, "end": end, "text": "Is that many?"})
    note = Note.objects.get()
    written = shown(as_alice, report, tab="notes")
    as_alice.post(f"/notes/{note.pk}/", {"text": "It is."})
    changed = shown(as_alice, report, tab="notes")
    as_alice.post(f"/notes/{note.pk}/remove/")

    assert f'name="start" value="{start}"' in form
    assert "Is that many?" in written
    assert 'href="#cite-n1" id="tie-n1"' in written
    assert "It is." in changed
    assert not Note.objects.exists()


@pytest.mark.parametrize("sent", [{"text": " "}, {"text": "x" * 4_001}, {"end": "0"}, {"start": "x"}])
def test_a_note_that_cannot_be_kept_is_refused_with_words(
    as_alice: Client, report: Document, sent: dict[str, str]
) -> None:
    given = {"start": "0", "end": "6", "text": "Hm."} | sent

    page = as_alice.post(f"/documents/{report.pk}/notes/", given, follow=True).content.decode()

    assert 'class="notice wrong"' in page
    assert not Note.objects.exists()


@pytest.mark.parametrize("view", ["pages", "text"])
def test_notes_are_marks_of_their_own_kind_whatever_tab_is_open(as_alice: Client, report: Document, view: str) -> None:
    noted(report, LENT)

    page = shown(as_alice, report, view=view, tab="details")

    assert 'id="cite-n1"' in page
    assert 'data-cites="n1"' in page


def test_a_note_whose_words_are_gone_is_kept_and_says_so(as_alice: Client, report: Document) -> None:
    noted(report, LENT)
    Document.objects.filter(pk=report.pk).update(content_sha256="other")

    page = shown(as_alice, report, tab="notes")

    assert "Its words are no longer here" in page
    assert "cite-n1" not in page


def test_words_are_counted_and_stepped_through(as_alice: Client, notice: Document) -> None:
    first = shown(as_alice, notice, find="THE")
    second = shown(as_alice, notice, find="THE", hit="2")

    hits = len(re.findall("the", notice.content, re.IGNORECASE))
    assert f"1 of {hits}" in first
    assert f"2 of {hits}" in second
    assert "hit=3#found" in second
    assert second.count('class="hit"') == hits - 1
    assert second.count('id="found"') == 1


def test_words_that_are_not_there_are_not_found(as_alice: Client, notice: Document) -> None:
    assert "Not found" in shown(as_alice, notice, find="zeppelin")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" + 200 * "-\n\n", "ab"),
        (2_000 * "-\n", "------z"),
        ("a" + 2_000 * " ", "a ¨ ¨ ¨ ¨ z"),
        (2_000 * "\u0345", 20 * "ι"),
    ],
)
def test_no_text_makes_a_search_last(as_alice: Client, notice: Document, text: str, words: str) -> None:
    Document.objects.filter(pk=notice.pk).update(content=f"{text}!")

    assert 'name="find"' in shown(as_alice, notice, find=words, view="text")


@pytest.mark.parametrize("hit", ["0", "999", "x", "-1"])
def test_any_hit_asked_for_gives_a_page(as_alice: Client, notice: Document, hit: str) -> None:
    assert 'id="found"' in shown(as_alice, notice, find="water", hit=hit)


def test_the_map_tells_what_each_page_is(as_alice: Client, report: Document) -> None:
    Page.objects.filter(document=report, number=2).update(kind="ocr", confidence=0.87)
    noted(report, LENT)

    page = shown(as_alice, report)

    assert "<title>Page 1: text; 1 note</title>" in page
    assert "<title>Page 2: text recognised, 87 % sure</title>" in page
    assert 'aria-label="2 pages: 1 text, 1 text recognised"' in page


def test_a_long_document_has_a_map_of_few_cells(as_alice: Client, notice: Document) -> None:
    end = len(notice.content)
    more = (Page(document=notice, number=n, start=end, end=end, kind="empty", reason="") for n in range(2, 1_001))
    Page.objects.bulk_create(more)

    page = shown(as_alice, notice)

    assert "<title>Pages 1–9: 8 empty, 1 text</title>" in page
    assert page.count("data-first=") == 112


@pytest.mark.parametrize(("asked", "there"), [("2", 2), ("99", 2), ("1", 1)])
def test_the_number_of_a_page_leads_to_it(as_alice: Client, report: Document, asked: str, there: int) -> None:
    response = as_alice.get(f"/documents/{report.pk}/", {"page": asked, "tab": "notes"})

    assert response["Location"] == f"/documents/{report.pk}/?tab=notes&near={there}#page-{there}"


def test_tags_are_put_on_and_taken_off(as_alice: Client, report: Document) -> None:
    as_alice.post(f"/documents/{report.pk}/tags/", {"name": "  Library  reports "})
    page = shown(as_alice, report, tab="details")
    tag = Tag.objects.get()

    as_alice.post(f"/documents/{report.pk}/tags/{tag.pk}/take/")

    assert "<span>Library reports</span>" in page
    assert not report.tags.exists()


def test_the_details_name_the_file_and_its_pages(as_alice: Client, report: Document) -> None:
    page = shown(as_alice, report, tab="details")

    assert report.sha256 in page
    assert "2 text" in page
    assert f'href="/documents/{report.pk}/file/" download' in page
