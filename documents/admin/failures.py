"""Jobs that were given up lately, put together by kind and reason."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Func, Q, QuerySet, Value
from django.db.models.functions import Now

from documents.models import Job, JobKind
from documents.models.work import GIVEN_UP

DAY, WEEK = timedelta(days=1), timedelta(days=7)
MOST_REASONS = 12
# Numbers and what stands in quotes differ from file to file; the rest of the sentence is the reason.
VARYING = r"\d[\d.,]*|“[^”]*”"


@dataclass(frozen=True, slots=True)
class Reason:
    """A kind of work and why it was given up; how often in a day and in a week. `key` names both in an address."""

    kind: str
    reason: str
    day: int
    week: int

    @property
    def key(self) -> str:
        return f"{self.kind}-{hashlib.sha256(self.reason.encode()).hexdigest()[:16]}"

    @property
    def kind_in_words(self) -> str:
        return str(JobKind(self.kind).label)


def lately() -> list[Reason]:
    """The most frequent first."""
    rows = _given_up(WEEK).annotate(reason=_reason()).order_by().values("kind", "reason")
    counted = rows.annotate(week=Count("pk"), day=Count("pk", filter=Q(finished_at__gte=Now() - DAY)))
    found = counted.order_by("-week", "kind", "reason").values_list("kind", "reason", "day", "week")
    return [Reason(*row) for row in found[:MOST_REASONS]]


def totals() -> tuple[int, int]:
    """How many in the last day, and in the last week."""
    rows = _given_up(WEEK)
    found = rows.aggregate(week=Count("pk"), day=Count("pk", filter=Q(finished_at__gte=Now() - DAY)))
    return found["day"], found["week"]


def of_reason(jobs: QuerySet[Job], key: str | None) -> QuerySet[Job]:
    """Those of the last week that were given up for it; none when nothing was."""
    wanted = next((one for one in lately() if one.key == key), None)
    if wanted is None:
        return jobs.none()
    lost = jobs.filter(state__in=GIVEN_UP, finished_at__gte=Now() - WEEK, kind=wanted.kind)
    return lost.annotate(reason=_reason()).filter(reason=wanted.reason)


def _given_up(within: timedelta) -> QuerySet[Job]:
    return Job.objects.filter(state__in=GIVEN_UP, finished_at__gte=Now() - within)


def _reason() -> Func:
    return Func(F("error"), Value(VARYING), Value("…"), Value("g"), function="regexp_replace")
