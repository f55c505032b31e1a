"""What search finds, for whom, and what it understood."""

import uuid

import pytest

from accounts.models import User
from documents import actions
from documents.models import Collection, Document, Passage, Term
from documents.search.passages import find, find_documents, similar
from documents.search.query import Query
from documents.search.scope import Scope
from documents.search.scoring import Mode, Order
from tests.search.library import Shelve, titles

pytestmark = pytest.mark.django_db

LEASE = "The tenant pays the rent of nine hundred euros on the first day of every month. The deposit is two rents."
INVOICE = "Invoice INV-2024-0815 of the plumber. The water pipe in the kitchen was replaced. The total is 480 euros."
RECIPE = "Stir the flour into the butter, add milk and let the sauce boil until it thickens. Season with nutmeg."


@pytest.fixture
def library(alice: User, shelve: Shelve) -> dict[str, Document]:
    texts = {"Lease": LEASE, "Invoice": INVOICE, "White sauce": RECIPE}
    return {title: shelve(alice, title, content) for title, content in texts.items()}


@pytest.mark.usefixtures("library")
class TestFinding:
    def test_an_exact_number_is_found(self, alice: User) -> None:
        assert titles(find(Scope.of(alice), "INV-2024-0815", 10))[0] == "Invoice"

    def test_other_forms_of_a_word_are_found(self, alice: User) -> None:
        assert titles(find(Scope.of(alice), "tenants paying", 10))[0] == "Lease"

    def test_what_means_the_same_is_found_without_the_words(self, alice: User) -> None:
        found = find(Scope.of(alice), "cooking instructions", 10)

        assert titles(found)[0] == "White sauce"
        assert found.hits[0].bm25 == 0

    def test_what_has_nothing_to_do_with_anything_finds_nothing(self, alice: User) -> None:
        assert find(Scope.of(alice), "zxqv", 10).hits == ()

    def test_words_found_are_marked_where_they_stand(self, alice: User) -> None:
        hit = find(Scope.of(alice), "rents", 1).hits[0]

        marked = [hit.text[mark.start - hit.start : mark.end - hit.start] for mark in hit.highlights]
        assert marked == ["rent", "rents"]
        content = Document.objects.get(pk=hit.document).content
        assert content[hit.start : hit.end] == hit.text

    def test_a_phrase_must_stand_as_it_is(self, alice: User) -> None:
        assert titles(find(Scope.of(alice), '"first day"', 10)) == ["Lease"]
        assert find(Scope.of(alice), '"day first"', 10).hits == ()

    def test_a_phrase_is_whole_words_whatever_their_case(self, alice: User) -> None:
        assert titles(find(Scope.of(alice), '"WATER PIPE"', 10)) == ["Invoice"]
        assert find(Scope.of(alice), '"ater pipe"', 10).hits == ()

    def test_documents_with_an_excluded_word_are_left_out(self, alice: User) -> None:
        assert titles(find(Scope.of(alice), "euros -plumber", 10)) == ["Lease"]

    def test_a_misspelt_word_is_taken_for_one_that_is_there(self, alice: User) -> None:
        found = find(Scope.of(alice), "plumbre ", 10)

        assert titles(found)[0] == "Invoice"
        assert found.understood.corrections == {"plumbre": "plumber"}

    def test_an_unfinished_word_stands_for_what_it_may_become(self, alice: User) -> None:
        found = find(Scope.of(alice), "plum", 10)

        assert titles(found)[0] == "Invoice"
        assert found.understood.corrections == {}

    def test_words_of_a_phrase_are_not_mended(self, alice: User) -> None:
        assert find(Scope.of(alice), '"the plumbre"', 10).hits == ()

    def test_the_modes_rank_by_one_side_alone(self, alice: User) -> None:
        assert find(Scope.of(alice), "cooking", 10, mode=Mode.BM25).hits == ()
        assert titles(find(Scope.of(alice), "cooking", 10, mode=Mode.DENSE))[0] == "White sauce"

    def test_filters_alone_list_what_they_let_through(self, alice: User) -> None:
        assert titles(find(Scope.of(alice), "title:lease", 10)) == ["Lease"]

    def test_a_title_a_type_and_a_day_narrow_the_scope(self, alice: User) -> None:
        assert titles(find(Scope.of(alice), "euros title:invoice", 10)) == ["Invoice"]
        assert find(Scope.of(alice), "euros type:pdf", 10).hits == ()
        assert len(titles(find(Scope.of(alice), "euros type:txt", 10))) == 2
        assert find(Scope.of(alice), "euros before:2020-01-01", 10).hits == ()
        assert len(titles(find(Scope.of(alice), "euros after:2020-01-01", 10))) == 2

    def test_pages_follow_each_other(self, alice: User) -> None:
        first = find(Scope.of(alice), "the", 1)
        second = find(Scope.of(alice), "the", 1, offset=1)

        assert first.has_more
        assert first.hits[0].id != second.hits[0].id

    def test_documents_come_with_their_best_passages(self, alice: User) -> None:
        found = find_documents(Scope.of(alice), "euros", 10)
        newest = find_documents(Scope.of(alice), "euros", 10, order=Order.NEWEST)

        assert {group.best.title for group in found.groups} == {"Lease", "Invoice"}
        assert [group.best.title for group in newest.groups] == ["Invoice", "Lease"]

    def test_a_question_is_searched_without_signs(self, alice: User) -> None:
        assert titles(find(Scope.of(alice), Query(words='what is "INV-2024-0815"?'), 10))[0] == "Invoice"


def test_a_collection_is_a_scope(alice: User, library: dict[str, Document]) -> None:
    made = actions.make_collection(owner=alice, name="House", documents=[library["Lease"].pk])

    assert titles(find(Scope.of(alice), 'euros in:"house"', 10)) == ["Lease"]
    assert titles(find(Scope.of(alice).within_collection(made.pk), "euros", 10)) == ["Lease"]
    assert find(Scope.of(alice), "euros in:nowhere", 10).hits == ()


def test_chosen_documents_are_a_scope_and_none_find_nothing(alice: User, library: dict[str, Document]) -> None:
    scope = Scope.of(alice)

    assert titles(find(scope.within([library["Invoice"].pk]), "euros", 10)) == ["Invoice"]
    assert find(scope.within([]), "euros", 10).hits == ()
    assert find(scope.within([uuid.uuid4()]), "euros", 10).hits == ()


@pytest.mark.usefixtures("library")
def test_bob_finds_nothing_of_alices(bob: User, library: dict[str, Document]) -> None:
    theirs = Collection.objects.create(owner=bob, name="Mine")
    theirs.documents.add(library["Lease"])

    assert find(Scope.of(bob), "rent", 10).hits == ()
    assert find(Scope.of(bob).within([library["Lease"].pk]), "rent", 10).hits == ()
    assert find(Scope.of(bob), "rent in:mine", 10).hits == ()
    assert find(Scope.of(bob), "plumbre ", 10).understood.corrections == {}


@pytest.mark.parametrize(
    ("content", "query"),
    [
        ("房东每个月一号收取租金。押金是两个月的房租。", "押金"),
        ("Der Mieter zahlt die Miete am ersten Tag. Die Kaution beträgt zwei Mieten.", "Kautionen"),
        ("Арендатор платит аренду в первый день месяца. Залог равен двум арендам.", "залога"),
        ("ผู้เช่าจ่ายค่าเช่าในวันแรกของเดือน", "ค่าเช่า"),
    ],
    ids=["Chinese", "German", "Russian", "Thai"],
)
def test_other_languages_and_scripts_are_found(alice: User, shelve: Shelve, content: str, query: str) -> None:
    shelve(alice, "Here", content)
    shelve(alice, "There", RECIPE)

    found = find(Scope.of(alice), query, 10, mode=Mode.BM25)

    assert titles(found) == ["Here"]
    assert found.hits[0].highlights


def test_a_phrase_may_stand_in_the_middle_where_no_spaces_part_words(alice: User, shelve: Shelve) -> None:
    shelve(alice, "Here", "房东每个月一号收取租金。押金是两个月的房租。")
    shelve(alice, "There", RECIPE)

    assert titles(find(Scope.of(alice), '"金是两"', 10)) == ["Here"]
    assert titles(find(Scope.of(alice), "押金", 10)) == ["Here"]


@pytest.mark.parametrize("signs", ["🚀", "§", "%", "🚀 §"])
def test_signs_that_are_no_words_are_found_as_they_stand(alice: User, shelve: Shelve, signs: str) -> None:
    shelve(alice, "Here", "The 🚀 starts on Friday; see § 5, at 50 % of the price.")
    shelve(alice, "There", RECIPE)

    assert titles(find(Scope.of(alice), signs, 10)) == ["Here"]


@pytest.mark.parametrize("word", ["rant ", "cable ", "tend "])
def test_a_short_word_or_one_that_begins_otherwise_is_not_mended(
    alice: User, library: dict[str, Document], word: str
) -> None:
    assert find(Scope.of(alice), word, 10).understood.corrections == {}


def test_similar_documents_are_those_about_the_same(alice: User, bob: User, shelve: Shelve) -> None:
    lease = shelve(alice, "Lease", LEASE)
    other = shelve(alice, "Another lease", "The landlord lets the flat to the tenant for a monthly rent of 700 euros.")
    shelve(alice, "White sauce", RECIPE)
    shelve(bob, "Bob's lease", LEASE)

    found = similar(Scope.of(alice), lease.pk, 5)

    assert found[0][0] == other.pk
    assert len(found) == 2
    assert similar(Scope.of(bob), lease.pk, 5) == []


class TestVocabulary:
    def test_it_counts_the_passages_of_each_term(self, alice: User, library: dict[str, Document]) -> None:
        assert Term.objects.get(owner=alice, word="plumber").passages == 1
        assert Term.objects.get(owner=alice, word="euros").passages == 2
        assert Term.objects.get(owner=alice, number=0).passages == Passage.objects.count()

    def test_it_forgets_what_is_deleted(self, alice: User, library: dict[str, Document]) -> None:
        for document in library.values():
            actions.delete(document=document)

        assert not Term.objects.exists()

    def test_reading_again_counts_once(self, alice: User, library: dict[str, Document], commit) -> None:  # type: ignore[no-untyped-def]
        before = list(Term.objects.order_by("number").values_list("number", "passages"))
        with commit():
            actions.read_again(document=library["Lease"])

        assert list(Term.objects.order_by("number").values_list("number", "passages")) == before
