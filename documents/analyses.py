"""An analysis: the sentences of a text → the provider → citations held against the text → saved with its cost."""

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from documents import jobs, ledger, providers, streams
from documents.ai import citations, fields
from documents.ai.errors import Malformed, Rejected
from documents.ai.protocol import Provider, Request, Result, Sentence, Source, StopReason
from documents.models import Analysis, AnalysisStatus, Citation, Document, JobState, Page
from documents.reading import passages, plain_text
from documents.reading.boxes import place
from documents.values import CheckedCitation, CheckedResult, Span, Task


@dataclass(frozen=True, slots=True)
class Material:
    """What is analysed: a text and its sentences."""

    key: str
    title: str
    text: str
    sentences: tuple[Span, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def source(self) -> Source:
        sentences = (Sentence(span.start, span.end, self.text[span.start : span.end]) for span in self.sentences)
        return Source(self.key, self.title, tuple(sentences))


def run(held: jobs.Held) -> None:
    """Carries the analysis out and saves what it found, once."""
    analysis = Analysis.objects.filter(pk=held.subject).first()
    if analysis is None:
        jobs.drop(held)
        return
    _begin(held)
    material = _material(analysis)
    provider = providers.provider()
    request = _request(analysis, material, provider)
    result = _asked(held, provider, request)
    with ledger.booked_anyway(result, subject=held.subject, fence=held.fence):
        checked = citations.check(result, request.sources, (material.text,))
        _save(held, analysis, material, result, checked)
    streams.publish(held.subject, "done", status=AnalysisStatus.DONE)


def _asked(held: jobs.Held, provider: Provider, request: Request) -> Result:
    """The answer; one that is not in the form asked for is asked for once more, with what was wrong."""
    asking: dict[str, Any] = {"job": held.pk, "owner": held.owner_id, "subject": held.subject, "fence": held.fence}
    try:
        return ledger.ask(provider, request, **asking)
    except Malformed as error:
        return ledger.ask(provider, replace(request, repair=str(error)), step=1, **asking)


def fail(held: jobs.Held, *, state: JobState, code: str, message: str) -> None:
    """The analysis cannot be done: its owner learns why."""
    with jobs.ending(held, state, error=message):
        Analysis.objects.filter(pk=held.subject).update(
            status=AnalysisStatus.FAILED,
            error_code=code,
            error=message[:500],
            inline_text="",
            finished_at=timezone.now(),
        )
    streams.publish(held.subject, "failed", status=AnalysisStatus.FAILED, code=code, detail=message)


def _begin(held: jobs.Held) -> None:
    with jobs.holding(held):
        Analysis.objects.filter(pk=held.subject).update(status=AnalysisStatus.RUNNING)
    streams.publish(held.subject, "progress", status=AnalysisStatus.RUNNING)


def _material(analysis: Analysis) -> Material:
    if analysis.document_id is None:
        text = plain_text.structure(analysis.inline_text)
        return Material(str(analysis.pk), analysis.title, text.text, passages.sentences(text))
    # The lock keeps text and sentences of one reading together while the document may be read again.
    with transaction.atomic():
        document = Document.objects.defer("embedding").select_for_update(no_key=True).get(pk=analysis.document_id)
        rows = list(document.passages.values_list("sentences", flat=True))
    spans = (Span(start, end) for row in rows for start, end in row)
    return Material(str(document.pk), document.title, document.content, tuple(spans))


def _request(analysis: Analysis, material: Material, provider: Provider) -> Request:
    if not material.sentences:
        raise Rejected("There is no text to analyse.")
    return Request(
        task=Task(analysis.task),
        sources=(material.source,),
        model=analysis.model or provider.default_model,
        max_tokens=analysis.max_tokens,
        instruction=analysis.instruction,
        labels=tuple(analysis.labels),
        fields=fields.from_schema(analysis.schema) if analysis.schema else (),
    )


def _save(held: jobs.Held, analysis: Analysis, material: Material, result: Result, checked: CheckedResult) -> None:
    citations = _citations(analysis, material, checked)
    with jobs.ending(held):
        Citation.objects.filter(analysis=analysis).delete()
        Citation.objects.bulk_create(citations, batch_size=500)
        ledger.settle(result, subject=analysis.pk, fence=held.fence)
        Analysis.objects.filter(pk=analysis.pk).update(
            status=AnalysisStatus.DONE,
            provider=result.provider,
            model=result.model[:100],
            prompt_version=result.prompt_version,
            text_sha256=material.sha256,
            truncated=result.stop_reason == StopReason.TRUNCATED,
            result=_shown(checked),
            usage=asdict(result.usage),
            inline_text="",
            finished_at=timezone.now(),
        )


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
