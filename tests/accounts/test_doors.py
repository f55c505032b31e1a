"""Sign-up, log-in, log-out and a forgotten password, through the pages people use."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.fixtures import PASSWORD

NEW_PASSWORD = "seven green umbrellas"
SIGN_UP = {"email": "Carol@Example.org", "password1": PASSWORD, "password2": PASSWORD}

pytestmark = pytest.mark.django_db


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_whoever_signs_up_is_logged_in(client: Client) -> None:
    answer = client.post("/accounts/signup/", SIGN_UP)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert logged_in(client)
    assert User.objects.get().email == "carol@example.org"


def test_signing_up_ends_where_it_was_going(client: Client) -> None:
    answer = client.post("/accounts/signup/", SIGN_UP | {"next": "/account/tokens/"})

    assert answer["Location"] == "/account/tokens/"


def test_an_address_that_is_taken_cannot_sign_up_again(client: Client, alice: User) -> None:
    answer = client.post("/accounts/signup/", SIGN_UP | {"email": "ALICE@example.org"})

    assert list(answer.context["form"].errors) == ["email"]
    assert not logged_in(client)


def test_a_weak_password_is_refused(client: Client) -> None:
    answer = client.post("/accounts/signup/", SIGN_UP | {"password1": "12345678", "password2": "12345678"})

    assert answer.context["form"].errors
    assert not User.objects.exists()


def test_a_closed_house_takes_nobody_in(client: Client, settings: Settings) -> None:
    settings.SIGNUP_OPEN = False

    answer = client.post("/accounts/signup/", SIGN_UP)

    assert answer.status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize("login", ["alice@example.org", "Alice@Example.ORG", " alice@example.org "])
def test_people_log_in_with_any_capitals(client: Client, alice: User, login: str) -> None:
    answer = client.post("/accounts/login/", {"login": login, "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_a_session_outlives_the_browser(client: Client, alice: User) -> None:
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})

    assert not client.session.get_expire_at_browser_close()


@pytest.mark.parametrize(
    ("wish", "place"), [("/account/tokens/", "/account/tokens/"), ("https://elsewhere.example/", "/")]
)
def test_logging_in_leads_on_but_never_out_of_the_house(client: Client, alice: User, wish: str, place: str) -> None:
    answer = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD, "next": wish})

    assert answer["Location"] == place


def test_a_wrong_password_opens_nothing(client: Client, alice: User) -> None:
    answer = client.post("/accounts/login/", {"login": alice.email, "password": "wrong"})

    assert answer.status_code == 200
    assert not logged_in(client)


def test_an_inactive_person_stays_outside(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)

    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})

    assert not logged_in(client)


def test_who_guesses_passwords_is_slowed_down(client: Client, alice: User, settings: Settings) -> None:
    cache.clear()
    del settings.ACCOUNT_RATE_LIMITS
    for _ in range(5):
        client.post("/accounts/login/", {"login": alice.email, "password": "wrong"})

    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})

    assert not logged_in(client)
    cache.clear()


def test_logging_out_takes_a_post(as_alice: Client) -> None:
    as_alice.get("/accounts/logout/")
    after_get = logged_in(as_alice)

    answer = as_alice.post("/accounts/logout/")

    assert after_get
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert not logged_in(as_alice)


def test_a_forgotten_password_is_set_anew_by_a_letter(client: Client, alice: User) -> None:
    client.post("/accounts/password/reset/", {"email": "ALICE@example.org"})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link is not None

    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    alice.refresh_from_db()
    assert mail.outbox[0].to == ["alice@example.org"]
    assert alice.check_password(NEW_PASSWORD)


def test_an_unknown_address_is_told_nothing_different(client: Client, alice: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": alice.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_part_asked_for_after_the_session_ended_sends_the_whole_page_to_the_sign_in(client: Client) -> None:
    part = {"HX-Request": "true", "HX-Current-URL": "http://testserver/documents/?view=grid"}

    answer = client.get("/documents/watch/", headers=part)

    assert (answer.status_code, answer.content) == (403, b"")
    assert answer["HX-Redirect"] == "/accounts/login/?next=/documents/%3Fview%3Dgrid"


def test_nobody_is_led_to_another_host_after_signing_in(client: Client) -> None:
    part = {"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example/documents/"}

    answer = client.get("/documents/watch/", headers=part)

    assert answer["HX-Redirect"] == "/accounts/login/?next=/documents/watch/"


def test_a_page_asked_for_by_a_stranger_is_a_plain_redirect(client: Client) -> None:
    answer = client.get("/documents/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/documents/")
