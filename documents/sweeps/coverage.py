"""The coverage ledger: every document that was to be asked, what became of it, and the words it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from documents.models import AICall, CallState, Citation, Examination, ExaminationState, Message, Passage, Status

COLUMNS = (
    *("ordinal", "document_id", "title", "state", "analysis_id", "document__status", "document__error"),
    *(
        "document__deleted_at",
        "document__unread_pages",
        "analysis__error",
        "analysis__result",
        "analysis__provider",
        "analysis__model",
    ),
)
DELETED = "It was deleted after the question was asked."
IN_BIN = "It was put into the bin after the question was asked. Put it back to see what it says."
BEING_READ = "It is still being read. Once it is, answer the question once more to include it."
READ_SINCE = "It could not be read when it was to be asked, but can now. Answer the question once more to include it."
STOPPED = "The question was stopped before it was asked about this document."


# Of a document in the bin nothing is told but its title.
UNSEEN = dict.fromkeys(
    ("document_id", "analysis_id", "analysis__error", "analysis__result", "analysis__provider", "analysis__model")
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many documents were to be asked, and what became of them."""

    documents: int
    waiting: int
    found: int
    not_found: int
    unverified: int
    unreadable: int
    failed: int
    stopped: int

    @property
    def examined(self) -> int:
        return self.found + self.not_found + self.unverified

    @property
    def missed(self) -> int:
        """Those that asking once more may reach."""
        return self.unreadable + self.failed + self.stopped

    @property
    def counts(self) -> dict[str, int]:
        return asdict(self) | {"examined": self.examined}


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the ledger. `reason` says why it was not asked or what was looked at in vain; `citations` are those
    that the ordinals in `claims` count."""

    ordinal: int
    document: UUID | None
    title: str
    state: ExaminationState
    reason: str
    claims: Sequence[dict[str, Any]]
    citations: Sequence[Citation]
    provider: str
    model: str
    analysis: UUID | None


def coverage_of(message: UUID) -> Coverage:
    """Counted in one query."""
    judged: Any = Examination.objects.of(message).judged()
    counts = dict(judged.order_by().values_list("state").annotate(Count("pk")))
    return Coverage(sum(counts.values()), **{state.value: counts.get(state.value, 0) for state in ExaminationState})


def rows_of(
    message: UUID, *, since: int = 0, limit: int | None = None, state: str = "", backwards: bool = False
) -> list[Row]:
    """The entries from this number on, or the last before it; without a limit all of them."""
    judged: Any = Examination.objects.of(message).judged()
    wanted = judged.filter(**({"ordinal__lt": since} if backwards else {"ordinal__gte": since}))
    if state:
        wanted = wanted.filter(state=state)
    found = list(wanted.order_by("-ordinal" if backwards else "ordinal").values(*COLUMNS)[:limit])
    return list(_rows(found[::-1] if backwards else found))


def cost_of(message: Message) -> Decimal | None:
    """What its answered calls cost in US dollars; None where a price is not known, or nothing was paid for."""
    calls = _calls(message)
    if calls.filter(cost=None, state__in=(CallState.ANSWERED, CallState.DISCARDED)).exists():
        return None
    total: Decimal | None = calls.aggregate(total=Sum("cost"))["total"]
    return total


def may_cost_more(message: Message) -> bool:
    """Whether an answer was lost on the way that may have been charged."""
    return _calls(message).filter(state=CallState.AMBIGUOUS).exists()


def _calls(message: Message) -> QuerySet[AICall]:
    asked = [message.pk, *message.examinations.exclude(analysis=None).values_list("analysis_id", flat=True)]
    return AICall.objects.filter(subject__in=asked)


def passages_of(documents: Sequence[UUID]) -> dict[UUID, int]:
    """How many passages each has."""
    counted = Passage.objects.filter(document__in=documents).order_by().values_list("document_id")
    return dict(counted.annotate(Count("pk")))


def _rows(found: Sequence[dict[str, Any]]) -> Iterator[Row]:
    found = [one if one["document__deleted_at"] is None else one | UNSEEN for one in found]
    citations = _citations([one["analysis_id"] for one in found])
    vain = [one["document_id"] for one in found if one["state"] == ExaminationState.NOT_FOUND]
    passages = passages_of(vain)
    for one in found:
        yield Row(
            ordinal=one["ordinal"],
            document=one["document_id"],
            title=one["title"],
            state=ExaminationState(one["state"]),
            reason=_reason(one, passages.get(one["document_id"], 0)),
            claims=_claims(one),
            citations=citations.get(one["analysis_id"], ()),
            provider=one["analysis__provider"] or "",
            model=one["analysis__model"] or "",
            analysis=one["analysis_id"],
        )


def _citations(analyses: Sequence[UUID | None]) -> dict[UUID | None, list[Citation]]:
    found: dict[UUID | None, list[Citation]] = {}
    for one in Citation.objects.filter(analysis__in=[key for key in analyses if key]).order_by("analysis", "ordinal"):
        found.setdefault(one.analysis_id, []).append(one)
    return found


def _claims(row: dict[str, Any]) -> list[dict[str, Any]]:
    """What was said with a citation; of the rest it only matters that there was none."""
    claims: list[dict[str, Any]] = (row["analysis__result"] or {}).get("claims", [])
    return [claim for claim in claims if claim["citations"]]


def _reason(row: dict[str, Any], passages: int) -> str:
    match row["state"]:
        case ExaminationState.UNREADABLE:
            return _unreadable(row)
        case ExaminationState.FAILED:
            return str(row["analysis__error"])
        case ExaminationState.STOPPED:
            return STOPPED
        case ExaminationState.NOT_FOUND:
            unread = len(row["document__unread_pages"] or ())
            missed = f" {unread} of its pages could not be read." if unread else ""
            return f"No statement found in {passages:,} {'passage' if passages == 1 else 'passages'}.{missed}"
    return ""


def _unreadable(row: dict[str, Any]) -> str:
    if row["document_id"] is None:
        return DELETED if row["document__deleted_at"] is None else IN_BIN
    match row["document__status"]:
        case Status.FAILED:
            return str(row["document__error"])
        case Status.READY:
            return READ_SINCE
    return BEING_READ
