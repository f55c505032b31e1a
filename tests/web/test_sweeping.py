"""Questions asked of each document, on the pages: agreed to when they cost, every document accounted for."""

import re

import pytest
from django.test import Client

from accounts.models import User
from documents import actions
from documents.models import Document, Message
from tests.claude import MessagesAPI
from tests.library import Commit
from tests.web.analysed import words_of
from tests.web.test_asking import HTMX, asked, shown

pytestmark = pytest.mark.django_db

EACH = "Which documents name a price?"


@pytest.fixture
def cake(alice: User, commit: Commit) -> Document:
    with commit():
        return actions.upload_text(owner=alice, title="Cake", content="Two eggs make a fine cake.").document


@pytest.fixture
def torn(alice: User, notice: Document) -> Document:
    return Document.objects.create(
        owner=alice, title="Torn", filename="torn.pdf", size=1, sha256="0" * 64, status="failed", error="It is torn."
    )


def test_a_question_that_only_every_document_can_answer_is_asked_of_each(
    as_alice: Client, notice: Document, cake: Document, torn: Document, commit: Commit
) -> None:
    said = words_of(shown(as_alice, asked(as_alice, commit, "Which documents say what the work costs?")))

    assert "2 of 3 documents examined, 1 of 1 statement verified" in said
    assert "notice: The work costs €4,800" in said
    assert "All 3 documents one by one 1 found 1 without 1 not asked" in said


def test_the_ledger_has_every_document_with_what_became_of_it(
    as_alice: Client, notice: Document, cake: Document, torn: Document, commit: Commit
) -> None:
    asked(as_alice, commit, "Which documents say what the work costs?")
    address = f"/messages/{Message.objects.get().pk}/coverage/"

    page = shown(as_alice, address)
    only = words_of(shown(as_alice, f"{address}?state=unreadable"))

    assert "Torn Not readable It is torn." in words_of(page)
    assert "Cake Nothing found No statement found in 1 passage." in words_of(page)
    assert re.search(rf'href="/documents/{notice.pk}/\?analysis=[0-9a-f-]+#cite-1"', page)
    assert ("Torn Not readable" in only, "Cake Nothing found" in only) == (True, False)
    assert words_of(shown(as_alice, f"{address}?state=nonsense&page=x")).count("Torn Not readable") == 1


@pytest.mark.parametrize("form", ["csv", "xlsx", "md", "json"])
def test_the_ledger_is_taken_along(
    as_alice: Client, notice: Document, cake: Document, commit: Commit, form: str
) -> None:
    asked(as_alice, commit, EACH, sweep="yes")
    address = f"/messages/{Message.objects.get().pk}/coverage/export"

    assert as_alice.get(f"{address}/{form}/").status_code == 200
    assert as_alice.get(f"{address}/exe/").status_code == 404


def test_what_costs_is_agreed_to_first(
    claude: MessagesAPI, as_alice: Client, notice: Document, cake: Document, commit: Commit
) -> None:
    before = as_alice.post("/ask/", {"question": EACH, "source": "all", "sweep": "yes"}).content.decode()

    assert re.search(r"Asking each of 2 documents costs about \$0\.\d\d, at most \$0\.\d\d\.", words_of(before))
    assert 'name="confirmed" value="yes"' in before
    assert Message.objects.count() == 0
    said = words_of(shown(as_alice, asked(as_alice, commit, EACH, sweep="yes", confirmed="yes")))
    assert "2 of 2 documents examined" in said
    assert re.search(r"written \$0\.\d{4}", said)


def test_an_answer_from_the_best_passages_offers_to_ask_each(
    claude: MessagesAPI, as_alice: Client, notice: Document, cake: Document, commit: Commit
) -> None:
    address = asked(as_alice, commit, EACH)

    page = shown(as_alice, address)
    box = as_alice.post(address, {"question": EACH, "sweep": "yes"}, headers=HTMX).content.decode()

    assert "Only asking every document can tell for sure. Ask each document …" in words_of(page)
    assert "Asking each of 2 documents costs about" in box
    assert Message.objects.count() == 1


def test_bob_sees_no_ledger_of_alices(
    as_alice: Client, as_bob: Client, notice: Document, cake: Document, commit: Commit
) -> None:
    asked(as_alice, commit, EACH, sweep="yes")
    address = f"/messages/{Message.objects.get().pk}/coverage/"

    assert as_bob.get(address).status_code == 404
    assert as_bob.get(f"{address}export/csv/").status_code == 404


def test_a_question_asked_once_has_no_ledger(as_alice: Client, notice: Document, commit: Commit) -> None:
    asked(as_alice, commit)

    assert as_alice.get(f"/messages/{Message.objects.get().pk}/coverage/").status_code == 404
