"""Which pages are found for an answer, and what is given of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from documents import actions
from documents.models import Document
from documents.search.pages import FoundPages, find_pages
from documents.search.passages import find
from documents.search.query import Query
from documents.search.scope import Scope
from tests.library import Commit
from tests.reading import files
from tests.reading.files import Sheet, Text
from tests.search.library import Shelve

pytestmark = pytest.mark.django_db

QUESTION = "How is the harbour dredged?"
BAKING = " ".join(f"In bakery {number} the dough rests overnight and the oven is lit at four." for number in range(8))
SHIPPING = " ".join(f"Ship {number} lay in the harbour, loaded timber and left with the tide." for number in range(8))
DREDGING = "The harbour is dredged with a chain of buckets."


def found_for(person: User, question: str = QUESTION, *, pages: int = 10, passages: int = 20) -> FoundPages:
    return find_pages(Scope.of(person), Query(words=question), pages=pages, passages=passages)


def _chapters(*texts: str) -> str:
    """A text whose parts become passages of their own."""
    return "\n\n".join(f"# Part {number}\n\n{text}" for number, text in enumerate(texts, start=1))


@pytest.fixture
def two_views(alice: User, commit: Commit) -> None:
    """A text all about it, and another that says it best, in one part of five."""
    about = "The harbour is dredged by a boat with buckets, and the mud is carried out to sea. " + SHIPPING
    texts = {
        "baking.md": (BAKING, BAKING, DREDGING, BAKING, BAKING),
        "harbour.md": (about, about.replace("boat", "barge"), about.replace("boat", "raft")),
    }
    for name, parts in texts.items():
        with commit():
            actions.upload(owner=alice, file=SimpleUploadedFile(name, _chapters(*parts).encode()))


def _filenames(found: FoundPages) -> list[str]:
    known = dict(Document.objects.values_list("pk", "filename"))
    return [known[document] for document, _ in found.pages]


@pytest.mark.usefixtures("two_views")
def test_a_page_that_is_all_about_it_comes_before_one_that_names_it_once(alice: User) -> None:
    found = found_for(alice)

    assert DREDGING in find(Scope.of(alice), Query(words=QUESTION), 10).hits[0].text
    assert _filenames(found)[0] == "harbour.md"


def test_a_short_letter_is_not_lost_among_long_texts(alice: User, shelve: Shelve) -> None:
    for number in range(4):
        shelve(alice, f"Log {number}", _chapters(*(SHIPPING.replace("timber", f"load {number}") for _ in range(4))))
    letter = shelve(alice, "Letter", DREDGING)

    found = found_for(alice)

    assert found.pages[0] == (letter.pk, 1)


@pytest.mark.usefixtures("two_views")
def test_the_best_passage_is_given_although_its_page_is_not_among_the_first(alice: User) -> None:
    found = found_for(alice, pages=1)

    assert _filenames(found) == ["harbour.md"]
    assert any(DREDGING in hit.text for hit in found.hits)


def test_passages_come_page_by_page_as_they_are_read(alice: User, commit: Commit) -> None:
    pages = ["The harbour is deep.", "Cakes are sweet.", "The harbour is dredged with buckets."]
    pdf = files.pdf(*(Sheet([Text("Page", size=20, y=750), Text(words)]) for words in pages))
    with commit():
        actions.upload(owner=alice, file=SimpleUploadedFile("report.pdf", pdf))

    found = found_for(alice)

    numbers = [number for _, number in found.pages]
    order = [(numbers.index(min(hit.pages)), hit.start) for hit in found.hits]
    assert numbers[0] == 3
    assert order == sorted(order)


def test_every_page_gives_a_passage_and_no_more_are_given_than_wanted(alice: User, shelve: Shelve) -> None:
    for number in range(4):
        shelve(alice, f"Log {number}", _chapters(*(SHIPPING.replace("timber", f"load {number}") for _ in range(4))))

    found = found_for(alice, pages=4, passages=8)

    assert len(found.hits) == 8
    assert {hit.document for hit in found.hits} == {document for document, _ in found.pages}


def test_bob_finds_none_of_alices_pages(alice: User, bob: User, shelve: Shelve) -> None:
    shelve(alice, "Letter", DREDGING)

    assert found_for(bob) == FoundPages((), ())


def test_where_nothing_is_like_it_no_page_is_found(alice: User, shelve: Shelve) -> None:
    shelve(alice, "Letter", DREDGING)

    assert found_for(alice, "zxqv").pages == ()
