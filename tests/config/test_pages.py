"""The addresses that belong to no part: health, the API's description, static files."""

import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client as Browser

from config import asgi
from tests.config.asgi import Client

FOREIGN = re.compile(r"""(?:src|href)=["'](?:https?:)?//""")


@pytest.fixture
def gateway() -> Client:
    """The application the web server runs, whole."""
    return Client(asgi.application)


@pytest.mark.django_db
def test_health_is_ok_while_the_database_answers(client: Browser) -> None:
    answer = client.get("/health/")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_health_is_bad_when_the_database_does_not_answer(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("away")

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/health/")

    assert answer.status_code == 503


def test_a_browser_that_asks_for_an_icon_gets_the_mark(client: Browser) -> None:
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"]) == (302, staticfiles_storage.url("documents/img/mark.svg"))


@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/"])
def test_the_api_describes_itself_without_another_host(client: Browser, path: str) -> None:
    answer = client.get(path)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert not FOREIGN.search(page)
    assert "<style" not in page
    assert "script-src 'self';" in answer["Content-Security-Policy"]


def test_redoc_does_not_fetch_its_makers_logo(client: Browser) -> None:
    script = client.get("/api/redoc/redoc.js")

    assert b"cdn." not in script.content
    assert len(script.content) > 100_000


def test_the_schema_comes_through_the_gateway(gateway: Client) -> None:
    answer = gateway.request("GET", "/api/schema/", headers={"Host": "testserver"})

    assert answer.status == 200
    assert answer.body.startswith(b"openapi:")


def test_static_files_are_served_compressed_and_for_ever(gateway: Client) -> None:
    name = staticfiles_storage.url("drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css")
    answer = gateway.request("GET", name, headers={"Host": "testserver", "Accept-Encoding": "gzip"})

    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]


def test_a_path_out_of_the_static_folder_leads_nowhere(gateway: Client) -> None:
    answer = gateway.request("GET", "/static/../secret_key", headers={"Host": "testserver"})

    assert answer.status == 404
