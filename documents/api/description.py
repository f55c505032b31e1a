"""What the schema says beyond what drf-spectacular finds by itself."""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema

from documents.reading.parsers import registry

UPLOADING = "\n".join(
    [
        "Put a document in: a file as `multipart/form-data`, or a text as JSON. Answers 200 with `duplicate: true` "
        "when you already have these bytes; if they lie in the bin, they come back. What a file is "
        "comes from its bytes, not from its name.",
        "",
        "| Format | Names | What is read |",
        "|---|---|---|",
        *(f"| {row.label} | {' '.join(row.extensions)} | {row.scope} |" for row in registry.FORMATS),
    ]
)
EVENTS = {
    "/api/documents/{id}/events/": ("documents", "progress, then ready or failed"),
    "/api/messages/{id}/events/": ("messages", "status, passages, delta, citation, then done, error or cancelled"),
    "/api/analyses/{id}/events/": ("analyses", "progress, then done, failed or cancelled"),
}


class Described(AutoSchema):
    """Each operation's summary is the first sentence of its description."""

    def get_summary(self) -> str | None:
        description = " ".join((self.get_description() or "").split())
        return super().get_summary() or re.split(r"(?<=\.) ", description)[0] or None


def add_events(result: dict[str, Any], **others: Any) -> dict[str, Any]:
    """The streams, which are async views of Django and unknown to REST framework."""
    paths = result["paths"] | {path: {"get": _stream(tag, names)} for path, (tag, names) in EVENTS.items()}
    return result | {"paths": dict(sorted(paths.items()))}


def _stream(tag: str, names: str) -> dict[str, Any]:
    identity = {"in": "path", "name": "id", "required": True, "schema": {"type": "string", "format": "uuid"}}
    last = {"in": "header", "name": "Last-Event-ID", "schema": {"type": "string"}, "description": "Go on after this."}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "operationId": f"{tag}_events",
        "summary": "Watch it, as server-sent events.",
        "description": f"Events: {names}. A comment line comes every 15 seconds.",
        "tags": [tag],
        "parameters": [identity, last],
        "security": [{"token": []}, {"cookieAuth": []}],
        "responses": {
            "200": {"description": "The stream.", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            "401": {"description": "Who asks?", "content": problem},
            "404": {"description": "Nothing here.", "content": problem},
        },
    }
