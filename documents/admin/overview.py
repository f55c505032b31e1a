"""How the house is doing, in figures: a few quick queries each, whatever the size of the tables."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Now, Trunc
from django.utils import timezone

from accounts.lists import estimated
from accounts.models import User
from documents import budgets
from documents.admin import failures
from documents.models import AICall, Breaker, Budget, Document, Job, JobKind, JobState, LastSweep, Status
from documents.models.work import ACTIVE, GIVEN_UP

HOURS = 24
SWEPT_LATE = timedelta(minutes=5)
WAITED_LONG = timedelta(minutes=10)
MOST_PEOPLE = 8
MOST_MODELS = 5
BAR_WIDTH, BAR_STEP, CHART_HEIGHT = 10, 14, 56


@dataclass(frozen=True, slots=True)
class Depth:
    """Jobs of a kind: due now, to be tried later, and in the hands of workers."""

    kind: str
    label: str
    due: int
    later: int
    running: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The job that has been due for longest."""

    pk: int
    label: str
    since: datetime
    accepted: datetime

    @property
    def long(self) -> bool:
        return timezone.now() - self.since > WAITED_LONG


@dataclass(frozen=True, slots=True)
class Sweep:
    """The last one; `late` when there should have been others since."""

    at: datetime
    seconds: float
    hinted: tuple[tuple[str, int], ...]
    late: bool


@dataclass(frozen=True, slots=True)
class Hour:
    """A bar of the chart: what was done in it, and above that what was given up; heights in its units."""

    begins: datetime
    done: int
    failed: int
    x: int
    done_height: int
    failed_height: int

    @property
    def done_top(self) -> int:
        return CHART_HEIGHT - self.done_height

    @property
    def failed_top(self) -> int:
        return self.done_top - self.failed_height


@dataclass(frozen=True, slots=True)
class Work:
    depths: tuple[Depth, ...]
    longest: Waiting | None
    sweep: Sweep | None
    hours: tuple[Hour, ...]
    failed_day: int
    failed_week: int
    reasons: tuple[failures.Reason, ...]

    @property
    def done_day(self) -> int:
        return sum(hour.done for hour in self.hours)

    @property
    def width(self) -> int:
        return BAR_STEP * len(self.hours)


def work() -> Work:
    day, week = failures.totals()
    return Work(_depths(), _longest(), _sweep(), tuple(_hours()), day, week, tuple(failures.lately()))


def _depths() -> tuple[Depth, ...]:
    queued = Q(state=JobState.QUEUED)
    counts = {
        "due": Count("pk", filter=queued & Q(run_after__lte=Now())),
        "later": Count("pk", filter=queued & Q(run_after__gt=Now())),
        "running": Count("pk", filter=Q(state=JobState.RUNNING)),
    }
    rows: Any = Job.objects.filter(state__in=ACTIVE).order_by().values("kind").annotate(**counts)
    found = {row["kind"]: (row["due"], row["later"], row["running"]) for row in rows}
    return tuple(Depth(kind, kind.label, *found.get(kind, (0, 0, 0))) for kind in JobKind)


def _longest() -> Waiting | None:
    due = Job.objects.filter(state=JobState.QUEUED, run_after__lte=Now()).order_by("run_after")
    first = due.only("kind", "run_after", "created_at").first()
    if first is None:
        return None
    return Waiting(first.pk, first.get_kind_display(), first.run_after, first.created_at)


def _sweep() -> Sweep | None:
    last = LastSweep.objects.first()
    if last is None:
        return None
    hinted = tuple((str(JobKind(kind).label), count) for kind, count in sorted(last.hinted.items()))
    return Sweep(last.ended_at, last.seconds, hinted, timezone.now() - last.ended_at > SWEPT_LATE)


def _hours() -> list[Hour]:
    """The last 24, those in which nothing ended too."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    first = now - timedelta(hours=HOURS - 1)
    done, failed = _ended(Q(state=JobState.DONE), first), _ended(Q(state__in=GIVEN_UP), first)
    begins = [first + timedelta(hours=number) for number in range(HOURS)]
    most = max((done.get(hour, 0) + failed.get(hour, 0) for hour in begins), default=0) or 1
    return [
        Hour(
            begins=hour,
            done=done.get(hour, 0),
            failed=failed.get(hour, 0),
            x=BAR_STEP * number,
            done_height=_height(done.get(hour, 0), most),
            failed_height=_height(failed.get(hour, 0), most),
        )
        for number, hour in enumerate(begins)
    ]


def _ended(state: Q, since: datetime) -> dict[datetime, int]:
    """By hour; each state has an index of its own by the moment it ended."""
    ended = Job.objects.filter(state, finished_at__gte=since).order_by()
    rows = (
        ended.annotate(hour=Trunc("finished_at", "hour", tzinfo=UTC)).values("hour").annotate(jobs=Count("finished_at"))
    )
    return {row["hour"]: row["jobs"] for row in rows}


def _height(count: int, most: int) -> int:
    return max(round((CHART_HEIGHT - 2) * count / most), 2) if count else 0


@dataclass(frozen=True, slots=True)
class NotRead:
    """Documents that could not be read for the same reason."""

    code: str
    documents: int

    @property
    def words(self) -> str:
        return self.code.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Documents: all of them by estimate where they are many, the rest counted; and why some were not read."""

    total: int
    waiting: int
    reading: int
    failed: int
    reasons: tuple[NotRead, ...]
    with_unread_pages: int

    @property
    def ready(self) -> int:
        return max(self.total - self.waiting - self.reading - self.failed, 0)


def shelf() -> Shelf:
    unsettled = Document.objects.exclude(status=Status.READY).order_by()
    counts = dict(unsettled.values_list("status").annotate(documents=Count("pk")))
    failed = unsettled.filter(status=Status.FAILED).values_list("error_code").annotate(documents=Count("pk"))
    return Shelf(
        total=_about(),
        waiting=counts.get(Status.QUEUED, 0),
        reading=counts.get(Status.READING, 0),
        failed=counts.get(Status.FAILED, 0),
        reasons=tuple(NotRead(*row) for row in failed.order_by("-documents", "error_code")),
        with_unread_pages=Document.objects.filter(status=Status.READY).exclude(unread=[]).count(),
    )


def _about() -> int:
    """Counted while that is quick."""
    guess = estimated(Document)
    return guess if guess > 50_000 else Document.objects.count()


@dataclass(frozen=True, slots=True)
class Spender:
    """A person's or a model's month in US dollars, and the limit where there is one."""

    name: str
    owner: int | None
    calls: int
    spent: Decimal
    limit: Decimal | None = None

    @property
    def percent(self) -> int:
        return min(round(100 * self.spent / self.limit), 100) if self.limit else 100

    @property
    def tight(self) -> bool:
        return self.limit is not None and self.spent >= self.limit * Decimal("0.9")


@dataclass(frozen=True, slots=True)
class Month:
    """What was spent this month (UTC): in all, by the dearest people and models; the limit of all who have none."""

    month: datetime
    spent: Decimal
    held: Decimal
    calls: int
    people: tuple[Spender, ...]
    models: tuple[Spender, ...]
    everybody: Decimal | None


def month() -> Month:
    begins = budgets.month_of(timezone.now())
    sums = {"calls": Count("pk"), "spent": Sum("cost", default=Decimal(0)), "all": Sum(budgets.CHARGED)}
    rows: Any = AICall.objects.filter(created_at__gte=begins).order_by().values("owner", "model").annotate(**sums)
    rows = list(rows)
    everybody = Budget.objects.filter(owner=None).values_list("monthly_usd", flat=True).first()
    spent = sum((row["spent"] for row in rows), Decimal(0))
    return Month(
        month=begins,
        spent=spent,
        held=sum((row["all"] for row in rows), Decimal(0)) - spent,
        calls=sum(row["calls"] for row in rows),
        people=_people(_added(rows, "owner")[:MOST_PEOPLE], everybody),
        models=tuple(Spender(name, None, *sums) for name, *sums in _added(rows, "model")[:MOST_MODELS]),
        everybody=everybody,
    )


def _added(rows: list[Any], column: str) -> list[Any]:
    """Rows [value, calls, dollars], the dearest first."""
    added: dict[Any, tuple[int, Decimal]] = {}
    for row in rows:
        calls, spent = added.get(row[column], (0, Decimal(0)))
        added[row[column]] = calls + row["calls"], spent + row["spent"]
    together = [(name, calls, spent) for name, (calls, spent) in added.items()]
    return sorted(together, key=lambda one: (-one[2], -one[1], str(one[0])))


def _people(added: list[Any], everybody: Decimal | None) -> tuple[Spender, ...]:
    keys = [key for key, *_ in added]
    addresses = dict(User.objects.filter(pk__in=keys).values_list("pk", "email"))
    limits = dict(Budget.objects.filter(owner__in=keys).values_list("owner", "monthly_usd"))
    return tuple(
        Spender(addresses.get(key, str(key)), key, calls, spent, limits.get(key, everybody))
        for key, calls, spent in added
    )


@dataclass(frozen=True, slots=True)
class Outage:
    """A provider that is left alone."""

    provider: str
    failures: int
    until: datetime
    reason: str


def outages() -> tuple[Outage, ...]:
    rows = Breaker.objects.filter(open_until__isnull=False).order_by("provider")
    return tuple(Outage(row.provider, row.failures, row.open_until, row.reason) for row in rows if row.open_until)
