"""Citations as the API shows them: those of documents in the bin keep their places, and tell nothing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rest_framework import serializers

from documents.models import Citation, Document

# What is told in the place of words that stand in the bin.
HIDDEN: dict[str, Any] = {
    **dict.fromkeys(("document", "start", "end", "page")),
    **dict.fromkeys(("anchor", "quote"), ""),
    "boxes": [],
    "verified": False,
}


class CitationSerializer(serializers.ModelSerializer[Citation]):
    """The words a claim rests on. Not verified: start, end and page are null and it links nowhere. Of a document in the
    bin it tells only the title, until that is put back."""

    document = serializers.UUIDField(source="document_id", allow_null=True)
    boxes = serializers.ListField(child=serializers.ListField(), help_text="[page, x0, y0, x1, y1] in fractions.")

    class Meta:
        model = Citation
        fields = ["document", "title", "start", "end", "page", "boxes", "anchor", "quote", "verified"]


def told(citations: Iterable[Citation]) -> list[dict[str, Any]]:
    """The citations of an answer, whose documents may have been put into the bin since."""
    citations = list(citations)
    here = _here(str(one.document_id) for one in citations if one.document_id)
    return [
        dict(CitationSerializer(one).data) | (HIDDEN if one.document_id and str(one.document_id) not in here else {})
        for one in citations
    ]


def told_of(events: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same for what was told of an answer while it was written: `passages`, and one `document` an event."""
    named = [one["document"] for event in events for one in (event, *event.get("passages", ())) if one.get("document")]
    here = _here(named)
    for event in events:
        if event.get("document") and event["document"] not in here:
            yield event | {name: value for name, value in HIDDEN.items() if name in event}
        elif "passages" in event:
            yield event | {"passages": [one for one in event["passages"] if one["document"] in here]}
        else:
            yield event


def _here(documents: Iterable[str]) -> set[str]:
    """Those of these documents that are there, and not in the bin."""
    named = set(documents)
    if not named:
        return set()
    return {str(pk) for pk in Document.objects.out_of_bin().filter(pk__in=named).values_list("pk", flat=True)}
