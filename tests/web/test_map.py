"""The map of a library: drawn when documents changed, shown to its owner alone, never in the way of the old one."""

from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from documents import actions, jobs, maps
from documents.models import Collection, Document, Job, JobKind, JobState, LibraryMap, Tag
from documents.web import map_series
from tests.library import Commit
from tests.mapping import clustered, filled

pytestmark = pytest.mark.django_db

TITLES = [f"Lease of flat {number}" for number in range(20)] + [f"Turbine blade {number}" for number in range(20)]


@pytest.fixture
def library(alice: User) -> list[Document]:
    """Two kinds of documents of Alice's."""
    return filled(alice, TITLES, clustered([20, 20]))


@pytest.fixture
def drawn(library: list[Document], alice: User, commit: Commit) -> LibraryMap:
    with commit():
        actions.draw_map(person=alice)
    return LibraryMap.objects.get(owner=alice)


def page(client: Client, **asked: str) -> str:
    return client.get("/map/", asked).content.decode()


def dots(client: Client, **asked: str) -> Any:
    return client.get("/map/dots/", asked).json()


class TestDrawing:
    def test_looking_draws_it_in_the_background(
        self, as_alice: Client, library: list[Document], commit: Commit
    ) -> None:
        with commit():
            first = page(as_alice)

        assert "The map is being drawn" in first
        assert "40 documents. What is alike lies together" in page(as_alice)

    def test_every_document_has_a_place_and_a_region_named_by_its_words(self, drawn: LibraryMap) -> None:
        words = {word for region in drawn.regions for word in region["label"].split(" · ")}

        assert len({key for key, _, _ in drawn.places}) == 40
        assert sum(len(region["documents"]) for region in drawn.regions) == 40
        assert {"Lease", "Turbine"} <= words
        assert drawn.made_at is not None

    def test_an_unchanged_library_is_not_drawn_again(self, as_alice: Client, drawn: LibraryMap) -> None:
        page(as_alice)

        assert Job.objects.filter(kind=JobKind.MAP).count() == 1

    def test_many_looks_owe_it_once(self, as_alice: Client, library: list[Document]) -> None:
        page(as_alice)
        page(as_alice)

        assert Job.objects.filter(kind=JobKind.MAP).count() == 1

    def test_the_old_map_is_shown_while_a_new_document_is_placed(
        self, as_alice: Client, alice: User, drawn: LibraryMap, commit: Commit
    ) -> None:
        filled(alice, ["Water bill"], clustered([1], seed=5))

        with commit():
            shown = page(as_alice)

        assert "1 document is not on it yet" in shown
        assert "every 2s" in shown
        assert "41 documents" in page(as_alice)

    def test_who_waits_is_shown_the_new_one_when_it_is_there(
        self, as_alice: Client, library: list[Document], commit: Commit
    ) -> None:
        with commit():
            waiting = as_alice.get("/map/", headers={"HX-Request": "true"})

        assert 'id="map-state"' in waiting.content.decode()
        assert as_alice.get("/map/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"

    def test_a_document_in_the_bin_is_on_it_no_more(
        self, as_alice: Client, alice: User, drawn: LibraryMap, library: list[Document]
    ) -> None:
        actions.put_in_bin(person=alice, documents=[library[0].pk])

        assert "Documents have changed" in page(as_alice)
        assert str(library[0].pk) not in str(dots(as_alice))

    def test_vectors_that_cannot_be_compared_are_left_out_and_counted(
        self, as_alice: Client, alice: User, library: list[Document], commit: Commit
    ) -> None:
        Document.objects.filter(pk=library[0].pk).update(embedding=[0.1] * 768)
        library[1].passages.update(embedding_model="another")
        Document.objects.filter(pk=library[2].pk).update(embedding=None)

        with commit():
            page(as_alice)

        assert "3 documents have no place on it" in page(as_alice)
        assert len(dots(as_alice)["dots"]) == 37

    def test_a_map_whose_owner_is_gone_is_dropped(self, alice: User, library: list[Document]) -> None:
        actions.draw_map(person=alice)
        held = jobs.claim(Job.objects.get(kind=JobKind.MAP).pk)
        assert held is not None
        LibraryMap.objects.all().delete()

        maps.run(held)

        assert Job.objects.get(kind=JobKind.MAP).state == JobState.CANCELLED

    def test_a_worker_that_lost_the_job_changes_nothing(self, alice: User, library: list[Document]) -> None:
        actions.draw_map(person=alice)
        held = jobs.claim(Job.objects.get(kind=JobKind.MAP).pk)
        assert held is not None
        Job.objects.update(fence=held.fence + 1)

        with pytest.raises(jobs.Lost):
            maps.run(held)

        assert LibraryMap.objects.get().places == []


class TestFailing:
    @pytest.fixture
    def failed(self, drawn: LibraryMap, alice: User) -> LibraryMap:
        filled(alice, ["Water bill"], clustered([1], seed=5))
        actions.draw_map(person=alice)
        held = jobs.claim(Job.objects.get(kind=JobKind.MAP, state=JobState.QUEUED).pk)
        assert held is not None
        maps.fail(held, state=JobState.FAILED, code="internal", message="Something went wrong on our side.")
        return drawn

    def test_the_page_says_why_and_keeps_the_old_map(self, as_alice: Client, failed: LibraryMap) -> None:
        shown = page(as_alice)

        assert "could not be drawn. Something went wrong on our side." in shown
        assert "40 documents" in shown

    def test_it_is_not_tried_again_by_itself(self, as_alice: Client, failed: LibraryMap) -> None:
        page(as_alice)

        assert not Job.objects.filter(kind=JobKind.MAP, state=JobState.QUEUED).exists()

    def test_its_owner_has_it_drawn_again(self, as_alice: Client, failed: LibraryMap, commit: Commit) -> None:
        with commit():
            as_alice.post("/map/draw/")

        assert "41 documents" in page(as_alice)

    def test_staff_retry_its_job(self, failed: LibraryMap, commit: Commit) -> None:
        job = Job.objects.get(kind=JobKind.MAP, state=JobState.FAILED)

        with commit():
            assert actions.retry_job(job=job)

        assert len(LibraryMap.objects.get(pk=failed.pk).places) == 41


class TestPage:
    def test_without_documents_it_leads_to_the_library(self, as_alice: Client) -> None:
        assert "No documents yet" in page(as_alice)
        assert not Job.objects.exists()

    def test_one_document_is_no_map_yet(self, as_alice: Client, notice: Document, commit: Commit) -> None:
        with commit():
            page(as_alice)

        assert "One document, one dot" in page(as_alice)

    def test_documents_that_are_being_read_are_told_of(self, as_alice: Client, notice: Document) -> None:
        Document.objects.update(status="reading")

        assert "Your documents are being read" in page(as_alice)

    def test_documents_that_could_not_be_read_are_told_of(self, as_alice: Client, scan: Document) -> None:
        assert "None of your documents could be read" in page(as_alice)

    def test_documents_without_words_are_told_of(self, as_alice: Client, notice: Document, commit: Commit) -> None:
        Document.objects.update(embedding=None)
        with commit():
            page(as_alice)

        assert "No document here has words to compare" in page(as_alice)

    def test_it_lists_regions_with_their_documents_without_any_script(
        self, as_alice: Client, drawn: LibraryMap, library: list[Document]
    ) -> None:
        shown = page(as_alice)
        number = next(at for at, row in enumerate(drawn.regions, 1) if len(row["documents"]) > 6)
        region = drawn.regions[number - 1]
        opened = page(as_alice, region=str(number))

        assert shown.count("<h3>") == len(drawn.regions)
        assert f"{len(region['documents']) - 6} more" in shown
        assert all(f"/documents/{key}/" in opened for key in region["documents"])

    def test_bob_sees_nothing_of_it(self, as_bob: Client, drawn: LibraryMap) -> None:
        assert "No documents yet" in page(as_bob)
        assert dots(as_bob) == {"dots": [], "regions": []}

    def test_strangers_are_asked_to_sign_in(self, client: Client) -> None:
        assert client.get("/map/").status_code == 302
        assert client.get("/map/dots/").status_code == 302

    @pytest.mark.parametrize("asked", [{"by": "<b>"}, {"region": "-1"}, {"region": "99999"}, {"region": "²"}])
    def test_what_is_no_way_and_no_region_is_passed_over(
        self, as_alice: Client, drawn: LibraryMap, asked: dict[str, str]
    ) -> None:
        assert "40 documents" in page(as_alice, **asked)


class TestColours:
    def test_by_tag_the_first_of_each_and_those_without(
        self, as_alice: Client, alice: User, drawn: LibraryMap, library: list[Document]
    ) -> None:
        for name, colour, number in (("Flats", 5, 20), ("Archive", 2, 1)):
            Tag.objects.create(owner=alice, name=name, colour=colour).documents.set(library[:number])

        shown, rows = page(as_alice), dots(as_alice)["dots"]

        assert 'class="series-5"' in shown
        assert "No tag</span>" in shown
        series = {row[0]: row[4] for row in rows}
        assert [series[str(one.pk)] for one in (library[0], library[1], library[39])] == [1, 0, 2]

    def test_by_collection_language_and_year(
        self, as_alice: Client, alice: User, drawn: LibraryMap, library: list[Document]
    ) -> None:
        Collection.objects.create(owner=alice, name="Power").documents.set(library[20:])
        Document.objects.filter(pk=library[0].pk).update(language="de")

        assert "Power</span>" in page(as_alice, by="collection")
        assert "German</span>" in page(as_alice, by="language")
        assert f"{timezone.now().year}</span>" in page(as_alice, by="year")

    def test_more_than_eight_have_their_largest_and_the_rest(self, alice: User) -> None:
        titles = [f"Paper {number}" for number in range(24)]
        library = filled(alice, titles, clustered([24]))
        for number in range(11):
            tag = Tag.objects.create(owner=alice, name=f"Tag {number:02}", colour=number % 8)
            tag.documents.set(library[: number + 1][-1:])
        rows = [{"pk": document.pk} for document in library]

        found = map_series.coloured(alice, "tag", rows)

        assert [series.name for series in found.series][-2:] == ["All others", "No tag"]
        assert [series.count for series in found.series] == [1] * 7 + [4, 13]
        assert found.of[library[10].pk] == 7
        assert found.of[library[23].pk] == 8

    def test_shapes_differ_where_colours_might_not_be_seen(self) -> None:
        assert len({*map_series.SHAPES, map_series.NO_SHAPE}) == 9


def test_a_document_read_anew_is_another_library(alice: User, library: list[Document]) -> None:
    mine = Document.objects.visible_to(alice)
    before = maps.fingerprint_of(mine)

    Document.objects.filter(pk=library[0].pk).update(content_sha256="f" * 64)

    assert maps.fingerprint_of(mine) != before


def test_a_map_drawn_again_lies_as_it_lay(
    alice: User, drawn: LibraryMap, library: list[Document], commit: Commit
) -> None:
    before = {key: (x, y) for key, x, y in drawn.places}
    filled(alice, ["Lease of a garage"], clustered([1], seed=5))

    with commit():
        actions.draw_map(person=alice)

    after = {key: (x, y) for key, x, y in LibraryMap.objects.get().places}
    moved = [np.hypot(after[key][0] - x, after[key][1] - y) for key, (x, y) in before.items()]
    assert np.median(moved) < 0.25
