"""The analyses of a person: those of many documents, and the newest single ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from documents.models import Analysis, Run
from documents.web import desk

PAGE_SIZE = 20
MOST_PAGES = 500
NEWEST = 20
COUNTS = ("total", "done", "failed")
ANALYSIS_COLUMNS = ("task", "title", "instruction", "status", "created_at", "document_id", "recipe__name")


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the list; `failed` were stopped, or ended badly."""

    run: Run
    total: int
    done: int
    failed: int

    @property
    def open(self) -> int:
        return self.total - self.done - self.failed

    @property
    def percent(self) -> int:
        return round(100 * (self.done + self.failed) / self.total) if self.total else 100


@dataclass(frozen=True, slots=True)
class Runs:
    """One page of them, newest first."""

    rows: Sequence[RunRow]
    page: int
    has_more: bool

    @property
    def under_way(self) -> bool:
        return any(row.open for row in self.rows)

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def following(self) -> int:
        return self.page + 1 if self.has_more else 0


def runs(person: User, page: str = "") -> Runs:
    number = min(max(int(page), 1), MOST_PAGES) if page.isdecimal() and len(page) < 7 else 1
    first = (number - 1) * PAGE_SIZE
    mine = Run.objects.visible_to(person)
    keys = list(mine.values_list("pk", flat=True)[first : first + PAGE_SIZE + 1])
    counted = mine.filter(pk__in=keys[:PAGE_SIZE]).counted()
    rows = [RunRow(run, **{name: getattr(run, name) for name in COUNTS}) for run in counted]
    return Runs(rows, number, len(keys) > PAGE_SIZE)


def single(person: User) -> list[desk.AnalysisView]:
    """The newest analyses of one document each."""
    alone = Analysis.objects.visible_to(person).for_themselves().filter(run=None, document__isnull=False)
    return [desk.outline(one) for one in alone.select_related("recipe").only(*ANALYSIS_COLUMNS)[:NEWEST]]
