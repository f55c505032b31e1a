"""Analyses of many documents: watched, read in a table, taken along."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from documents.models import Analysis, AnalysisStatus, Citation, Document, Run
from documents.values import Task
from documents.web import tables
from tests.web.analysed import done, words_of

HTMX = {"HX-Request": "true"}
SCHEMA = {
    "type": "object",
    "properties": {"Price": {"type": "number"}, "Water off": {"type": "string", "format": "date"}},
}


def a_run(owner: User, *analyses: Analysis, name: str = "Key points") -> Run:
    run = Run.objects.create(owner=owner, name=name)
    Analysis.objects.filter(pk__in=[one.pk for one in analyses]).update(run=run)
    return run


def shown(client: Client, run: Run, **query: str) -> str:
    return client.get(f"/runs/{run.pk}/", query).content.decode()


def test_values_stand_in_columns_with_marks_that_lead_to_the_words(
    as_alice: Client, alice: User, notice: Document
) -> None:
    found = [
        {"text": "4800", "label": "Price", "quotes": ["€4,800"]},
        {"text": "2026-05-12", "label": "Water off", "quotes": ["12 May 2026"]},
    ]
    wrong = {"text": "900", "label": "Price", "quotes": ["nine hundred"], "doubt": ""}
    full = done(notice, Task.EXTRACT, *found, schema=SCHEMA)
    run = a_run(alice, full, done(notice, Task.EXTRACT, wrong, schema=SCHEMA), name="Facts")

    page = shown(as_alice, run)

    assert re.findall(r'<th scope="col">([^<]+)</th>', page) == ["Document", "Price", "Water off"]
    assert f'href="/documents/{notice.pk}/?analysis={full.pk}#cite-1"' in page
    assert "4,800 1" in words_of(page)
    assert "12 May 2026 2" in words_of(page)
    assert "900 not verified – not found" in words_of(page)
    reader = as_alice.get(f"/documents/{notice.pk}/?analysis={full.pk}").content.decode()
    assert '<span id="cite-2"></span>12 May 2026</mark>' in reader


def test_classes_stand_with_how_sure_and_why(as_alice: Client, alice: User, notice: Document) -> None:
    claim = {"text": "It names a price.", "label": "notice", "score": 0.94, "quotes": ["€4,800"]}
    page = shown(as_alice, a_run(alice, done(notice, Task.CLASSIFY, claim)))

    assert "Class Sure Rests on" in words_of(page)
    assert "notice 94 % It names a price. €4,800 1" in words_of(page)


def test_of_other_analyses_the_first_statements_stand_and_how_many_are_verified(
    as_alice: Client, alice: User, notice: Document
) -> None:
    claims = [{"text": f"Point {n}.", "quotes": ["€4,800" if n else "the moon"]} for n in range(5)]
    run = a_run(alice, done(notice, Task.KEY_POINTS, *claims))

    words = words_of(shown(as_alice, run))

    assert "Point 0. not verified Point 1. 1 Point 2. 1 2 more" in words
    assert "4 of 5" in words
    assert "Point 3." not in words


def test_marks_far_into_a_text_open_the_right_part_of_it(as_alice: Client, alice: User, notice: Document) -> None:
    content = "x" * 300_000 + " The end is near."
    Document.objects.filter(pk=notice.pk).update(content=content)
    notice.refresh_from_db()

    page = shown(
        as_alice, a_run(alice, done(notice, Task.SUMMARY, {"text": "It ends.", "quotes": ["The end is near."]}))
    )

    assert "&amp;at=300001-300017#cite-1" in page


def test_marks_are_dropped_when_a_document_was_read_again(as_alice: Client, alice: User, notice: Document) -> None:
    run = a_run(alice, done(notice, Task.SUMMARY, {"text": "It costs.", "quotes": ["€4,800"]}))
    Document.objects.filter(pk=notice.pk).update(content_sha256="other")

    page = shown(as_alice, run)

    assert "Read again since" in page
    assert 'class="tie"' not in page
    assert "not verified" not in page


def standings(alice: User, notice: Document) -> Run:
    """One done, one under way, one failed, one stopped."""
    for status in AnalysisStatus:
        analysis = done(notice, Task.SUMMARY, {"text": "It costs."})
        error = "The model is busy." if status == AnalysisStatus.FAILED else ""
        Analysis.objects.filter(pk=analysis.pk).update(status=status, error=error, progress=0.4, title=f"On {status}")
    return a_run(alice, *notice.analyses.all())


def test_a_run_under_way_is_watched(as_alice: Client, alice: User, notice: Document) -> None:
    run = standings(alice, notice)

    part = as_alice.get(f"/runs/{run.pk}/", headers=HTMX).content.decode()

    assert part.startswith('<div class="run" id="run"')
    assert f'hx-get="/runs/{run.pk}/" hx-trigger="every 2s"' in part
    assert '<progress max="100" value="60"' in part
    assert "1 of 5 done 0 of 1 statement verified 2 to go 1 failed 1 stopped 60 % have ended." in words_of(part)
    assert "Working, 40 %" in words_of(part)
    assert "Failed The model is busy." in words_of(part)
    assert "Stopped before it was done." in part


@pytest.mark.parametrize(("only", "titles"), [("failed", ["On failed"]), ("stopped", ["On cancelled"]), ("x", [])])
def test_rows_are_narrowed_to_what_became_of_them(
    as_alice: Client, alice: User, notice: Document, only: str, titles: list[str]
) -> None:
    page = shown(as_alice, standings(alice, notice), only=only)

    found = re.findall(r'<th scope="row"><a [^>]+>([^<]+)</a>', page)
    assert found == titles if titles else len(found) == 5


def test_a_run_is_stopped_and_what_failed_is_tried_again(as_alice: Client, alice: User, notice: Document) -> None:
    run = standings(alice, notice)

    stopped = words_of(as_alice.post(f"/runs/{run.pk}/cancel/", follow=True).content.decode())
    tried = words_of(as_alice.post(f"/runs/{run.pk}/retry/", follow=True).content.decode())

    assert "1 of 5 done 0 of 1 statement verified 1 failed 3 stopped" in stopped
    assert "Try the failed one again" in stopped
    assert "1 of 5 done 0 of 1 statement verified 1 to go 3 stopped" in tried


def test_fifty_rows_make_a_page(as_alice: Client, alice: User, notice: Document) -> None:
    run = Run.objects.create(owner=alice, name="Many")
    common = {"owner": alice, "document": notice, "run": run, "task": Task.SUMMARY, "max_tokens": 9}
    Analysis.objects.bulk_create(Analysis(title=f"Letter {n:03}", **common) for n in range(120))

    first, last = shown(as_alice, run), shown(as_alice, run, page="3")

    assert first.count('scope="row"') == tables.PAGE_SIZE
    assert last.count('scope="row"') == 20
    assert "Page 3 of 3" in last
    assert "Letter 119" in last
    assert 'href="?page=2"' in first
    assert 'href="?page=2"' in last


@pytest.mark.parametrize("number", ["0", "-1", "x", "99", "9" * 40])
def test_any_page_asked_for_gives_one(as_alice: Client, alice: User, notice: Document, number: str) -> None:
    run = standings(alice, notice)

    assert as_alice.get(f"/runs/{run.pk}/", {"page": number}).status_code == 200
    assert as_alice.get("/analyses/", {"page": number}).status_code == 200


def test_a_table_takes_as_many_queries_for_many_rows_as_for_one(
    as_alice: Client, alice: User, notice: Document, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = a_run(alice, *(done(notice, Task.SUMMARY, {"text": "It costs.", "quotes": ["€4,800"]}) for _ in range(9)))

    with django_assert_num_queries(6):
        tables.standing(run)
        tables.kind(run)
        found = tables.table(run)

    assert len(found.rows) == 9
    assert Citation.objects.count() == 9


def test_a_run_whose_documents_were_deleted_says_so(as_alice: Client, alice: User) -> None:
    assert "were deleted" in shown(as_alice, Run.objects.create(owner=alice, name="Gone"))


@pytest.mark.parametrize("form", ["json", "md", "csv", "xlsx"])
def test_a_run_is_taken_along(as_alice: Client, alice: User, notice: Document, form: str) -> None:
    run = a_run(alice, done(notice, Task.SUMMARY, {"text": "It costs.", "quotes": ["€4,800"]}), name="May")

    response = as_alice.get(f"/runs/{run.pk}/export/{form}/")

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert as_alice.get(f"/runs/{run.pk}/export/exe/").status_code == 404


def test_the_overview_lists_runs_and_single_analyses(as_alice: Client, alice: User, notice: Document) -> None:
    run = standings(alice, notice)
    alone = done(notice, Task.KEY_POINTS, {"text": "It costs."})

    page = as_alice.get("/analyses/").content.decode()
    part = as_alice.get("/analyses/", headers=HTMX).content.decode()

    assert f'href="/runs/{run.pk}/">Key points</a>' in page
    assert "1 of 5 done 2 not" in words_of(page)
    assert f'href="/documents/{notice.pk}/?analysis={alone.pk}"' in page
    assert page.count("?analysis=") == 1
    assert "every 2s" in part
    assert "?analysis=" not in part


def test_an_empty_overview_says_what_will_be_there(as_alice: Client) -> None:
    page = as_alice.get("/analyses/").content.decode()

    assert "read the answers in one table" in page
    assert "is listed here" in page


def test_the_overview_has_pages(as_alice: Client, alice: User) -> None:
    Run.objects.bulk_create(Run(owner=alice, name=f"Run {n}") for n in range(25))

    first, second = (as_alice.get("/analyses/", {"page": n}).content.decode() for n in ("1", "2"))

    assert first.count('class="title"') == 20
    assert second.count('class="title"') == 5


@pytest.fixture
def run_of_alice(alice: User, notice: Document) -> Run:
    return a_run(alice, done(notice, Task.SUMMARY, {"text": "It costs."}), name="Alice's own")


@pytest.mark.parametrize("place", ["", "export/csv/"])
def test_bob_does_not_see_it(as_bob: Client, run_of_alice: Run, place: str) -> None:
    assert as_bob.get(f"/runs/{run_of_alice.pk}/{place}").status_code == 404
    assert "Alice" not in as_bob.get("/analyses/").content.decode()


@pytest.mark.parametrize("deed", ["cancel", "retry"])
def test_bob_cannot_touch_it(as_bob: Client, run_of_alice: Run, deed: str) -> None:
    assert as_bob.post(f"/runs/{run_of_alice.pk}/{deed}/").status_code == 404


def test_the_library_leads_to_analysing_many(as_alice: Client, notice: Document) -> None:
    assert 'href="/analyses/new/"' in as_alice.get("/documents/").content.decode()
