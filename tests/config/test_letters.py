"""Letters where no mail server was given: on the terminal, to be read and copied."""

import re

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from config.environment import mailer
from tests.fixtures import PASSWORD

NEW_PASSWORD = "seven green umbrellas"
MAILERS = configured.MAILERS
LINK = re.compile(r"^http://testserver(/\S+)$", re.MULTILINE)
SENT = ["password_reset_key", "unknown_account", "account_already_exists", "email_confirmation"]


@pytest.fixture(autouse=True)
def terminal(settings: Settings) -> None:
    """The product's own way, which the test runner takes away."""
    settings.MAILERS = MAILERS
    # Allauth counts how often one address asks.
    cache.clear()


def link_in(said: str) -> str:
    (path,) = LINK.findall(said)
    return str(path)


@pytest.mark.django_db
def test_a_forgotten_password_is_replaced_by_the_link_on_the_terminal(
    client: Client, alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email})
    letter = capsys.readouterr().out

    form = client.get(link_in(letter), follow=True)
    path = form.redirect_chain[-1][0]
    client.post(path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    client.logout()
    old = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    new = client.post("/accounts/login/", {"login": alice.email, "password": NEW_PASSWORD})

    assert f"To: {alice.email}\nSubject: Set a new password for Glossa\n\n" in letter
    assert (old.status_code, new.status_code) == (200, 302)


@pytest.mark.django_db
def test_an_address_without_an_account_is_told_where_to_sign_up(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client.post("/accounts/password/reset/", {"email": "o'hara@example.org"})
    letter = capsys.readouterr().out

    assert link_in(letter) == "/accounts/signup/"
    assert "for o'hara@example.org," in letter


@pytest.mark.parametrize("name", SENT)
def test_every_letter_is_in_our_words(name: str) -> None:
    context = {"email": "o'hara@example.org", "current_site": {"domain": "glossa.example"}}
    subject = render_to_string(f"account/email/{name}_subject.txt", context)
    body = render_to_string(f"account/email/{name}_message.txt", context)

    assert "Glossa" in subject
    assert "o'hara@example.org" in body
    assert body.endswith("Glossa at glossa.example\n")


def test_a_long_line_is_not_broken(capsys: pytest.CaptureFixture[str]) -> None:
    line = "https://glossa.example/" + "ä=" * 200
    EmailMessage("A letter", line, "glossa@example.org", ["alice@example.org"]).send()

    assert f"\n{line}\n" in capsys.readouterr().out


def test_a_letter_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    EmailMessage("A letter", "Hello \x1b[2J", "glossa@example.org", ['"\x1b]0;mine\x07"@example.org']).send()

    said = capsys.readouterr().out
    assert "Hello \ufffd[2J" in said
    assert not {"\x1b", "\x07"} & set(said)


def test_a_mail_server_is_taken_from_its_address() -> None:
    options = mailer("smtp+tls://glossa:secret@mail.example.org:587")["OPTIONS"]

    assert (options["host"], options["port"], options["username"]) == ("mail.example.org", 587, "glossa")
    assert options["use_tls"]
