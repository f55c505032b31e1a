import pytest
from django.test import Client

from accounts.authentication import usable_token
from accounts.models import ApiToken, Scope, User

PAGE = "/account/tokens/"
WISH = {"name": "Script", "scope": "read", "lifetime": "30"}


def test_the_page_asks_strangers_to_log_in(client: Client) -> None:
    answer = client.get(PAGE)

    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={PAGE}")


def test_a_new_token_is_shown_once_and_kept_by_no_cache(as_alice: Client, alice: User) -> None:
    answer = as_alice.post(PAGE, WISH)
    again = as_alice.get(PAGE)

    secret = answer.context["new_token"]
    token = usable_token(secret)
    assert token is not None
    assert (token.user, token.name, token.scope) == (alice, "Script", Scope.READ)
    assert "no-store" in answer["Cache-Control"]
    assert secret in answer.content.decode()
    assert secret not in again.content.decode()


@pytest.mark.parametrize(("lifetime", "days"), [("30", 30), ("90", 90), ("365", 365)])
def test_a_token_ends_when_it_was_said_to(as_alice: Client, lifetime: str, days: int) -> None:
    as_alice.post(PAGE, WISH | {"lifetime": lifetime})

    token = ApiToken.objects.get()
    assert token.expires_at is not None
    assert (token.expires_at - token.created_at).total_seconds() == pytest.approx(days * 86_400, abs=60)


def test_a_token_may_live_until_it_is_revoked(as_alice: Client) -> None:
    as_alice.post(PAGE, WISH | {"lifetime": "never"})

    assert ApiToken.objects.get().expires_at is None


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "a\x00"}, {"scope": "rule"}, {"lifetime": "7"}])
def test_a_wrong_wish_makes_no_token(as_alice: Client, wrong: dict[str, str]) -> None:
    answer = as_alice.post(PAGE, WISH | wrong)

    assert list(answer.context["form"].errors) == list(wrong)
    assert not ApiToken.objects.exists()


def test_a_person_sees_and_revokes_only_her_own(as_alice: Client, as_bob: Client, alice: User) -> None:
    token, _ = ApiToken.issue(user=alice, name="Of Alice")

    seen_by_bob = as_bob.get(PAGE).context["tokens"]
    by_bob = as_bob.post(f"{PAGE}{token.pk}/revoke/")
    by_alice = as_alice.post(f"{PAGE}{token.pk}/revoke/")

    assert list(seen_by_bob) == []
    assert by_bob.status_code == 404
    assert (by_alice.status_code, by_alice["Location"]) == (302, PAGE)
    assert not ApiToken.objects.exists()


def test_following_a_link_revokes_nothing(as_alice: Client, alice: User) -> None:
    token, _ = ApiToken.issue(user=alice, name="Of Alice")

    answer = as_alice.get(f"{PAGE}{token.pk}/revoke/")

    assert answer.status_code == 405
