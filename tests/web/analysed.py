"""Analyses as a model might have left them, and what a page says."""

import re
from typing import Any

from documents.models import Analysis, AnalysisStatus, Citation, Document
from documents.values import Task


def done(document: Document, task: Task, *claims: dict[str, Any], **columns: Any) -> Analysis:
    """An analysis that is done; the `quotes` of a claim are verified where the document has them."""
    analysis = Analysis.objects.create(
        owner=document.owner,
        document=document,
        title=document.title,
        task=task,
        max_tokens=2048,
        status=AnalysisStatus.DONE,
        provider="claude",
        model="claude-haiku-4-5-20251001",
        text_sha256=document.content_sha256,
        result={"text": "", "claims": []},
        **columns,
    )
    told = [_told(analysis, document, claim) for claim in claims]
    verified = sum(analysis.citations.filter(ordinal__in=one["citations"], verified=True).exists() for one in told)
    analysis.result = {"text": "", "claims": told, "verified": verified, "total": len(told)}
    analysis.save()
    return analysis


def _told(analysis: Analysis, document: Document, claim: dict[str, Any]) -> dict[str, Any]:
    quotes = claim.pop("quotes", ())
    return {"label": "", **claim, "citations": [_cite(analysis, document, quote) for quote in quotes]}


def _cite(analysis: Analysis, document: Document, quote: str | tuple[int, int]) -> int:
    """The ordinal of a citation of these words, or of those between two offsets."""
    start, end = quote if isinstance(quote, tuple) else (document.content.find(quote), 0)
    words = document.content[start:end] if isinstance(quote, tuple) else quote
    found = start >= 0
    ordinal = analysis.citations.count()
    Citation.objects.create(
        analysis=analysis,
        ordinal=ordinal,
        document=document,
        title=document.title,
        quote=words,
        verified=found,
        start=start if found else None,
        end=start + len(words) if found else None,
        text_sha256=document.content_sha256,
    )
    return ordinal


def words_of(page: str) -> str:
    """The words of a page, or of a part of one, alone."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2] or page).split())
