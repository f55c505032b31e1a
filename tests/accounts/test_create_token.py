from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.authentication import usable_token
from accounts.models import ApiToken, Scope, User


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_token", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_a_token_that_works(alice: User) -> None:
    line = run("Alice@example.org")

    word, _, secret = line.strip().rpartition(" ")
    token = usable_token(secret)
    assert word == "API token:"
    assert token is not None
    assert (token.user, token.scope, token.expires_at) == (alice, Scope.WRITE, None)


def test_it_makes_tokens_that_end_and_tokens_that_only_read(alice: User) -> None:
    run(alice.email, "--name", "Reports", "--days", "7", "--read-only")

    token = ApiToken.objects.get()
    assert (token.name, token.scope) == ("Reports", Scope.READ)
    assert token.expires_at is not None
    assert timedelta(days=6) < token.expires_at - timezone.now() <= timedelta(days=7)


@pytest.mark.django_db
def test_an_unknown_address_is_an_error_in_words() -> None:
    with pytest.raises(CommandError, match=r"Nobody logs in with carol@example\.org") as caught:
        run("carol@example.org")

    assert caught.value.returncode != 0


@pytest.mark.parametrize("days", ["0", "-3", "99999999"])
def test_a_lifetime_has_to_make_sense(alice: User, days: str) -> None:
    with pytest.raises(CommandError, match="--days is a number"):
        run(alice.email, "--days", days)
