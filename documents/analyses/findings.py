"""What was found out, as rows: the statements, and for each the words it rests on and where they stand."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from documents.ai.protocol import StopReason
from documents.analyses.material import Material
from documents.analyses.portions import Answer
from documents.models import Analysis, AnalysisStatus, Citation, Page
from documents.reading.boxes import place
from documents.values import CheckedCitation, CheckedResult, Span


@dataclass(frozen=True, slots=True)
class Findings:
    """The rows of an analysis that is done; `save` is called in the transaction that ends its job."""

    analysis: Analysis
    columns: dict[str, Any]
    citations: list[Citation]

    def save(self) -> None:
        Citation.objects.filter(analysis=self.analysis).delete()
        Citation.objects.bulk_create(self.citations, batch_size=500)
        self.analysis.portions.all().delete()
        Analysis.objects.filter(pk=self.analysis.pk).update(**self.columns)


def of(analysis: Analysis, material: Material, answer: Answer, checked: CheckedResult) -> Findings:
    result = answer.result
    columns = {
        "status": AnalysisStatus.DONE,
        "progress": 1,
        "provider": result.provider,
        "model": result.model[:100],
        "prompt_version": result.prompt_version,
        "text_sha256": material.sha256,
        "truncated": result.stop_reason == StopReason.TRUNCATED,
        "result": _shown(checked),
        "usage": asdict(answer.usage),
        "inline_text": "",
        "finished_at": timezone.now(),
    }
    return Findings(analysis, columns, _citations(analysis, material, checked))


def _shown(checked: CheckedResult) -> dict[str, Any]:
    """The result as JSON: the text, its claims with the ordinals of their citations, how many are verified."""
    return {
        "text": checked.text,
        "claims": [asdict(claim) | {"citations": list(claim.citations)} for claim in checked.claims],
        "verified": sum(_is_verified(claim.citations, checked) and not claim.doubt for claim in checked.claims),
        "total": len(checked.claims),
    }


def _is_verified(citations: tuple[int, ...], checked: CheckedResult) -> bool:
    return any(checked.citations[ordinal].verified for ordinal in citations)


def _citations(analysis: Analysis, material: Material, checked: CheckedResult) -> list[Citation]:
    sha256 = material.sha256
    where = _Places(analysis.document_id, sha256, checked.citations)
    return [
        Citation(
            analysis=analysis,
            ordinal=ordinal,
            document_id=analysis.document_id,
            title=material.title,
            quote=citation.quote,
            verified=citation.verified,
            start=citation.start,
            end=citation.end,
            text_sha256=sha256,
            **where.of(citation),
        )
        for ordinal, citation in enumerate(checked.citations)
    ]


class _Places:
    """Where the cited words stand. Only cited pages are loaded whole; a text that is not kept has none."""

    def __init__(self, document: UUID | None, sha256: str, citations: tuple[CheckedCitation, ...]) -> None:
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
