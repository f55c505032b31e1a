"""The pages of the bin: deleted, undone, put back, deleted for good."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from documents import actions
from documents.models import Document, Message
from documents.values import Task
from documents.web import shelving
from tests.library import LETTER, Commit
from tests.test_parts import put_in, zipped
from tests.web.analysed import done, words_of
from tests.web.test_asking import asked, shown
from tests.web.test_runs import a_run

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def bin_it(*documents: Document) -> None:
    actions.put_in_bin(person=documents[0].owner, documents=[one.pk for one in documents])


def binned(owner: User) -> set[str]:
    return set(Document.objects.in_bin_of(owner).values_list("title", flat=True))


class TestUndo:
    def test_a_deletion_can_be_undone_from_the_next_page(self, as_alice: Client, notice: Document) -> None:
        library = as_alice.post(f"/documents/{notice.pk}/delete/", follow=True).content.decode()
        in_bin = binned(notice.owner)

        back = as_alice.post("/bin/put-back/", follow=True).content.decode()

        assert "“notice” is in the bin , for 30 days. Undo" in words_of(library)
        assert in_bin == {"notice"}
        assert "1 document is back in your library." in words_of(back)
        assert binned(notice.owner) == set()

    def test_it_is_offered_once(self, as_alice: Client, notice: Document) -> None:
        as_alice.post(f"/documents/{notice.pk}/delete/")

        pages = [as_alice.get("/documents/").content.decode() for _ in range(2)]

        assert ["Undo" in page for page in pages] == [True, False]

    def test_of_many_it_says_how_many_and_all_of_them_come_back(
        self, as_alice: Client, alice: User, leases: list[Document], notice: Document
    ) -> None:
        bin_it(notice)
        as_alice.post("/documents/chosen/delete/", {"document": [one.pk for one in leases]})

        page = as_alice.get("/documents/").content.decode()
        as_alice.post("/bin/put-back/")

        assert "3 documents are in the bin" in words_of(page)
        assert binned(alice) == {"notice"}

    def test_ten_thousand_and_more_come_back(self, as_alice: Client, alice: User, notice: Document) -> None:
        Document.objects.bulk_create(
            Document(owner=alice, title=f"{n}", filename="a.txt", sha256=f"{n:064}", size=1) for n in range(10_001)
        )
        as_alice.post("/documents/chosen/delete/", {"all": "yes"})

        page = as_alice.get("/documents/").content.decode()
        as_alice.post("/bin/put-back/")

        assert "10,002 documents are in the bin" in words_of(page)
        assert binned(alice) == set()

    def test_what_went_for_good_meanwhile_is_not_offered(self, as_alice: Client, notice: Document) -> None:
        as_alice.post(f"/documents/{notice.pk}/delete/")
        actions.empty_bin(person=notice.owner)

        assert "Undo" not in as_alice.get("/documents/").content.decode()
        late = as_alice.post("/bin/put-back/", follow=True).content.decode()
        assert "This is no longer in the bin." in words_of(late)

    def test_bob_undoes_nothing_of_alices(self, as_bob: Client, notice: Document) -> None:
        bin_it(notice)

        as_bob.post("/bin/put-back/", {"document": [str(notice.pk)]})

        assert binned(notice.owner) == {"notice"}


class TestTheBin:
    def test_it_says_what_is_in_it_and_until_when(self, as_alice: Client, notice: Document, settings: Settings) -> None:
        settings.BIN_DAYS = 7
        bin_it(notice)

        page = words_of(as_alice.get("/bin/").content.decode())

        when = timezone.localtime(Document.objects.get().deleted_at)
        assert "lies here for 7 days" in page
        assert "notice Markdown" in page
        assert f"Goes for good on {when + timedelta(days=7):%-d %B %Y}" in page

    def test_an_empty_one_says_so(self, as_alice: Client, notice: Document) -> None:
        page = words_of(as_alice.get("/bin/").content.decode())

        assert "The bin is empty" in page
        assert "notice" not in page

    def test_chosen_ones_are_put_back(self, as_alice: Client, alice: User, leases: list[Document]) -> None:
        bin_it(*leases)

        answer = as_alice.post("/bin/put-back/", {"to": "bin", "document": [str(one.pk) for one in leases[:2]]})

        assert answer["Location"] == "/bin/"
        assert binned(alice) == {"Lease C"}

    def test_the_button_of_one_takes_that_one_alone(
        self, as_alice: Client, alice: User, leases: list[Document]
    ) -> None:
        bin_it(*leases)

        as_alice.post("/bin/put-back/", {"to": "bin", "document": str(leases[0].pk), "only": str(leases[1].pk)})

        assert binned(alice) == {"Lease A", "Lease C"}

    def test_without_a_choice_nothing_comes_back(self, as_alice: Client, alice: User, notice: Document) -> None:
        as_alice.post(f"/documents/{notice.pk}/delete/")

        page = as_alice.post("/bin/put-back/", {"to": "bin"}, follow=True).content.decode()

        assert "Choose at least one document first." in words_of(page)
        assert binned(alice) == {"notice"}

    def test_chosen_ones_go_for_good_only_after_asking(
        self, as_alice: Client, alice: User, leases: list[Document]
    ) -> None:
        bin_it(*leases)
        chosen = {"document": [str(one.pk) for one in leases[:2]]}

        asked = words_of(as_alice.post("/bin/empty/", chosen).content.decode())
        still = Document.objects.count()
        done = as_alice.post("/bin/empty/", chosen | {"confirmed": "yes"}, follow=True).content.decode()

        assert "Delete 2 documents for good?" in asked
        assert "Lease A" in asked
        assert still == 3
        assert "2 documents are deleted for good." in words_of(done)
        assert Document.objects.get() == leases[2]

    def test_emptied_it_leaves_what_came_in_after_the_question(
        self, as_alice: Client, alice: User, leases: list[Document]
    ) -> None:
        bin_it(leases[0])
        page = as_alice.post("/bin/empty/", {"all": "yes"}).content.decode()
        sent = dict(re.findall(r'name="(all|until|confirmed)" value="([^"]+)"', page))
        bin_it(leases[1])

        as_alice.post("/bin/empty/", sent)

        assert binned(alice) == {"Lease B"}
        assert Document.objects.count() == 2

    def test_many_have_pages(
        self, as_alice: Client, alice: User, leases: list[Document], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shelving, "PAGE_SIZE", 2)
        bin_it(*leases)

        first, second = (as_alice.get(f"/bin/?page={page}").content.decode() for page in (1, 2))

        assert "Deleted earlier" in first
        assert "Deleted later" in second
        assert [page.count('name="document"') for page in (first, second)] == [2, 1]
        assert as_alice.get("/bin/?page=x").status_code == 200

    def test_bob_sees_and_empties_nothing_of_alices(self, as_bob: Client, alice: User, notice: Document) -> None:
        bin_it(notice)
        sent = {"document": str(notice.pk), "confirmed": "yes"}

        assert "notice" not in words_of(as_bob.get("/bin/").content.decode())
        as_bob.post("/bin/empty/", sent)
        as_bob.post("/bin/empty/", {"all": "yes", "confirmed": "yes"})

        assert binned(alice) == {"notice"}

    @pytest.mark.parametrize("sent", [{"document": "x"}, {"all": "1", "until": "yesterday"}, {}])
    def test_what_is_no_choice_does_no_harm(self, as_alice: Client, sent: dict[str, str]) -> None:
        assert as_alice.post("/bin/empty/", sent | {"confirmed": "yes"})["Location"] == "/bin/"

    def test_it_is_for_people_who_signed_in_and_changed_by_post_alone(self, client: Client, as_alice: Client) -> None:
        assert client.get("/bin/").status_code == 302
        assert [as_alice.get(f"/bin/{path}/").status_code for path in ("put-back", "empty")] == [405, 405]


class TestWhereItWas:
    def test_its_own_address_offers_it_back(self, as_alice: Client, notice: Document) -> None:
        bin_it(notice)

        page = as_alice.get(f"/documents/{notice.pk}/")
        back = as_alice.post("/bin/put-back/", {"to": "document", "document": str(notice.pk)})

        assert page.status_code == 404
        assert "“notice” is in the bin" in words_of(page.content.decode())
        assert back["Location"] == f"/documents/{notice.pk}/"
        assert as_alice.get(back["Location"]).status_code == 200

    def test_its_address_tells_bob_nothing(self, as_bob: Client, notice: Document) -> None:
        bin_it(notice)

        page = as_bob.get(f"/documents/{notice.pk}/")

        assert page.status_code == 404
        assert "bin" not in words_of(page.content.decode())

    @pytest.mark.parametrize("path", ["similar/", "rename/", "delete/", "file/", "pages/1.png"])
    def test_nothing_else_of_it_is_found(self, as_alice: Client, notice: Document, path: str) -> None:
        bin_it(notice)

        assert as_alice.get(f"/documents/{notice.pk}/{path}").status_code == 404

    def test_a_mark_to_it_says_that_it_is_gone_and_works_again_later(
        self, as_alice: Client, notice: Document, commit: Commit
    ) -> None:
        address = asked(as_alice, commit)
        before = shown(as_alice, address)
        bin_it(notice)

        gone = shown(as_alice, address)
        beside = as_alice.get(f"/messages/{Message.objects.get().pk}/words/0/")
        taken = b"".join(as_alice.get(f"{address}export/md/").streaming_content)  # type: ignore[attr-defined]
        actions.put_back(person=notice.owner, documents=[notice.pk])

        assert 'class="tie"' not in gone
        assert "its document is no longer here" in words_of(gone)
        assert beside.status_code == 404
        assert "[^1-1]" not in taken.decode()
        assert re.findall(r'class="tie" href="([^"]+)"', shown(as_alice, address)) == re.findall(
            r'class="tie" href="([^"]+)"', before
        )

    def test_a_run_shows_and_counts_the_others(self, as_alice: Client, alice: User, notice: Document) -> None:
        other = actions.upload_text(owner=alice, title="Other", content="The work costs nothing.").document
        found = [done(one, Task.SUMMARY, {"text": f"Of {one.title}."}) for one in (notice, other)]
        run = a_run(alice, *found)
        bin_it(notice)

        page = words_of(shown(as_alice, f"/runs/{run.pk}/"))

        assert "Of Other." in page
        assert "Of notice." not in page
        assert "1 of 1 done" in page
        assert "Key points 1 document" in words_of(shown(as_alice, "/analyses/"))

    def test_an_archive_says_that_its_file_is_in_the_bin(
        self, as_alice: Client, alice: User, notice: Document, commit: Commit
    ) -> None:
        archive = put_in(alice, "letters.zip", zipped(notice_md=LETTER), commit)
        bin_it(notice)

        page = shown(as_alice, f"/documents/{archive.pk}/")
        deleting = words_of(shown(as_alice, f"/documents/{archive.pk}/delete/"))

        assert f'href="/documents/{notice.pk}/"' not in page
        assert "It is in the bin" in words_of(page)
        assert "stays in your library" not in deleting

    def test_an_upload_says_that_it_came_back(self, as_alice: Client, notice: Document) -> None:
        bin_it(notice)

        page = as_alice.post("/documents/", {"file": SimpleUploadedFile("n.md", LETTER.encode())}, headers=HTMX)

        assert "“notice” was in the bin and is back in your library." in page.content.decode()

    def test_a_conversation_about_it_does_not_name_it(self, as_alice: Client, notice: Document, commit: Commit) -> None:
        asked(as_alice, commit, source="picked", document=str(notice.pk))
        bin_it(notice)

        assert "Deleted documents" in words_of(shown(as_alice, "/ask/"))
