from http import HTTPStatus

import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import OperationalError
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import Settings

from documents.models import Document


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "refused", "500"])
def test_an_error_page_needs_nothing_but_itself(name: str) -> None:
    page = render_to_string(f"{name}.html")

    assert page.count("<h1>") == 1
    assert "To the first page" in page


def test_an_address_that_does_not_exist_is_answered_with_words(client: Client, db: None) -> None:
    response = client.get("/nothing/here/")

    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_a_fault_is_told_in_words_when_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("away")

    monkeypatch.setattr(connection, "cursor", away)
    monkeypatch.setattr(connection, "chunked_cursor", away)
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"

    response = client.get("/documents/")

    assert response.status_code == 500
    assert "Glossa had a fault" in response.content.decode()


def test_a_stranger_who_finds_nothing_may_sign_in(client: Client, db: None) -> None:
    assert 'href="/accounts/login/"' in client.get("/nothing/here/").content.decode()


def test_a_closed_house_offers_no_account(client: Client, db: None, settings: Settings) -> None:
    settings.SIGNUP_OPEN = False

    pages = client.get("/").content.decode() + client.get("/accounts/login/").content.decode()

    assert "Create an account" not in pages
    assert "Whoever runs this Glossa makes the accounts." in pages


def test_a_person_who_is_signed_in_is_led_to_the_library(as_alice: Client) -> None:
    page = as_alice.get("/nothing/here/").content.decode()

    assert "To your library" in page
    assert "To the first page" not in page


def test_the_rules_for_a_password_are_one_sentence(client: Client, db: None) -> None:
    page = client.get("/accounts/signup/").content.decode()

    assert "At least 8 characters, not only numbers, and nothing easily guessed." in page
    assert "Your password can" not in page


def test_a_form_that_is_too_old_is_refused_with_words(db: None) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/accounts/login/", {"login": "alice@example.org", "password": "x"})

    assert response.status_code == 403
    assert "This page had grown old" in response.content.decode()


@pytest.mark.parametrize(
    "page", ["login", "signup", "password/reset", "password/reset/done", "password/reset/key/done"]
)
def test_the_pages_of_signing_in_are_in_the_design(client: Client, db: None, page: str) -> None:
    content = client.get(f"/accounts/{page}/").content.decode()

    assert 'class="column' in content
    assert 'class="skip"' in content


@pytest.mark.parametrize(
    "address",
    [
        "/documents/?q=%00",
        "/search/?type=%00",
        "/search/?q=roof&collection=%00",
        "/analyses/new/?title=%00",
        "/ask/?q=%00",
        "/usage/?month=9999-12",
    ],
)
def test_what_no_database_keeps_is_asked_of_none(as_alice: Client, notice: Document, address: str) -> None:
    assert as_alice.get(address).status_code == HTTPStatus.OK


@pytest.mark.parametrize("until", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "never"])
def test_a_moment_that_never_was_empties_no_bin_of_its_own(as_alice: Client, notice: Document, until: str) -> None:
    answer = as_alice.post("/bin/empty/", {"all": "yes", "until": until})

    assert answer["Location"] == "/bin/"
