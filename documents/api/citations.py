"""Citations as the API shows them: those of documents in the bin keep their places, and tell nothing."""

from collections.abc import Iterable
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
    cited = {one.document_id for one in citations if one.document_id}
    here = set(Document.objects.out_of_bin().filter(pk__in=cited).values_list("pk", flat=True)) if cited else set()
    return [
        dict(CitationSerializer(one).data) | ({} if one.document_id is None or one.document_id in here else HIDDEN)
        for one in citations
    ]
