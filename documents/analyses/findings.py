"""What was found out, as rows: the statements, and for each the words it rests on and where they stand."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from documents import evidence
from documents.ai import fields
from documents.ai.protocol import StopReason
from documents.analyses.material import Material
from documents.analyses.portions import Answer
from documents.models import Analysis, AnalysisStatus, Citation
from documents.values import CheckedResult


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
        "result": _with_values(evidence.shown(checked), analysis),
        "usage": asdict(answer.usage),
        "inline_text": "",
        "finished_at": timezone.now(),
    }
    return Findings(analysis, columns, _citations(analysis, material, checked))


def _with_values(shown: dict[str, Any], analysis: Analysis) -> dict[str, Any]:
    """Each value of a typed result also in its type, beside its words."""
    if not analysis.schema:
        return shown
    by_name = {field.name: field for field in fields.from_schema(analysis.schema)}
    for claim in shown["claims"]:
        if claim["label"] in by_name:
            claim["value"] = fields.typed(by_name[claim["label"]], claim["text"])
    return shown


def _citations(analysis: Analysis, material: Material, checked: CheckedResult) -> list[Citation]:
    sha256 = material.sha256
    where = evidence.Places(analysis.document_id, sha256, checked.citations)
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
