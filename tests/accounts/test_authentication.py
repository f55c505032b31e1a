import logging
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.authentication import usable_token
from accounts.models import ApiToken, Scope, User

TOKENS = "/api/tokens/"


@pytest.fixture
def token(alice: User) -> str:
    return ApiToken.issue(user=alice, name="Script")[1]


@pytest.mark.parametrize("keyword", ["Token", "token", "TOKEN", "Bearer"])
def test_a_token_opens_the_account_of_its_person(token: str, keyword: str) -> None:
    answer = APIClient().get(TOKENS, HTTP_AUTHORIZATION=f"{keyword} {token}")

    assert [row["name"] for row in answer.json()["results"]] == ["Script"]


@pytest.mark.django_db
def test_without_a_token_the_answer_says_how_to_come_in() -> None:
    answer = APIClient().get(TOKENS)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "advice"),
    [
        ("Token", "carries no token"),
        ("Token glossa_one two", "one word"),
        ("Token glossa_wrong", "Make a new one"),
        ("Bearer sk-something-else", "Make a new one"),
        ("Token glossa_\xff\x00", "Make a new one"),
    ],
)
def test_a_token_that_opens_nothing_is_refused_with_advice(header: str, advice: str) -> None:
    answer = APIClient().get(TOKENS, HTTP_AUTHORIZATION=header)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert advice in answer.json()["detail"]


def test_an_expired_token_opens_nothing(alice: User) -> None:
    _, secret = ApiToken.issue(user=alice, name="Old", expires_at=timezone.now() - timedelta(seconds=1))

    assert usable_token(secret) is None


def test_the_token_of_an_inactive_person_opens_nothing(alice: User, token: str) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert usable_token(token) is None


def test_a_token_and_its_person_take_one_query(token: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        found = usable_token(token)
        assert found is not None
        assert found.user.email == "alice@example.org"


def test_the_use_of_a_token_is_noted_once_a_minute(token: str) -> None:
    client = APIClient()
    client.get(TOKENS, HTTP_AUTHORIZATION=f"Token {token}")
    first = ApiToken.objects.get().last_used_at

    client.get(TOKENS, HTTP_AUTHORIZATION=f"Token {token}")

    assert first is not None
    assert ApiToken.objects.get().last_used_at == first


def test_a_reading_token_reads(reading_api: APIClient) -> None:
    answer = reading_api.get(TOKENS)

    assert answer.status_code == 200


def test_a_reading_token_changes_nothing(reading_api: APIClient) -> None:
    answer = reading_api.post(TOKENS, {"name": "More", "scope": Scope.WRITE})

    assert answer.status_code == 403
    assert "may only read" in answer.json()["detail"]
    assert ApiToken.objects.count() == 1


def test_a_refused_token_is_neither_answered_nor_logged(caplog: pytest.LogCaptureFixture, db: None) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = APIClient().get(TOKENS, HTTP_AUTHORIZATION="Token glossa_very-secret")

    assert "very-secret" not in answer.content.decode() + caplog.text
