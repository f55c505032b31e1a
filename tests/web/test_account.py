"""What a person keeps here: told, taken along, and removed from the page."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from config import asgi
from documents.models import Budget, Document, Recipe
from tests import belongings
from tests.config.asgi import Client as Gateway
from tests.fixtures import PASSWORD
from tests.owning import rows_of

SURE = {"email": "Alice@example.org", "password": PASSWORD}


@pytest.mark.parametrize("page", ["data/", "export/", "export/glossa.zip", "delete/"])
def test_strangers_are_asked_to_sign_in(client: Client, db: None, page: str) -> None:
    assert client.get(f"/account/{page}")["Location"].startswith("/accounts/login/")


def test_the_page_tells_what_there_is_and_what_is_left_of_the_budget(as_alice: Client, notice: Document) -> None:
    Budget.objects.create(owner=notice.owner, monthly_usd=5)
    Recipe.objects.create(owner=notice.owner, slug="own", name="Own", task="instruction", instruction="Say it.")

    page = as_alice.get("/account/data/").content.decode()

    assert "<dt>Documents</dt><dd>1</dd>" in page
    assert "$0 of $5 spent" in page
    assert "You have 1." in page


class TestTakingAlong:
    def test_the_page_says_what_is_in_it_and_how_large_it_will_be(self, as_alice: Client, notice: Document) -> None:
        page = as_alice.get("/account/export/").content.decode()

        assert "1 file as you put it in" in page
        assert re.search(r"about [\d.]+\xa0(bytes|KB)", page)
        assert "Secrets in letters" in page

    def test_it_comes_as_a_file(self, as_alice: Client, notice: Document) -> None:
        answer = as_alice.get("/account/export/glossa.zip")

        assert answer["Content-Disposition"].startswith('attachment; filename="glossa-')
        assert "no-store" in answer["Cache-Control"]
        assert "originals/notice.md" in ZipFile(BytesIO(answer.getvalue())).namelist()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_it_streams_through_the_gateway_whole(as_alice: Client, notice: Document) -> None:
    """From threads of the web server, each with a connection of its own."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={as_alice.cookies[settings.SESSION_COOKIE_NAME].value}"

    answer = Gateway(asgi.application).request(
        "GET", "/account/export/glossa.zip", headers={"Host": "testserver", "Cookie": cookie}
    )

    assert answer.status == 200
    pack = ZipFile(BytesIO(answer.body))
    assert pack.testzip() is None
    assert "originals/notice.md" in pack.namelist()


class TestLeaving:
    def test_the_page_says_what_will_be_removed_and_offers_to_take_it_along(
        self, as_alice: Client, alice: User, notice: Document
    ) -> None:
        belongings.give(alice, notice, "Hers")

        page = as_alice.get("/account/delete/").content.decode()

        for words in ("document", "analysis", "conversation", "note", "recipe of your own", "API token"):
            assert f"<strong>1</strong> {words}" in page
        assert "/account/export/" in page
        assert "1 job under way is stopped" in page

    def test_afterwards_a_receipt_says_that_nothing_is_left(
        self, as_alice: Client, alice: User, notice: Document
    ) -> None:
        belongings.give(alice, notice, "Hers")

        answer = as_alice.post("/account/delete/", SURE, follow=True)

        receipt = answer.content.decode()
        assert "nothing is left" in receipt
        assert "<strong>1</strong> document</li>" in receipt
        assert "<strong>1</strong> file in storage" in receipt
        assert rows_of(alice.pk) == {}
        assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
        assert as_alice.get("/documents/").status_code == 302

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"password": "wrong"}, "This is not your password."),
            ({"password": ""}, "Give your password"),
            ({"email": "bob@example.org"}, "another address"),
            ({"email": ""}, "so that this does not happen by accident"),
        ],
    )
    def test_without_being_sure_nothing_happens(
        self, as_alice: Client, alice: User, wrong: dict[str, str], words: str
    ) -> None:
        answer = as_alice.post("/account/delete/", SURE | wrong)

        assert words in answer.content.decode()
        assert User.objects.get(pk=alice.pk).is_active

    def test_who_guesses_the_password_is_slowed_down(self, as_alice: Client, alice: User, settings: Settings) -> None:
        cache.clear()
        del settings.ACCOUNT_RATE_LIMITS
        for _ in range(10):
            as_alice.post("/account/delete/", SURE | {"password": "wrong"})

        answer = as_alice.post("/account/delete/", SURE)

        assert "That was too often." in answer.content.decode()
        assert User.objects.get(pk=alice.pk).is_active
        cache.clear()

    def test_an_address_is_words_and_never_markup(self, as_alice: Client, alice: User) -> None:
        User.objects.filter(pk=alice.pk).update(email='"<i>a"@example.org')

        page = as_alice.get("/account/delete/").content.decode()

        assert "&lt;i&gt;a" in page
        assert "<i>a" not in page

    def test_following_a_link_removes_nobody(self, as_alice: Client, alice: User) -> None:
        as_alice.get("/account/delete/", SURE)

        assert User.objects.get(pk=alice.pk).is_active

    def test_the_last_superuser_is_told_why_she_stays(self, as_admin: Client, admin: User) -> None:
        page = as_admin.get("/account/delete/").content.decode()
        answer = as_admin.post("/account/delete/", {"email": admin.email, "password": PASSWORD})

        assert "Make another person a superuser" in page
        assert "Delete everything" not in page
        assert answer.status_code == 200
        assert User.objects.filter(pk=admin.pk, is_active=True).exists()

    @pytest.mark.parametrize("receipt", ["", "made-up", "WzEsIHt9LCAwXQ:1abc:sig"])
    def test_a_receipt_that_was_not_given_is_none(self, client: Client, db: None, receipt: str) -> None:
        assert client.get("/account/gone/", {"receipt": receipt}).status_code == 404

    def test_what_takes_long_is_told_as_it_is(
        self, as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receipt = as_alice.post("/account/delete/", SURE)["Location"]
        again = User.objects.create_user("carol@example.org", PASSWORD)
        User.objects.filter(pk=again.pk).update(id=alice.pk)

        page = as_alice.get(receipt).content.decode()

        assert "1 row is still to go" in page
