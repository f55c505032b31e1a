import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import ApiToken, User

pytestmark = pytest.mark.django_db


def test_an_address_is_kept_in_one_spelling() -> None:
    user = User.objects.create_user("Alice@Example.ORG")

    assert user.email == "alice@example.org"


def test_the_database_takes_no_address_with_capitals() -> None:
    with pytest.raises(IntegrityError, match="user_email_is_in_lower_case"):
        User.objects.create(email="Alice@example.org")


def test_an_address_has_one_person(alice: User) -> None:
    with pytest.raises(ValidationError, match="is taken"):
        User(email="ALICE@example.org", password="-").full_clean()


def test_a_person_is_called_by_name_or_by_the_start_of_the_address(alice: User) -> None:
    nameless = User(email="bob@example.org")

    assert (alice.get_short_name(), nameless.get_short_name()) == ("Alice", "bob")


def test_the_token_itself_is_not_kept(alice: User) -> None:
    row, secret = ApiToken.issue(user=alice, name="Script")

    assert secret.startswith(row.prefix)
    assert not any(secret in str(value) for value in ApiToken.objects.filter(pk=row.pk).values_list()[0])


def test_a_token_has_a_scope_that_is_known(alice: User) -> None:
    with pytest.raises(IntegrityError, match="token_scope_is_known"):
        ApiToken.issue(user=alice, name="Script", scope="rule")


def test_two_tokens_never_have_one_digest(alice: User) -> None:
    row, _ = ApiToken.issue(user=alice, name="Script")

    with pytest.raises(IntegrityError, match="token_digest_is_unique"):
        ApiToken.objects.create(user=alice, name="Copy", digest=row.digest)
