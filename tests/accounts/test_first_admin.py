import re
import threading

import pytest
from django.core.validators import validate_email
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts import actions
from accounts.models import User


@pytest.mark.django_db
def test_the_first_admin_can_log_in_and_run_the_house(client: Client) -> None:
    created = actions.create_first_admin()

    assert created is not None
    user, password = created
    client.post("/accounts/login/", {"login": user.email, "password": password})
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_the_password_can_be_copied_by_hand() -> None:
    created = actions.create_first_admin()

    assert created is not None
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", created[1])


def test_the_address_is_one_that_forms_take() -> None:
    validate_email(actions.FIRST_ADMIN)


def test_a_house_with_people_gets_no_admin(alice: User) -> None:
    assert actions.create_first_admin() is None


@pytest.mark.usefixtures("django_db_setup")
def test_processes_that_start_at_once_make_one_admin(django_db_blocker: DjangoDbBlocker) -> None:
    """Committed, since each thread has its own connection, and cleaned up by hand: a flush takes the recipes along."""
    threads = [threading.Thread(target=_start) for _ in range(4)]

    with django_db_blocker.unblock():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        made, _ = User.objects.all().delete()

    assert made == 1


def _start() -> None:
    actions.create_first_admin()
    connection.close()
