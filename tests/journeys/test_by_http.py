"""The main job as a program does it, against the whole product."""

import http.client
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from documents.actions import SAMPLES
from tests.config import running
from tests.journeys.product import Product

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("product")]

REPORT = SAMPLES / "harbour-library-annual-report-2025.pdf"


def uploaded(api: httpx2.Client, name: str, content: bytes) -> dict[str, Any]:
    answer = api.post("/api/documents/", files={"file": (name, content)})
    assert answer.status_code in (200, 201), answer.text
    document: dict[str, Any] = answer.json()
    ready = running.wait_for(lambda: api.get(f"/api/documents/{document['id']}/").json()["status"] == "ready")
    assert ready, api.get(f"/api/documents/{document['id']}/").text
    return document


def test_a_pdf_is_uploaded_read_and_summarised_with_evidence(product: Product) -> None:
    with product.api() as api:
        document = uploaded(api, "report.pdf", REPORT.read_bytes())

        answer = api.post(f"/api/documents/{document['id']}/analyze/", json={}, headers={"Prefer": "wait=30"})
        content = api.get(f"/api/documents/{document['id']}/content/").json()

    analysis = answer.json()
    assert (answer.status_code, analysis["status"], analysis["provider"]) == (200, "done", "local")
    assert analysis["citations"]
    for citation in analysis["citations"]:
        assert content["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert citation["boxes"]


def test_a_text_is_analysed_and_classified(product: Product) -> None:
    with product.api() as api:
        analysed = api.post(
            "/api/documents/analyze/", json={"content": "The rent is 900 EUR."}, headers={"Prefer": "wait=30"}
        )
        classified = api.post("/api/classify/", json={"text": "A wonderful day.", "labels": ["weather", "tax"]})

    assert analysed.json()["analysis"] == "The rent is 900 EUR."
    assert classified.json()["result"] == "weather"


def test_events_tell_when_a_document_is_ready(product: Product) -> None:
    with product.api() as api:
        document = api.post("/api/documents/", json={"title": "Note", "content": "We meet on Monday at nine."}).json()

        with api.stream("GET", f"/api/documents/{document['id']}/events/") as events:
            names = [line.removeprefix("event: ") for line in events.iter_lines() if line.startswith("event: ")]

    assert names[-1] == "ready"


def refused_by_its_head(product: Product, **headers: str) -> tuple[int, str | None]:
    """The answer to a request of which only the head is sent."""
    link = http.client.HTTPConnection(urlsplit(product.url).netloc, timeout=10)
    link.putrequest("POST", "/api/documents/")
    for name, value in headers.items():
        link.putheader(name.replace("_", "-"), value)
    link.endheaders()
    answer = link.getresponse()
    link.close()
    return answer.status, answer.getheader("content-type")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(product: Product) -> None:
    answer = refused_by_its_head(product, Authorization=f"Token {product.token}", Content_Length="500000000")

    assert answer == (413, "application/problem+json")


def test_a_stranger_is_refused_before_the_body_is_read(product: Product) -> None:
    answer = refused_by_its_head(product, Content_Length="90000000")

    assert answer == (401, "application/problem+json")


def test_a_wrong_token_is_refused_before_the_body_is_read(product: Product) -> None:
    headers = {"Content_Length": "90000000", "Content_Type": "multipart/form-data; boundary=x"}

    answer = refused_by_its_head(product, Authorization="Token glossa_wrong", **headers)

    assert answer == (401, "application/problem+json")
