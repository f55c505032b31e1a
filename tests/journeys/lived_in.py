"""A library as it is after a week of use: papers, tags, collections, analyses, answers, notes. For looking at pages."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.journeys.papers import twelve
from tests.journeys.product import Product

PATIENCE_SECONDS = 120
FIELDS = {
    "cost": {"type": "number", "description": "what the work costs, in euros"},
    "begins": {"type": "string", "format": "date", "description": "when it begins"},
    "contact": {"type": "string", "description": "who is to be asked"},
}


@dataclass(frozen=True)
class LivedIn:
    """Ids of what is there, by the names of the files."""

    documents: dict[str, str]
    conversation: str
    run: str
    sweep: str
    timeline: str

    @property
    def pdf(self) -> str:
        return self.documents.get("harbour-library-annual-report-2025", "")

    @property
    def lease(self) -> str:
        return self.documents.get("tenancy-agreement", "")

    @property
    def pages(self) -> dict[str, str]:
        """The addresses of all pages that the library's owner can come to."""
        reader, lease = f"/documents/{self.pdf}/", f"/documents/{self.lease}/"
        return {
            "library": "/documents/?view=list",
            "grid": "/documents/?view=grid",
            "filtered": "/documents/?view=list&type=pdf",
            "paste": "/documents/paste/",
            "reader": f"{reader}?view=pages&tab=overview",
            "reader-text": f"{reader}?view=text&tab=notes",
            "reader-ask": f"{reader}?view=pages&conversation=new",
            "reader-similar": f"{reader}?view=pages&tab=similar",
            "reader-details": f"{reader}?view=pages&tab=details",
            "reader-find": f"{reader}?view=pages&find=visits",
            "timeline": f"{lease}?analysis={self.timeline}",
            "rename": f"{lease}rename/",
            "delete": f"{lease}delete/",
            "ask": "/ask/",
            "answer": f"/conversations/{self.conversation}/",
            "coverage": f"/messages/{self.sweep}/coverage/",
            "search": "/search/?q=roof",
            "search-empty": "/search/",
            "map": "/map/",
            "analyses": "/analyses/",
            "new-run": "/analyses/new/",
            "run": f"/runs/{self.run}/",
            "recipes": "/recipes/",
            "recipe": "/recipes/new/",
            "usage": "/usage/",
            "bin": "/bin/",
            "tags": "/tags/",
            "collections": "/collections/",
            "account": "/account/",
            "email": "/accounts/email/",
            "password": "/accounts/password/change/",
            "sessions": "/account/sessions/",
            "tokens": "/account/tokens/",
            "data": "/account/data/",
            "export": "/account/export/",
            "leaving": "/account/delete/",
            "admin": "/admin/",
            "admin-jobs": "/admin/documents/job/",
            "missing": "/nowhere/",
        }


STRANGERS = {
    "home": "/",
    "login": "/accounts/login/",
    "signup": "/accounts/signup/",
    "reset": "/accounts/password/reset/",
    "reset-sent": "/accounts/password/reset/done/",
    "inactive": "/accounts/inactive/",
    "confirm": "/accounts/confirm-email/",
}


def furnish(product: Product, folder: Path) -> LivedIn:
    """Puts the papers into the library of the first admin, and works with them."""
    with product.api() as api:
        for path in twelve(folder):
            _made(api.post("/api/documents/", files={"file": (path.name, path.read_bytes())}))
        documents = _read(api)
        for name, document in documents.items():
            title = name.replace("-", " ").capitalize()
            _made(api.patch(f"/api/documents/{document}/", json={"title": title}))
        _order(api, documents)
        for name, recipes in {
            "harbour-library-annual-report-2025": ("summary", "key-points", "entities", "dates"),
            "tenancy-agreement": ("summary", "obligations", "dates"),
        }.items():
            for recipe in recipes:
                made = _wait(api, f"/api/documents/{documents[name]}/analyze/", {"recipe": recipe})
        _note(api, documents["harbour-library-annual-report-2025"], "visits", "Compare with 2024 before the meeting.")
        first = _wait(api, "/api/ask/", {"question": "How many visits did the library have in 2025?"})
        thread = first["conversation"]
        _wait(api, "/api/ask/", {"question": "What does the roof cost?", "conversation": thread})
        swept = _wait(api, "/api/ask/", {"question": "Which documents name a price?", "sweep": True})
        return LivedIn(documents, thread, _run(api, documents), swept["id"], made["id"])


def _made(response: httpx2.Response) -> Any:
    assert response.status_code < 300, response.text
    return response.json()


def _wait(api: httpx2.Client, path: str, sent: dict[str, Any]) -> Any:
    return _made(api.post(path, json=sent, headers={"Prefer": "wait=30"}))


def _read(api: httpx2.Client) -> dict[str, str]:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = _made(api.get("/api/documents/"))["results"]
        if all(one["status"] in ("ready", "failed") for one in found):
            return {one["title"]: one["id"] for one in found}
        time.sleep(0.5)
    raise TimeoutError("the papers were not read")


def _order(api: httpx2.Client, documents: dict[str, str]) -> None:
    roof = [documents[name] for name in ("roof-offer", "general-meeting-2026", "reserve", "spring-meeting")]
    _made(api.post("/api/collections/", json={"name": "The new roof", "documents": roof}))
    tenants = [documents[name] for name in ("tenancy-agreement", "house-rules", "notice-on-the-door")]
    _made(api.post("/api/collections/", json={"name": "For tenants", "documents": tenants}))
    for name, papers in {
        "Roof": roof,
        "To answer": [documents["lift-in-house-12"], roof[0]],
        "Tenants": tenants,
    }.items():
        tag = _made(api.post("/api/tags/", json={"name": name}))["id"]
        _made(api.post(f"/api/tags/{tag}/documents/", json={"documents": papers}))
    _made(api.post("/api/documents/", json={"title": "An old draft", "content": "The roof costs less than we think."}))
    draft = next(one["id"] for one in _made(api.get("/api/documents/"))["results"] if one["title"] == "An old draft")
    _made(api.post(f"/api/documents/{draft}/bin/"))


def _note(api: httpx2.Client, document: str, words: str, text: str) -> None:
    start = _made(api.get(f"/api/documents/{document}/content/"))["text"].index(words)
    sent = {"document": document, "start": start, "end": start + len(words), "text": text}
    _made(api.post("/api/notes/", json=sent))


def _run(api: httpx2.Client, documents: dict[str, str]) -> str:
    schema = {"type": "object", "properties": FIELDS}
    chosen = [
        documents[name] for name in ("roof-offer", "general-meeting-2026", "lift-in-house-12", "tenancy-agreement")
    ]
    run: str = _made(api.post("/api/runs/", json={"documents": chosen, "name": "What costs what", "schema": schema}))[
        "id"
    ]
    while (now := _made(api.get(f"/api/runs/{run}/")))["done"] + now["failed"] < now["total"]:
        time.sleep(0.5)
    return run
