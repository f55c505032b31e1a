from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

PATHS = {
    "/api/documents/": {"get", "post"},
    "/api/documents/{id}/": {"get", "patch", "delete"},
    "/api/documents/{id}/content/": {"get"},
    "/api/documents/{id}/file/": {"get"},
    "/api/documents/{id}/events/": {"get"},
    "/api/documents/{id}/analyze/": {"post"},
    "/api/documents/analyze/": {"post"},
    "/api/analyses/": {"get"},
    "/api/analyses/{id}/": {"get"},
    "/api/analyses/{id}/cancel/": {"post"},
    "/api/classify/": {"post"},
    "/api/recipes/": {"get", "post"},
    "/api/recipes/{slug}/": {"get", "patch", "delete"},
    "/api/analyses/{id}/export/": {"get"},
    "/api/search/": {"get"},
    "/api/documents/{id}/similar/": {"get"},
    "/api/ask/": {"post"},
    "/api/ask/estimate/": {"post"},
    "/api/messages/{id}/coverage/": {"get"},
    "/api/messages/{id}/coverage/export/": {"get"},
    "/api/collections/": {"get", "post"},
    "/api/collections/{id}/": {"get", "patch", "delete"},
    "/api/map/": {"get"},
    "/api/notes/": {"get", "post"},
    "/api/notes/{id}/": {"get", "patch", "delete"},
    "/api/usage/": {"get"},
    "/api/tokens/": {"get", "post"},
}


@pytest.fixture
def schema(api: APIClient) -> dict[str, Any]:
    body: dict[str, Any] = api.get("/api/schema/?format=json", headers={"Accept": "application/json"}).json()
    return body


@pytest.mark.django_db
def test_the_schema_describes_every_path(schema: dict[str, Any]) -> None:
    described = {path: set(methods) - {"parameters"} for path, methods in schema["paths"].items()}

    assert {path: described.get(path) for path in PATHS} == PATHS


@pytest.mark.django_db
def test_every_operation_says_in_a_line_what_it_does(schema: dict[str, Any]) -> None:
    silent = [
        f"{method} {path}"
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if not operation.get("summary")
    ]

    assert silent == []


@pytest.mark.django_db
def test_the_schema_is_made_without_a_warning(capsys: pytest.CaptureFixture[str], schema: dict[str, Any]) -> None:
    noise = capsys.readouterr().err

    assert "Warning" not in noise
    assert "Error" not in noise


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/"])
def test_the_pages_of_the_api_ask_no_other_host(client: Client, path: str) -> None:
    page = client.get(path).content.decode()

    assert "//cdn" not in page
    assert 'src="http' not in page
    assert 'href="http' not in page
