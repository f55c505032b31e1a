from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import actions
from accounts.authentication import usable_token
from accounts.models import ApiToken, Scope, User

TOKENS = "/api/tokens/"


def test_a_new_token_is_shown_once_and_works(api: APIClient, alice: User) -> None:
    answer = api.post(TOKENS, {"name": "Backup"})

    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    used = usable_token(answer.json()["token"])
    assert used is not None
    assert (used.user, used.name, used.scope, used.expires_at) == (alice, "Backup", Scope.WRITE, None)


def test_tokens_are_listed_newest_first_without_secrets(api: APIClient) -> None:
    secret = api.post(TOKENS, {"name": "Backup"}).json()["token"]

    answer = api.get(TOKENS)

    assert [row["name"] for row in answer.json()["results"]] == ["Backup", "A program"]
    assert "token" not in answer.json()["results"][0]
    assert secret not in answer.content.decode()


def test_a_session_makes_tokens_too(as_alice: Client) -> None:
    answer = as_alice.post(TOKENS, {"name": "Script", "scope": "read"}, content_type="application/json")

    assert answer.json()["scope"] == "read"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "Script", "scope": "rule"}, "scope"),
        ({"name": "Script", "expires_at": "tomorrow"}, "expires_at"),
        ({"name": "Script", "expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
    ],
)
def test_a_wrong_wish_is_refused_by_field(api: APIClient, sent: dict[str, Any], field: str) -> None:
    answer = api.post(TOKENS, sent)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_a_token_that_ends_makes_none_that_outlives_it(alice: User) -> None:
    _, secret = actions.issue_token(
        user=alice, name="Short", scope=Scope.WRITE, expires_at=timezone.now() + timedelta(days=1)
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")

    for_ever = client.post(TOKENS, {"name": "For ever"})
    within = client.post(TOKENS, {"name": "Within", "expires_at": timezone.now() + timedelta(hours=1)})

    assert (for_ever.status_code, within.status_code) == (400, 201)
    assert "no later than itself" in for_ever.json()["errors"]["expires_at"][0]


def test_a_revoked_token_opens_nothing(api: APIClient) -> None:
    made = api.post(TOKENS, {"name": "Lost"}).json()

    answer = api.delete(f"{TOKENS}{made['id']}/")

    assert answer.status_code == 204
    assert usable_token(made["token"]) is None


@pytest.mark.usefixtures("api")
def test_tokens_of_others_are_not_there(api_of_bob: APIClient, alice: User) -> None:
    token_of_alice = ApiToken.objects.get(user=alice)

    listed = api_of_bob.get(TOKENS).json()["results"]
    answer = api_of_bob.delete(f"{TOKENS}{token_of_alice.pk}/")

    assert token_of_alice.pk not in [row["id"] for row in listed]
    assert answer.status_code == 404
    assert ApiToken.objects.filter(pk=token_of_alice.pk).exists()


def test_the_schema_tells_how_to_send_a_token(api: APIClient) -> None:
    schema = api.get("/api/schema/?format=json").json()

    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert {"token": []} in schema["paths"]["/api/tokens/"]["post"]["security"]
    assert "token" in schema["components"]["schemas"]["NewToken"]["properties"]
