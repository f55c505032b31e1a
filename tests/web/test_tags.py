"""The pages of tags and collections."""

import pytest
from django.test import Client

from accounts.models import User
from documents import actions
from documents.models import Collection, Document, Tag
from tests.web.analysed import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def urgent(alice: User, leases: list[Document]) -> Tag:
    """On two of the leases."""
    tag = actions.make_tag(owner=alice, name="Urgent")
    actions.put_tag(person=alice, tag=tag, documents=[one.pk for one in leases[:2]])
    return tag


@pytest.fixture
def contracts(alice: User, leases: list[Document]) -> Collection:
    return actions.make_collection(owner=alice, name="Contracts", documents=[one.pk for one in leases])


def names(owner: User) -> list[str]:
    return list(owner.tags.values_list("name", flat=True))


class TestTags:
    def test_they_are_listed_with_their_documents(self, as_alice: Client, urgent: Tag) -> None:
        page = as_alice.get("/tags/").content.decode()

        assert "Urgent 2 documents" in words_of(page)
        assert f'href="/documents/?tag={urgent.pk}"' in page

    def test_one_is_made(self, as_alice: Client, alice: User) -> None:
        as_alice.post("/tags/", {"name": "  To   pay "})

        assert names(alice) == ["To pay"]
        assert "None yet" not in as_alice.get("/tags/").content.decode()

    def test_one_without_a_name_is_not(self, as_alice: Client) -> None:
        assert "None yet" in as_alice.post("/tags/", {"name": " "}).content.decode()

    def test_it_is_renamed_and_recoloured(self, as_alice: Client, urgent: Tag) -> None:
        answer = as_alice.post(f"/tags/{urgent.pk}/", {"name": "Later", "colour": "5"})

        urgent.refresh_from_db()
        assert answer["Location"] == "/tags/"
        assert (urgent.name, urgent.colour) == ("Later", 5)

    def test_a_name_that_is_taken_is_refused_with_a_sentence(self, as_alice: Client, alice: User, urgent: Tag) -> None:
        actions.make_tag(owner=alice, name="Later")

        page = as_alice.post(f"/tags/{urgent.pk}/", {"name": "later", "colour": "0"}).content.decode()

        assert "You have a tag called “later” already. Merge the two" in words_of(page)
        assert names(alice) == ["Later", "Urgent"]

    @pytest.mark.parametrize("colour", ["8", "-1", "red", ""])
    def test_there_are_eight_colours(self, as_alice: Client, urgent: Tag, colour: str) -> None:
        assert as_alice.post(f"/tags/{urgent.pk}/", {"name": "Urgent", "colour": colour}).status_code == 200

    def test_two_become_one(self, as_alice: Client, alice: User, urgent: Tag, leases: list[Document]) -> None:
        later = actions.make_tag(owner=alice, name="Later")
        actions.put_tag(person=alice, tag=later, documents=[leases[1].pk, leases[2].pk])
        actions.put_in_bin(person=alice, documents=[leases[0].pk])

        as_alice.post(f"/tags/{urgent.pk}/merge/", {"into": later.pk})

        assert names(alice) == ["Later"]
        assert set(later.documents.all()) == set(leases)

    def test_one_is_merged_into_another_one_of_ones_own_alone(self, as_alice: Client, bob: User, urgent: Tag) -> None:
        bobs = actions.make_tag(owner=bob, name="Bob's")

        answers = [as_alice.post(f"/tags/{urgent.pk}/merge/", {"into": pk}) for pk in (urgent.pk, bobs.pk, "")]

        assert [answer.status_code for answer in answers] == [200] * 3
        assert Tag.objects.count() == 2

    def test_it_is_deleted_only_after_asking(self, as_alice: Client, alice: User, urgent: Tag) -> None:
        asked = words_of(as_alice.get(f"/tags/{urgent.pk}/delete/").content.decode())
        there = names(alice)

        as_alice.post(f"/tags/{urgent.pk}/delete/")

        assert "It comes off 2 documents, which stay in your library." in asked
        assert there == ["Urgent"]
        assert names(alice) == []
        assert Document.objects.count() == 3

    def test_bob_sees_and_changes_none_of_alices(self, as_bob: Client, alice: User, urgent: Tag) -> None:
        own = f"/tags/{urgent.pk}/"
        statuses = [
            as_bob.get(own).status_code,
            as_bob.post(own, {"name": "Mine", "colour": "1"}).status_code,
            as_bob.post(f"{own}merge/", {"into": urgent.pk}).status_code,
            as_bob.get(f"{own}delete/").status_code,
            as_bob.post(f"{own}delete/").status_code,
        ]

        assert set(statuses) == {404}
        assert "Urgent" not in as_bob.get("/tags/").content.decode()
        assert names(alice) == ["Urgent"]

    def test_a_search_tells_which_tag_it_kept_to(self, as_alice: Client, urgent: Tag) -> None:
        page = words_of(as_alice.get("/search/", {"q": "deposit tag:urgent"}).content.decode())

        assert "with the tag “urgent”" in page


class TestCollections:
    def test_they_are_listed_with_their_documents(self, as_alice: Client, contracts: Collection) -> None:
        page = as_alice.get("/collections/").content.decode()

        assert "Contracts 3 documents 0 of them ready" in words_of(page)
        assert f'href="/documents/?collection={contracts.pk}"' in page

    def test_one_is_made_and_renamed(self, as_alice: Client, alice: User) -> None:
        as_alice.post("/collections/", {"name": "Letters"})
        made = alice.collections.get()

        as_alice.post(f"/collections/{made.pk}/rename/", {"name": "Post"})

        assert alice.collections.get().name == "Post"

    def test_a_name_is_there_once(self, as_alice: Client, alice: User, contracts: Collection) -> None:
        other = actions.make_collection(owner=alice, name="Letters")

        made = as_alice.post("/collections/", {"name": "contracts"}).content.decode()
        renamed = as_alice.post(f"/collections/{other.pk}/rename/", {"name": "contracts"}).content.decode()

        assert "You have a collection called “contracts” already." in words_of(made)
        assert "You have a collection called “contracts” already." in words_of(renamed)
        assert "Rename “Letters”" in words_of(renamed)

    def test_it_is_deleted_without_its_documents(self, as_alice: Client, alice: User, contracts: Collection) -> None:
        asked = words_of(as_alice.get(f"/collections/{contracts.pk}/delete/").content.decode())
        there = alice.collections.count()

        as_alice.post(f"/collections/{contracts.pk}/delete/")

        assert "Its 3 documents stay in your library" in asked
        assert there == 1
        assert alice.collections.count() == 0
        assert Document.objects.visible_to(alice).count() == 3

    def test_bob_sees_and_changes_none_of_alices(self, as_bob: Client, alice: User, contracts: Collection) -> None:
        own = f"/collections/{contracts.pk}/"
        pages = [
            getattr(as_bob, method)(f"{own}{path}/") for method in ("get", "post") for path in ("rename", "delete")
        ]

        assert {page.status_code for page in pages} == {404}
        assert "Contracts" not in as_bob.get("/collections/").content.decode()
        assert alice.collections.get() == contracts
