"""Answers under way, and conversations that are kept: waited for, stopped, listed, renamed, taken along."""

import pytest
from django.test import Client

from accounts.models import User
from documents.models import Conversation, Document, Job, Message, MessageStatus
from tests.claude import MessagesAPI, Script
from tests.library import Commit
from tests.web.analysed import words_of
from tests.web.test_asking import COST, HTMX, asked, shown

pytestmark = pytest.mark.django_db


class TestWhileItIsAnswered:
    @pytest.fixture
    def waiting(self, claude: MessagesAPI, as_alice: Client, notice: Document, commit: Commit) -> Message:
        claude.script.append(Script(status=529))
        asked(as_alice, commit)
        return Message.objects.get()

    def test_it_says_what_it_waits_for(self, as_alice: Client, waiting: Message) -> None:
        page = shown(as_alice, f"/conversations/{waiting.conversation_id}/")

        assert "It goes on by itself." in words_of(page)
        assert f'data-events="/api/messages/{waiting.pk}/events/"' in page

    def test_there_is_no_news_until_there_is_some(self, as_alice: Client, waiting: Message) -> None:
        address = f"/messages/{waiting.pk}/"

        assert as_alice.get(f"{address}?waits=no", headers=HTMX).status_code == 200
        assert as_alice.get(f"{address}?waits=yes", headers=HTMX).status_code == 204
        assert as_alice.get(address)["Location"].endswith(f"#message-{waiting.pk}")

    def test_it_is_stopped_and_asked_for_again(self, as_alice: Client, waiting: Message, commit: Commit) -> None:
        as_alice.post(f"/messages/{waiting.pk}/stop/")
        stopped = words_of(shown(as_alice, f"/conversations/{waiting.conversation_id}/"))
        with commit():
            as_alice.post(f"/messages/{waiting.pk}/again/")

        assert "Stopped before anything was written. Try again" in stopped
        assert Message.objects.get().status == MessageStatus.DONE

    def test_a_failure_says_why_and_the_thread_stays_usable(
        self, claude: MessagesAPI, as_alice: Client, notice: Document, commit: Commit
    ) -> None:
        claude.script.append(Script(status=401))
        address = asked(as_alice, commit)

        failed = words_of(shown(as_alice, address))
        asked(as_alice, commit, "When is the water off?", where=address)

        assert "Try again" in failed
        assert Message.objects.get(status=MessageStatus.FAILED).error in failed
        assert "verified" in words_of(shown(as_alice, address))


class TestConversations:
    def test_they_are_listed_found_renamed_and_deleted(
        self, as_alice: Client, notice: Document, commit: Commit
    ) -> None:
        address = asked(as_alice, commit)
        asked(as_alice, commit, "When is the water off?")

        found = as_alice.get("/ask/", {"q": "work cost"}, headers=HTMX).content.decode()
        as_alice.post(f"{address}rename/", {"title": "The pipe"})
        renamed = words_of(shown(as_alice, "/ask/"))
        confirmed = words_of(shown(as_alice, f"{address}delete/"))
        as_alice.post(f"{address}delete/")

        assert (COST in found, "water off" in found) == (True, False)
        assert "The pipe All your documents" in renamed
        assert "The documents stay." in confirmed
        assert Conversation.objects.count() == 1
        assert "No conversation has “pipe”" in words_of(shown(as_alice, "/ask/?q=pipe"))

    @pytest.mark.parametrize(("form", "beginning"), [("md", b"# What does the work cost?"), ("json", b"{")])
    def test_they_are_taken_along(
        self, as_alice: Client, notice: Document, commit: Commit, form: str, beginning: bytes
    ) -> None:
        address = asked(as_alice, commit)

        file = as_alice.get(f"{address}export/{form}/")

        assert file.getvalue().startswith(beginning)
        assert as_alice.get(f"{address}export/exe/").status_code == 404

    def test_many_are_shown_page_by_page(self, as_alice: Client, alice: User) -> None:
        for number in range(25):
            Conversation.objects.create(owner=alice, title=f"Question {number}")

        first, second = (words_of(shown(as_alice, f"/ask/?page={page}")) for page in (1, 2))

        assert ("Question 24" in first, "Question 3 " in first) == (True, False)
        assert "Question 3 " in second


def test_an_answer_that_was_cut_off_goes_on_by_itself(
    claude: MessagesAPI, as_alice: Client, notice: Document, commit: Commit
) -> None:
    claude.script.append(Script(cut="within"))
    address = asked(as_alice, commit)

    page = shown(as_alice, address)

    assert "aria-busy" in page
    assert Job.objects.get(subject=Message.objects.get().pk).state == "queued"
