import re
import uuid

import pytest
from django.test import Client

from accounts.models import User
from documents import actions
from documents.models import Analysis, AnalysisStatus, Citation, Document, Recipe, Status
from tests.library import Commit

HTMX = {"HX-Request": "true"}


@pytest.fixture
def summary(notice: Document) -> Analysis:
    """Two statements: one that rests on words of the document, one that does not."""
    analysis = Analysis.objects.create(
        owner=notice.owner,
        document=notice,
        title=notice.title,
        recipe=Recipe.objects.get(owner=None, slug="summary"),
        task="summary",
        max_tokens=2048,
        status=AnalysisStatus.DONE,
        provider="local",
        model="local-extractive-1",
        text_sha256=notice.content_sha256,
        result={
            "text": "",
            "claims": [
                {"text": "The work costs €4,800.", "label": "", "citations": [0]},
                {"text": "The moon is made of cheese.", "label": "", "citations": [1]},
            ],
            "verified": 1,
            "total": 2,
        },
    )
    quote = "The work costs €4,800"
    start = notice.content.index(quote)
    common = {"analysis": analysis, "document": notice, "title": notice.title, "text_sha256": notice.content_sha256}
    Citation.objects.create(ordinal=0, quote=quote, verified=True, start=start, end=start + len(quote), **common)
    Citation.objects.create(ordinal=1, quote="cheese", verified=False, **common)
    return analysis


def say(analysis: Analysis, *claims: dict[str, object]) -> None:
    """Lets the analysis say other things."""
    result = {"text": "", "claims": [{"label": "", **claim} for claim in claims], "verified": 0, "total": len(claims)}
    Analysis.objects.filter(pk=analysis.pk).update(result=result)


def page_of(client: Client, document: Document, **query: str) -> str:
    return client.get(f"/documents/{document.pk}/", {"tab": "analyses"} | query).content.decode()


def test_each_paragraph_runs_the_way_it_is_written(as_alice: Client, alice: User, commit: Commit) -> None:
    with commit():
        text = actions.upload_text(owner=alice, title="Two ways", content="שלום לכולם\n\nHello to all").document

    page = page_of(as_alice, text)

    assert re.findall(r'<p dir="auto" data-start="(\d+)">', page) == ["0", "12"]


def test_the_text_is_shown(as_alice: Client, notice: Document) -> None:
    page = page_of(as_alice, notice)

    assert "The water will be turned off on 12 May 2026" in page
    assert re.search(r"<h2[^>]*>\s*Notice to the tenants", page)


def test_statements_and_words_lead_to_each_other(as_alice: Client, notice: Document, summary: Analysis) -> None:
    page = page_of(as_alice, notice)

    assert 'href="#cite-1" id="tie-1"' in page
    assert 'class="gloss" href="#tie-1"' in page
    assert '<span id="cite-1"></span>The work costs €4,800</mark>' in page


def test_an_unverified_statement_says_so_and_leads_nowhere(
    as_alice: Client, notice: Document, summary: Analysis
) -> None:
    page = page_of(as_alice, notice)

    assert "1 of 2 statements verified" in page
    assert page.count("not verified</span>") == 1
    assert "cite-2" not in page


def test_who_made_it_is_named(as_alice: Client, notice: Document, summary: Analysis) -> None:
    local = page_of(as_alice, notice)
    Analysis.objects.filter(pk=summary.pk).update(provider="claude", model="claude-haiku-4-5-20251001")
    claude = page_of(as_alice, notice)

    assert "Chosen on this machine by the built-in provider (local, local-extractive-1)" in local
    assert "Written by Claude (claude-haiku-4-5-20251001)" in claude


def test_a_quote_that_is_the_statement_is_known_as_such(as_alice: Client, notice: Document, summary: Analysis) -> None:
    Citation.objects.create(
        analysis=summary,
        document=notice,
        title=notice.title,
        text_sha256=notice.content_sha256,
        ordinal=2,
        quote="Quay Street",
        verified=True,
        start=notice.content.index("Quay Street"),
        end=notice.content.index("Quay Street") + len("Quay Street"),
    )
    say(summary, {"text": "The work costs  €4,800.", "citations": [0, 2]})

    page = page_of(as_alice, notice)

    assert '<q data-quote="1" class="same">The work costs €4,800</q><q data-quote="2">Quay Street</q>' in page


def test_an_analysis_that_found_nothing_says_so_and_counts_nothing(
    as_alice: Client, notice: Document, summary: Analysis
) -> None:
    say(summary)

    page = page_of(as_alice, notice)

    assert "Nothing of this kind was found in the document." in page
    assert "verified" not in page


def test_a_class_stands_once_with_its_score_and_its_evidence(
    as_alice: Client, notice: Document, summary: Analysis
) -> None:
    Analysis.objects.filter(pk=summary.pk).update(task="classify")
    say(summary, {"text": "neutral\n", "label": "neutral", "score": 0.98, "citations": [0]})

    page = page_of(as_alice, notice)

    assert '<span class="words">neutral</span><span>98 %</span>' in page
    assert page.count(">neutral<") == 1
    assert '<p class="evidence"><q data-quote="1">The work costs €4,800</q><a class="tie"' in page


def test_the_reason_for_a_class_is_shown(as_alice: Client, notice: Document, summary: Analysis) -> None:
    Analysis.objects.filter(pk=summary.pk).update(task="classify")
    say(summary, {"text": "It names a price.", "label": "notice", "score": 0.9, "citations": [0]})

    page = page_of(as_alice, notice)

    assert "<span>notice</span><span>90 %</span>" in page
    assert '<p class="words">It names a price.</p>' in page


def test_the_form_begins_with_what_the_analysis_shown_was_asked(
    as_alice: Client, notice: Document, summary: Analysis
) -> None:
    recipe = Recipe.objects.get(owner=None, slug="classification")
    Analysis.objects.filter(pk=summary.pk).update(recipe=recipe, task="classify", labels=["notice", "letter"])
    classified = page_of(as_alice, notice)
    Analysis.objects.filter(pk=summary.pk).update(recipe=None, task="instruction", labels=[], instruction="Who pays?")
    in_own_words = page_of(as_alice, notice)

    assert f'value="{recipe.pk}" data-task="classify" checked' in classified
    assert 'value="notice, letter"' in classified
    assert 'value="" data-task="instruction" checked' in in_own_words
    assert ">Who pays?</textarea>" in in_own_words
    assert classified.count(" checked") == in_own_words.count(" checked") == 1


def test_without_an_analysis_the_form_begins_with_the_first_recipe(as_alice: Client, notice: Document) -> None:
    page = page_of(as_alice, notice)

    assert re.findall(r'data-task="(\w+)" checked', page) == ["summary"]


def test_a_long_file_name_may_break_between_its_parts(as_alice: Client, notice: Document) -> None:
    Document.objects.filter(pk=notice.pk).update(title="annual_report-2025 <b>")

    assert "<h1>annual_<wbr>report-<wbr>2025 &lt;b&gt;</h1>" in page_of(as_alice, notice)


def test_marks_are_dropped_when_the_text_is_another_one(as_alice: Client, notice: Document, summary: Analysis) -> None:
    Document.objects.filter(pk=notice.pk).update(content_sha256="other")

    page = page_of(as_alice, notice)

    assert "was read again after this was made" in page
    assert "<mark" not in page


def test_words_of_the_document_are_only_words(as_alice: Client, notice: Document) -> None:
    Document.objects.filter(pk=notice.pk).update(content="<script>alert(1)</script>" + notice.content)

    assert "<script>alert" not in page_of(as_alice, notice)


def test_a_recipe_is_started_and_its_place_is_shown(as_alice: Client, notice: Document) -> None:
    recipe = Recipe.objects.get(owner=None, slug="key-points")

    response = as_alice.post(f"/documents/{notice.pk}/analyse/", {"recipe": recipe.pk})

    analysis = notice.analyses.get()
    assert analysis.recipe == recipe
    assert response.headers["Location"] == f"/documents/{notice.pk}/?analysis={analysis.pk}"


def test_ones_own_words_are_an_analysis_too(as_alice: Client, notice: Document) -> None:
    as_alice.post(f"/documents/{notice.pk}/analyse/", {"recipe": "", "instruction": "Who pays?"})

    assert notice.analyses.get().instruction == "Who pays?"


def test_labels_come_separated_by_commas(as_alice: Client, notice: Document) -> None:
    recipe = Recipe.objects.get(owner=None, slug="classification")

    as_alice.post(f"/documents/{notice.pk}/analyse/", {"recipe": recipe.pk, "labels": "notice, letter ,"})

    assert notice.analyses.get().labels == ["notice", "letter"]


@pytest.mark.parametrize("asked", [{}, {"recipe": "999999"}, {"recipe": "x"}])
def test_an_analysis_that_does_not_exist_is_refused_with_words(
    as_alice: Client, notice: Document, asked: dict[str, str]
) -> None:
    page = as_alice.post(f"/documents/{notice.pk}/analyse/", asked, follow=True).content.decode()

    assert 'class="notice wrong"' in page
    assert not notice.analyses.exists()


def test_a_document_without_text_cannot_be_analysed(as_alice: Client, notice: Document) -> None:
    Document.objects.filter(pk=notice.pk).update(status=Status.READING)

    page = as_alice.post(f"/documents/{notice.pk}/analyse/", {"instruction": "Who pays?"}, follow=True).content.decode()

    assert "has no text yet" in page


def test_a_running_analysis_is_polled_and_a_finished_one_brings_the_marks(as_alice: Client, summary: Analysis) -> None:
    Analysis.objects.filter(pk=summary.pk).update(status=AnalysisStatus.RUNNING)
    running = as_alice.get(f"/analyses/{summary.pk}/", headers=HTMX).content.decode()

    Analysis.objects.filter(pk=summary.pk).update(status=AnalysisStatus.DONE)
    finished = as_alice.get(f"/analyses/{summary.pk}/", headers=HTMX).content.decode()

    assert "every 1s" in running
    assert "<mark" not in running
    assert "every 1s" not in finished
    assert '<hx-partial hx-target="#text"' in finished
    assert "<mark" in finished


def test_the_address_of_an_analysis_leads_to_its_document(
    as_alice: Client, notice: Document, summary: Analysis
) -> None:
    response = as_alice.get(f"/analyses/{summary.pk}/")

    assert response.headers["Location"] == f"/documents/{notice.pk}/?analysis={summary.pk}"


def test_an_analysis_can_be_stopped(as_alice: Client, summary: Analysis) -> None:
    Analysis.objects.filter(pk=summary.pk).update(status=AnalysisStatus.RUNNING)

    page = as_alice.post(f"/analyses/{summary.pk}/cancel/", follow=True).content.decode()

    assert "Stopped before it was done." in page


def test_a_failed_analysis_shows_its_reason(as_alice: Client, notice: Document, summary: Analysis) -> None:
    Analysis.objects.filter(pk=summary.pk).update(status=AnalysisStatus.FAILED, error="The model is busy.")

    assert "The model is busy." in page_of(as_alice, notice)


def test_a_document_being_read_shows_how_far_it_is(as_alice: Client, notice: Document) -> None:
    Document.objects.filter(pk=notice.pk).update(
        status=Status.READING, progress=0.4, pages_read=799, page_count=1000, content="", content_sha256=""
    )

    page = page_of(as_alice, notice)

    assert "Reading page 800 of 1,000, 40 %" in page
    assert "every 1s" in page


def test_a_document_that_could_not_be_read_says_why_and_can_be_read_again(
    as_alice: Client, notice: Document, commit: Commit
) -> None:
    Document.objects.filter(pk=notice.pk).update(status=Status.FAILED, error="It is damaged.", content="")
    page = page_of(as_alice, notice)

    with commit():
        as_alice.post(f"/documents/{notice.pk}/read-again/")

    assert "It is damaged." in page
    assert Document.objects.get(pk=notice.pk).status == Status.READY


def test_unread_pages_are_named(as_alice: Client, notice: Document) -> None:
    unread = [
        {"page": 3, "kind": "unreadable", "reason": "It is torn."},
        {"page": 5, "kind": "too_large", "reason": "It is huge."},
    ]
    Document.objects.filter(pk=notice.pk).update(unread_pages=[3, 5], unread=unread)

    page = page_of(as_alice, notice, tab="overview")

    assert "2 pages could not be read" in page
    assert "Page 3</a>: It is torn." in page
    assert "Page 5</a>: It is huge." in page


def test_a_document_is_renamed(as_alice: Client, notice: Document) -> None:
    as_alice.post(f"/documents/{notice.pk}/rename/", {"title": "Water"})

    assert Document.objects.get(pk=notice.pk).title == "Water"


def test_a_document_is_deleted_only_after_asking(as_alice: Client, notice: Document) -> None:
    asked = as_alice.get(f"/documents/{notice.pk}/delete/").content.decode()
    there = Document.objects.filter(pk=notice.pk).exists()

    as_alice.post(f"/documents/{notice.pk}/delete/")

    assert "you can put it back" in asked
    assert there
    assert not Document.objects.visible_to(notice.owner).filter(pk=notice.pk).exists()


def test_the_original_comes_as_an_attachment(as_alice: Client, notice: Document) -> None:
    response = as_alice.get(f"/documents/{notice.pk}/file/")

    assert response.headers["Content-Disposition"] == 'attachment; filename="notice.md"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert b"8 Quay Street" in b"".join(response.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", ["", "delete/", "rename/", "file/"])
def test_bob_does_not_see_it(as_bob: Client, notice: Document, place: str) -> None:
    assert as_bob.get(f"/documents/{notice.pk}/{place}").status_code == 404


@pytest.mark.parametrize("deed", ["analyse/", "read-again/", "delete/", "rename/"])
def test_bob_cannot_touch_it(as_bob: Client, notice: Document, deed: str) -> None:
    assert as_bob.post(f"/documents/{notice.pk}/{deed}", {"instruction": "x", "title": "x"}).status_code == 404


def test_bob_does_not_see_the_analysis(as_bob: Client, summary: Analysis) -> None:
    assert as_bob.get(f"/analyses/{summary.pk}/").status_code == 404
    assert as_bob.post(f"/analyses/{summary.pk}/cancel/").status_code == 404


def test_what_does_not_exist_is_not_found(as_alice: Client) -> None:
    response = as_alice.get(f"/documents/{uuid.uuid4()}/")

    assert response.status_code == 404


@pytest.mark.parametrize("part", ["0", "7", "-1", "x", "9" * 40])
def test_any_part_asked_for_gives_a_page(as_alice: Client, notice: Document, part: str) -> None:
    assert "The water will be turned off" in page_of(as_alice, notice, part=part)


def test_the_journey_from_the_file_to_the_marked_words(as_alice: Client, notice: Document, commit: Commit) -> None:
    recipe = Recipe.objects.get(owner=None, slug="summary")

    with commit():
        actions.analyse(person=notice.owner, document=notice, options=actions.Options(recipe=recipe))

    assert '<mark class="cited"' in page_of(as_alice, notice)
