"""Whatever is sent: problem details with a sentence that says what to do, nothing lost, no 500."""

import base64
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings
from rest_framework.test import APIClient

from documents.models import Analysis, ApiReply, Document

pytestmark = pytest.mark.django_db


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The body of an answer, which must be problem details of this status."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert body["status"] == status
    assert body["detail"].endswith((".", "`"))
    return body


def upload(api: APIClient, name: str, content: bytes) -> Any:
    return api.post("/api/documents/", {"file": SimpleUploadedFile(name, content)}, format="multipart")


def test_an_empty_file_is_refused(api: APIClient) -> None:
    assert "empty" in problem(upload(api, "empty.pdf", b""), 400)["detail"]
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("photo.pdf", b"GIF89a" + b"\x00" * 64, 415),
        ("photo.gif", b"GIF89a" + b"\x00" * 64, 415),
        ("page.pdf", b"<!doctype html><html><body>Not found</body></html>", 415),
        ("blanks.txt", b"   \n\n", 400),
        ("program.exe", b"MZ" + bytes(range(256)) * 4, 415),
    ],
)
def test_a_file_that_is_not_read_is_refused_and_not_kept(
    api: APIClient, settings: Settings, name: str, content: bytes, status: int
) -> None:
    problem(upload(api, name, content), status)

    assert not Document.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_refusal_lists_what_is_read(api: APIClient) -> None:
    detail = problem(upload(api, "photo.gif", b"GIF89a" + b"\x00" * 64), 415)["detail"]

    assert all(name in detail for name in ("PDF", "DOCX", "HTML", "Markdown", "plain text"))


def test_a_file_over_the_limit_is_refused(api: APIClient, settings: Settings) -> None:
    settings.MAX_UPLOAD_MB = 1

    problem(upload(api, "large.txt", b"word " * 300_000), 413)


@pytest.mark.parametrize("path", ["/api/recipes/%00/", "/api/tokens/?cursor=cD14"])
def test_an_odd_address_is_404(api: APIClient, path: str) -> None:
    problem(api.get(path), 404)


def test_a_cursor_beyond_all_time_is_refused(api: APIClient) -> None:
    for moment in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        cursor = base64.urlsafe_b64encode(f"n|{moment}|{uuid.uuid4()}".encode()).decode()

        problem(api.get("/api/documents/", {"cursor": cursor}), 400)


def test_two_files_at_once_are_refused_and_neither_is_dropped_silently(api: APIClient) -> None:
    files = [SimpleUploadedFile(f"{name}.txt", name.encode()) for name in ("one", "two")]

    answer = api.post("/api/documents/", {"file": files}, format="multipart")

    assert problem(answer, 400)["code"] == "too_many_files"


def test_a_broken_multipart_body_is_refused_with_words(api: APIClient) -> None:
    answer = api.post("/api/documents/", b"--x", content_type="multipart/form-data")

    assert "boundary" in problem(answer, 400)["detail"]


def test_neither_file_nor_content_is_refused(api: APIClient) -> None:
    assert "file" in problem(api.post("/api/documents/", {}), 400)["errors"]


@pytest.mark.parametrize("header", ["", "Token", "Token wrong", "Token glossa_wrong", "Token a b", "Basic YTpi"])
def test_a_missing_or_wrong_token_is_401(header: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)

    answer = client.get("/api/documents/")

    problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Token"


def test_an_id_that_is_nobodys_is_404(api: APIClient) -> None:
    problem(api.get(f"/api/documents/{uuid.uuid4()}/"), 404)
    problem(api.post(f"/api/documents/{uuid.uuid4()}/analyze/", {}), 404)
    problem(api.get(f"/api/analyses/{uuid.uuid4()}/"), 404)


@pytest.mark.parametrize("path", ["/api/nothing/", "/api/documents/12/", "/api/documents/not-an-id/content/"])
def test_an_address_that_is_not_there_is_404(api: APIClient, path: str) -> None:
    problem(api.get(path), 404)


def test_an_unknown_recipe_is_named_with_those_there_are(api: APIClient, notice: Document) -> None:
    body = problem(api.post(f"/api/documents/{notice.pk}/analyze/", {"recipe": "sumary"}), 400)

    assert "summary" in body["detail"]
    assert not Analysis.objects.exists()


@pytest.mark.parametrize("max_tokens", [0, -1, 8193, 10**30, "many", None, 1.5, True])
def test_max_tokens_out_of_range_is_refused(api: APIClient, notice: Document, max_tokens: Any) -> None:
    body = problem(api.post(f"/api/documents/{notice.pk}/analyze/", {"max_tokens": max_tokens}), 400)

    assert list(body["errors"]) == ["max_tokens"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b'{"content": "\\ud800"}',
        b"[" * 100_000,
        b'{"content": NaN}',
        b"[]",
        b'"text"',
        b"null",
        b"12",
        b"\xff\xfe",
    ],
)
@pytest.mark.parametrize("path", ["/api/documents/", "/api/documents/analyze/", "/api/classify/"])
def test_malformed_json_is_refused(api: APIClient, path: str, body: bytes) -> None:
    problem(api.post(path, body, content_type="application/json"), 400)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/api/documents/", {"title": "Note", "content": "a\x00b"}),
        ("/api/documents/", {"title": "a\x00b", "content": "text"}),
        ("/api/documents/analyze/", {"content": "a\x00b"}),
        ("/api/documents/analyze/", {"content": "text", "instruction": "a\x00b"}),
        ("/api/documents/analyze/", {"content": "text", "recipe": "a\x00b"}),
        ("/api/classify/", {"text": "a\x00b"}),
        ("/api/classify/", {"text": "text", "labels": ["a\x00b", "c"]}),
    ],
)
def test_nul_characters_are_refused(api: APIClient, path: str, sent: dict[str, Any]) -> None:
    problem(api.post(path, sent), 400)


def test_nul_characters_in_the_query_are_refused(api: APIClient) -> None:
    problem(api.get("/api/documents/?q=a%00b"), 400)
    problem(api.get("/api/documents/?cursor=a%00b"), 400)
    problem(api.get("/api/documents/?status=a%00b"), 400)


@pytest.mark.parametrize("cursor", ["x", "bnwxfDI=", "n|2026|1", "////", "é"])
def test_a_cursor_that_is_not_ours_is_refused(api: APIClient, cursor: str) -> None:
    problem(api.get("/api/documents/", {"cursor": cursor}), 400)


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1e3", "²"])
def test_a_page_size_out_of_range_is_refused(api: APIClient, limit: str) -> None:
    problem(api.get("/api/documents/", {"limit": limit}), 400)


def test_a_document_that_is_not_ready_is_not_analysed(api: APIClient) -> None:
    document = api.post("/api/documents/", {"title": "Note", "content": "Words."}).json()

    assert problem(api.post(f"/api/documents/{document['id']}/analyze/", {}), 409)["code"] == "not_ready"


@pytest.mark.parametrize("content", ["", "   ", "\n\n"])
def test_a_text_without_words_is_refused(api: APIClient, content: str) -> None:
    problem(api.post("/api/documents/analyze/", {"content": content}), 400)
    problem(api.post("/api/classify/", {"text": content}), 400)


def test_a_method_that_does_not_fit_is_405_and_a_type_415(api: APIClient, notice: Document) -> None:
    problem(api.put(f"/api/documents/{notice.pk}/", {"title": "x"}), 405)
    problem(api.post("/api/documents/", b"<a/>", content_type="application/xml"), 415)


def test_the_same_key_and_request_give_the_same_answer_once(api: APIClient) -> None:
    sent = {"title": "Note", "content": "Words."}

    first = api.post("/api/documents/", sent, headers={"Idempotency-Key": "one"})
    second = api.post("/api/documents/", sent, headers={"Idempotency-Key": "one"})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"


def test_the_same_key_for_another_request_is_refused(api: APIClient) -> None:
    api.post("/api/documents/", {"title": "Note", "content": "Words."}, headers={"Idempotency-Key": "one"})

    answer = api.post("/api/documents/", {"title": "Note", "content": "Other."}, headers={"Idempotency-Key": "one"})

    assert problem(answer, 422)["code"] == "key_reused"


def test_a_key_under_way_is_not_carried_out_twice(api: APIClient) -> None:
    api.post("/api/documents/", {"title": "Note", "content": "Words."}, headers={"Idempotency-Key": "one"})
    ApiReply.objects.update(status=None)

    answer = api.post("/api/documents/", {"title": "Note", "content": "Words."}, headers={"Idempotency-Key": "one"})

    assert problem(answer, 409)["code"] == "in_progress"


def test_what_was_refused_may_be_tried_again_with_the_same_key(api: APIClient) -> None:
    problem(api.post("/api/documents/", {}, headers={"Idempotency-Key": "one"}), 400)

    assert not ApiReply.objects.exists()


def test_a_key_of_alices_tells_bob_nothing(api: APIClient, api_of_bob: APIClient) -> None:
    sent = {"title": "Note", "content": "Words."}
    first = api.post("/api/documents/", sent, headers={"Idempotency-Key": "one"})

    second = api_of_bob.post("/api/documents/", sent, headers={"Idempotency-Key": "one"})

    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]
