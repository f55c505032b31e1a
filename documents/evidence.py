"""What a checked result looks like in a row, and where the words it cites stand on their pages."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from documents.ai.protocol import NOTHING
from documents.models import Page
from documents.reading.boxes import place
from documents.values import CheckedCitation, CheckedResult, Span


def shown(checked: CheckedResult) -> dict[str, Any]:
    """The result as JSON: the text, its claims with the ordinals of their citations, how many are verified."""
    claims = [claim for claim in checked.claims if claim.label != NOTHING]
    return {
        "text": checked.text,
        "claims": [asdict(claim) | {"citations": list(claim.citations)} for claim in claims],
        "verified": sum(_is_verified(claim.citations, checked) and not claim.doubt for claim in claims),
        "total": len(claims),
    }


def _is_verified(citations: tuple[int, ...], checked: CheckedResult) -> bool:
    return any(checked.citations[ordinal].verified for ordinal in citations)


class Places:
    """Where the cited words stand. Only cited pages are loaded whole; a text that is not kept has none."""

    def __init__(self, document: UUID | None, sha256: str, citations: Sequence[CheckedCitation]) -> None:
        spans = [Span(found.start, found.end) for found in citations if found.start is not None and found.end]
        # Pages of another text say nothing: the document may have been read again meanwhile.
        pages = Page.objects.filter(document=document, document__content_sha256=sha256)
        touched = [
            page.number
            for page in pages.only("number", "start", "end")
            if any(span.start < page.end and span.end > page.start for span in spans)
        ]
        rows = list(pages.filter(number__in=touched))
        self.pages = [row.as_read for row in rows]
        self.blocks = [block for row in rows for block in row.as_blocks]

    def of(self, citation: CheckedCitation) -> dict[str, Any]:
        if citation.start is None or citation.end is None:
            return {}
        found = place(self.pages, self.blocks, citation.start, citation.end)
        boxes = [[box.page, *(round(edge, 5) for edge in (box.x0, box.y0, box.x1, box.y1))] for box in found.boxes]
        return {"page": found.page, "boxes": boxes, "anchor": found.anchor}
