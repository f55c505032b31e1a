"""Many documents of the library at once, and words that are pasted."""

import csv
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from documents import actions, files
from documents.models import Collection, Document, Tag
from documents.packing import zipping
from documents.web import bulk

HTMX = {"HX-Request": "true"}


def put(owner: User, name: str, words: str = "") -> Document:
    file = SimpleUploadedFile(name, (words or f"Words of {name}.").encode())
    return actions.upload(owner=owner, file=file).document


@pytest.fixture
def papers(alice: User) -> list[Document]:
    return [put(alice, f"paper-{n}.txt") for n in range(3)]


@pytest.fixture
def foreign(bob: User) -> Document:
    return put(bob, "diary.txt")


def do(client: Client, verb: str, *documents: Document, **fields: object) -> str:
    chosen = {"document": [one.pk for one in documents]}
    return client.post(f"/documents/chosen/{verb}/", chosen | fields, follow=True).content.decode()


def unzipped(response: HttpResponse) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]


def test_many_get_a_new_tag(as_alice: Client, alice: User, papers: list[Document]) -> None:
    page = do(as_alice, "tag", *papers[:2], new_tag="  To   read ")

    assert "2 documents now have the tag “To read”." in page
    assert set(alice.tags.get().documents.all()) == set(papers[:2])


def test_many_get_a_tag_that_is_there(as_alice: Client, alice: User, papers: list[Document]) -> None:
    tag = actions.make_tag(owner=alice, name="Read")

    page = do(as_alice, "tag", papers[0], put_tag=tag.pk)

    assert "1 document now has the tag “Read”." in page
    assert list(tag.documents.all()) == [papers[0]]


def test_a_tag_is_taken_off_where_it_is_looked_at(as_alice: Client, alice: User, papers: list[Document]) -> None:
    tag = actions.make_tag(owner=alice, name="Read")
    actions.put_tag(person=alice, tag=tag, documents=[one.pk for one in papers])

    do(as_alice, "take-tag", papers[0], tag=tag.pk)

    assert set(tag.documents.all()) == set(papers[1:])


def test_enter_in_the_box_for_a_name_does_what_the_box_is_for(
    as_alice: Client, alice: User, papers: list[Document]
) -> None:
    do(as_alice, "typed", papers[0], new_tag="Rent")
    do(as_alice, "typed", papers[0], new_collection="Drawer")
    do(as_alice, "typed", papers[0])

    assert papers[0].tags.get().name == "Rent"
    assert papers[0].collections.get().name == "Drawer"


def test_many_are_put_into_a_collection_new_or_not(as_alice: Client, alice: User, papers: list[Document]) -> None:
    page = do(as_alice, "collect", *papers[:2], new_collection="Drawer")
    do(as_alice, "collect", papers[2], new_collection="drawer")

    assert "2 documents are in “Drawer” now." in page
    assert set(alice.collections.get().documents.all()) == set(papers)


def test_moving_takes_out_of_the_collection_that_is_looked_at(
    as_alice: Client, alice: User, papers: list[Document]
) -> None:
    old = actions.make_collection(owner=alice, name="Old", documents=[one.pk for one in papers])
    new = actions.make_collection(owner=alice, name="New")

    page = do(as_alice, "collect", *papers[:2], put_into=new.pk, move="yes", collection=old.pk)

    assert "2 documents moved from “Old” to “New”." in page
    assert list(old.documents.all()) == [papers[2]]
    assert set(new.documents.all()) == set(papers[:2])


def test_taking_out_leaves_them_in_the_library(as_alice: Client, alice: User, papers: list[Document]) -> None:
    old = actions.make_collection(owner=alice, name="Old", documents=[one.pk for one in papers])

    do(as_alice, "take-out", papers[0], collection=old.pk)

    assert set(old.documents.all()) == set(papers[1:])
    assert alice.documents.count() == 3


def test_deleted_ones_can_be_had_back_at_once(as_alice: Client, alice: User, papers: list[Document]) -> None:
    page = do(as_alice, "delete", *papers[:2])
    left = Document.objects.visible_to(alice).count()
    back = as_alice.post("/bin/put-back/", follow=True).content.decode()

    assert "2 documents are in" in page
    assert "Undo</button>" in page
    assert left == 1
    assert "2 documents are back in your library." in back
    assert Document.objects.visible_to(alice).count() == 3


def test_undo_is_offered_once(as_alice: Client, papers: list[Document]) -> None:
    do(as_alice, "delete", papers[0])

    assert "Undo</button>" not in as_alice.get("/documents/").content.decode()


def test_all_that_match_are_meant_by_their_filter(as_alice: Client, alice: User, papers: list[Document]) -> None:
    other = put(alice, "other.txt")

    do(as_alice, "delete", all="yes", q="paper")

    assert list(Document.objects.visible_to(alice)) == [other]


def test_what_came_after_the_page_was_made_is_not_meant(as_alice: Client, alice: User, papers: list[Document]) -> None:
    seen = timezone.now().isoformat()
    later = put(alice, "later.txt")

    do(as_alice, "delete", all="yes", seen=seen)

    assert list(Document.objects.visible_to(alice)) == [later]


@pytest.mark.parametrize("asked", [{"tag": "999999"}, {"collection": "x"}, {"status": "gone"}, {"added": "never"}])
def test_a_filter_that_fell_away_never_means_everything(
    as_alice: Client, alice: User, papers: list[Document], asked: dict[str, str]
) -> None:
    page = do(as_alice, "delete", all="yes", **asked)

    assert "Choose at least one document first." in page
    assert Document.objects.visible_to(alice).count() == 3


@pytest.mark.parametrize("verb", ["tag", "take-tag", "collect", "take-out", "export", "delete", "analyse", "ask"])
def test_foreign_documents_are_as_if_they_were_not(
    as_alice: Client, alice: User, bob: User, foreign: Document, verb: str
) -> None:
    page = do(as_alice, verb, foreign, new_tag="x", new_collection="x")

    foreign.refresh_from_db()
    assert "Choose at least one document first." in page
    assert foreign.deleted_at is None
    assert not foreign.tags.exists()
    assert not foreign.collections.exists()


def test_foreign_tags_and_collections_are_not_there(
    as_alice: Client, alice: User, bob: User, papers: list[Document]
) -> None:
    tag = actions.make_tag(owner=bob, name="Bob's")
    drawer = actions.make_collection(owner=bob, name="Bob's")

    said = [
        do(as_alice, "tag", papers[0], put_tag=tag.pk),
        do(as_alice, "take-tag", papers[0], tag=tag.pk),
        do(as_alice, "collect", papers[0], put_into=drawer.pk),
        do(as_alice, "take-out", papers[0], collection=drawer.pk),
        do(as_alice, "tag", papers[0], put_tag="x'"),
    ]

    assert all("any more. Choose another one." in one or "Choose at least one" in one for one in said)
    assert not tag.documents.exists()
    assert not drawer.documents.exists()


def test_undo_brings_back_only_ones_own(as_alice: Client, as_bob: Client, alice: User, papers: list[Document]) -> None:
    do(as_alice, "delete", papers[0])
    as_bob.post("/bin/put-back/")

    assert Document.objects.visible_to(alice).count() == 2


@pytest.mark.parametrize(("verb", "name"), [("tag", "tag"), ("collect", "collection")])
def test_a_name_is_needed(as_alice: Client, papers: list[Document], verb: str, name: str) -> None:
    assert f"A {name} needs a name." in do(as_alice, verb, papers[0])
    assert not Tag.objects.exists()
    assert not Collection.objects.exists()


def test_nonsense_among_the_boxes_counts_for_nothing(as_alice: Client, papers: list[Document]) -> None:
    as_alice.post("/documents/chosen/delete/", {"document": ["x", str(papers[0].pk), "\x00"]})

    assert Document.objects.filter(deleted_at=None).count() == 2


def test_one_comes_back_to_the_same_part_of_the_library(as_alice: Client, papers: list[Document]) -> None:
    response = as_alice.post(
        "/documents/chosen/tag/",
        {"document": papers[0].pk, "new_tag": "x", "q": "paper", "sort": "title", "after": "a"},
    )

    assert response.headers["Location"] == "/documents/?q=paper&sort=title&after=a"


def test_a_script_gets_the_part_with_what_was_said(as_alice: Client, papers: list[Document]) -> None:
    response = as_alice.post(
        "/documents/chosen/delete/", {"document": papers[0].pk}, headers=HTMX, follow=True
    ).content.decode()

    assert "<html" not in response
    assert "“paper-0” is in <a" in response


def test_only_a_post_does_anything(as_alice: Client, papers: list[Document]) -> None:
    assert as_alice.get("/documents/chosen/delete/").status_code == 405
    assert as_alice.post("/documents/chosen/explode/").status_code == 404


@pytest.mark.parametrize(("verb", "page"), [("analyse", "/analyses/new/"), ("ask", "/ask/")])
def test_few_are_chosen_by_their_ids_on_the_next_page(
    as_alice: Client, papers: list[Document], verb: str, page: str
) -> None:
    response = as_alice.post(f"/documents/chosen/{verb}/", {"document": papers[0].pk})

    assert response.headers["Location"] == f"{page}?document={papers[0].pk}"


@pytest.mark.parametrize(("verb", "page"), [("analyse", "/analyses/new/?"), ("ask", "/ask/?")])
def test_everything_and_whole_collections_are_said_by_name(
    as_alice: Client, alice: User, papers: list[Document], verb: str, page: str
) -> None:
    drawer = actions.make_collection(owner=alice, name="Drawer", documents=[papers[0].pk])

    whole = as_alice.post(f"/documents/chosen/{verb}/", {"all": "yes"})
    of_drawer = as_alice.post(f"/documents/chosen/{verb}/", {"all": "yes", "collection": drawer.pk})

    assert whole.headers["Location"] == page
    assert of_drawer.headers["Location"] == f"{page}collection={drawer.pk}"


@pytest.mark.parametrize(("verb", "words"), [("analyse", "<h1>Analyse many</h1>"), ("ask", "Ask your documents")])
def test_many_are_chosen_without_an_address_of_all_their_ids(
    as_alice: Client, leases: list[Document], monkeypatch: pytest.MonkeyPatch, verb: str, words: str
) -> None:
    monkeypatch.setattr(bulk, "MOST_IN_AN_ADDRESS", 2)
    Document.objects.update(status="ready", content_sha256="x")

    page = do(as_alice, verb, *leases)

    assert words in page
    assert page.count(" checked><span>Lease") == 3


@pytest.mark.parametrize("verb", ["analyse", "ask"])
def test_too_many_are_refused_with_the_way_out(
    as_alice: Client, papers: list[Document], monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)

    assert "put them into a collection" in do(as_alice, verb, *papers)


def test_the_export_has_the_originals_and_a_list_of_them(
    as_alice: Client, alice: User, papers: list[Document], foreign: Document
) -> None:
    tag = actions.make_tag(owner=alice, name="Read")
    actions.put_tag(person=alice, tag=tag, documents=[papers[0].pk])
    asked = {"document": [papers[0].pk, papers[1].pk, foreign.pk]}

    archive = unzipped(as_alice.post("/documents/chosen/export/", asked))  # type: ignore[arg-type]
    told = json.loads(archive.read("documents.json"))
    rows = list(csv.DictReader(io.StringIO(archive.read("documents.csv").decode("utf-8-sig"))))

    assert archive.testzip() is None
    assert sorted(archive.namelist()) == [
        "documents.csv",
        "documents.json",
        "originals/paper-0.txt",
        "originals/paper-1.txt",
    ]
    assert archive.read("originals/paper-0.txt") == b"Words of paper-0.txt."
    assert [one["tags"] for one in told] == [[], ["Read"]]
    assert rows[1]["sha256"] == papers[0].sha256
    assert rows[1]["tags"] == "Read"


def test_the_export_is_sent_piece_by_piece(as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIECE_BYTES", 1000)
    monkeypatch.setattr(zipping, "SENT_BYTES", 1000)
    document = put(alice, "long.txt", "word " * 2000)

    response = as_alice.post("/documents/chosen/export/", {"document": document.pk})
    pieces = list(response.streaming_content)  # type: ignore[attr-defined]

    assert len(pieces) >= 10
    assert max(map(len, pieces)) < 3000
    assert response.headers["Content-Disposition"].startswith('attachment; filename="glossa-documents-')


def test_an_original_that_is_missing_is_listed_as_such(as_alice: Client, papers: list[Document]) -> None:
    files.forget(papers[0].file_name)

    archive = unzipped(as_alice.post("/documents/chosen/export/", {"document": papers[0].pk}))  # type: ignore[arg-type]

    assert json.loads(archive.read("documents.json"))[0]["file"] == "The original is missing on the server."


def test_names_in_an_export_are_no_paths_and_no_two_alike(as_alice: Client, alice: User) -> None:
    papers = [put(alice, "a.txt", "One."), put(alice, "A.txt", "Two.")]
    Document.objects.filter(pk=papers[0].pk).update(filename="../../etc/passwd")
    Document.objects.filter(pk=papers[1].pk).update(filename="ETC\\passwd")

    archive = unzipped(as_alice.post("/documents/chosen/export/", {"document": [one.pk for one in papers]}))  # type: ignore[arg-type]

    assert sorted(archive.namelist())[2:] == ["originals/ETCpasswd", "originals/etcpasswd (2)"]


def test_pasted_words_become_a_document(as_alice: Client, alice: User) -> None:
    page = as_alice.post("/documents/paste/", {"title": "A note", "text": "Dear all."}, follow=True).content.decode()

    assert "“A note” is kept and will be read now." in page
    assert alice.documents.get().title == "A note"


def test_words_without_a_title_are_called_by_their_first_line(as_alice: Client, alice: User) -> None:
    as_alice.post("/documents/paste/", {"title": "", "text": "\n\n  Dear   all,\nthe water is off."})

    assert alice.documents.get().title == "Dear all,"


def test_the_same_words_twice_are_one_document(as_alice: Client, alice: User) -> None:
    as_alice.post("/documents/paste/", {"text": "Dear all."})
    page = as_alice.post("/documents/paste/", {"text": "Dear all."}, follow=True).content.decode()

    assert "You already have this text" in page
    assert alice.documents.count() == 1


@pytest.mark.parametrize(
    ("text", "words"), [("", "There is no text."), (" \n ", "There is no text."), ("x" * 1_000_001, "longer than")]
)
def test_words_that_cannot_be_kept_are_refused_where_they_stand(
    as_alice: Client, alice: User, text: str, words: str
) -> None:
    page = as_alice.post("/documents/paste/", {"title": "Mine", "text": text}).content.decode()
    part = as_alice.post("/documents/paste/", {"title": "Mine", "text": text}, headers=HTMX)

    assert words in page
    assert 'value="Mine"' in page
    assert part.headers["HX-Retarget"] == "#paste-fields"
    assert not alice.documents.exists()


def test_there_is_a_page_for_pasting_without_a_script(as_alice: Client, client: Client) -> None:
    assert "Keep this text" in as_alice.get("/documents/paste/").content.decode()
    assert client.get("/documents/paste/").status_code == 302
