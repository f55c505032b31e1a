"""The answer to a sweep, made by rule of what every document said: no model is asked, so the numbers are right."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from documents.ai import sweeping
from documents.ai.local import Local
from documents.ai.wording import language
from documents.models import Analysis, AnalysisStatus, Citation, ExaminationState, Message, MessageStatus
from documents.sweeps.coverage import Row, coverage_of, passages_of, rows_of
from documents.sweeps.wording import WORDINGS, Wording, counted, sentence

# Of each document that is listed; the ledger has all.
MOST_STATEMENTS = 2
MADE_BY = ("provider", "model", "prompt_version")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The columns and the citations of an answer."""

    columns: dict[str, Any]
    citations: Sequence[Citation]

    @property
    def claims(self) -> list[dict[str, Any]]:
        claims: list[dict[str, Any]] = self.columns["result"]["claims"]
        return claims

    def save(self, message: Message, status: MessageStatus) -> None:
        """In the transaction that ends the question."""
        Citation.objects.filter(message=message).delete()
        Citation.objects.bulk_create(self.citations, batch_size=500)
        Message.objects.filter(pk=message.pk).update(status=status, finished_at=timezone.now(), **self.columns)


def conclude(message: Message) -> Conclusion:
    """What is known so far, as the answer to the question."""
    asked = sweeping.understand(message.question, language([message.question]))
    words, made = WORDINGS[asked.language], _made(message)
    coverage, rows = coverage_of(message.pk), rows_of(message.pk)
    passages = passages_of([row.document for row in rows if row.document])
    said = sentence(words, coverage, lacks=asked.lacks, local=made["provider"] == Local.name)
    listing = _Listing(message, words, passages)
    for row in rows:
        listing.add(row, lacks=asked.lacks)
    text = "\n".join([said, *(f"- {claim['text'].strip()}" for claim in listing.claims)])
    told = {"text": text, "coverage": coverage.counts | {"lacks": asked.lacks, "sentence": said}}
    searched = {"documents": coverage.examined, "passages": sum(passages.values())}
    return Conclusion(made | {"text": text, "result": listing.result | told, "searched": searched}, listing.citations)


class _Listing:
    """The documents asked for, a claim each: what they say and cite, or that they say nothing."""

    def __init__(self, message: Message, words: Wording, passages: dict[UUID, int]) -> None:
        self.message = message
        self.words = words
        self.passages = passages
        self.claims: list[dict[str, Any]] = []
        self.citations: list[Citation] = []
        self.answered = False

    def add(self, row: Row, *, lacks: bool) -> None:
        if row.state == ExaminationState.UNVERIFIED:
            self._quote(row, row.claims, self.words.unquoted)
        elif row.state == ExaminationState.FOUND and not lacks:
            verified = [claim for claim in row.claims if _is_verified(claim, row.citations)]
            self._quote(row, verified)
            self.answered = True
        elif row.state == ExaminationState.NOT_FOUND and lacks:
            count = self.passages.get(row.document, 0) if row.document else 0
            self._list(row, counted(self.words.nothing, count), doubt=self.words.absent)
            self.answered = True

    def _quote(self, row: Row, claims: Sequence[dict[str, Any]], doubt: str = "") -> None:
        chosen = claims[:MOST_STATEMENTS]
        cited = {one.ordinal: one for one in row.citations}
        ordinals = dict.fromkeys(at for claim in chosen for at in claim["citations"] if at in cited)
        first = len(self.citations)
        self.citations += [self._copy(cited[at], first + number) for number, at in enumerate(ordinals)]
        said = " ".join(claim["text"].strip() for claim in chosen)
        self._list(row, said, range(first, len(self.citations)), doubt)

    def _list(self, row: Row, said: str, citations: Sequence[int] = (), doubt: str = "") -> None:
        told = {"text": f"{row.title}: {said}\n", "label": "", "score": None, "doubt": doubt}
        self.claims.append(told | {"citations": list(citations)})

    def _copy(self, citation: Citation, ordinal: int) -> Citation:
        citation.pk, citation.analysis, citation.message, citation.ordinal = None, None, self.message, ordinal
        # Not verified, it links nowhere.
        citation.document_id = citation.document_id if citation.verified else None
        return citation

    @property
    def result(self) -> dict[str, Any]:
        verified = sum(not claim["doubt"] for claim in self.claims)
        return {"claims": self.claims, "verified": verified, "total": len(self.claims), "answered": self.answered}


def _is_verified(claim: dict[str, Any], citations: Sequence[Citation]) -> bool:
    verified = {one.ordinal for one in citations if one.verified}
    return not claim.get("doubt") and not verified.isdisjoint(claim["citations"])


def _made(message: Message) -> dict[str, Any]:
    """By whom, and what all of it used."""
    asked = Analysis.objects.filter(examination__message=message, status=AnalysisStatus.DONE)
    rows = list(asked.order_by("finished_at").values(*MADE_BY, "usage", "truncated"))
    usage: Counter[str] = Counter()
    for row in rows:
        usage.update(row["usage"] or {})
    last = rows[-1] if rows else dict.fromkeys(MADE_BY, "")
    return {name: last[name] for name in MADE_BY} | {
        "usage": dict(usage) or None,
        "truncated": any(row["truncated"] for row in rows),
    }
