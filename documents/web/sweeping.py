"""The ledger of a question asked of each document, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from documents.models import ExaminationState, Message
from documents.sweeps import Coverage, Row, coverage_of, rows_of

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in the ledger: what it says, and where the words stand."""

    row: Row

    @property
    def said(self) -> str:
        return " ".join(claim["text"].strip() for claim in self.row.claims)

    @property
    def state(self) -> str:
        return str(self.row.state.label)

    @property
    def quotes(self) -> list[tuple[str, int | None]]:
        """The verified words, with their pages."""
        return [(one.quote, one.page) for one in self.row.citations if one.verified]

    @property
    def address(self) -> str:
        """In the reader, at what it says; empty when it is gone."""
        if self.row.document is None:
            return ""
        reader = reverse("documents:document", args=[self.row.document])
        found = self.row.state in (ExaminationState.FOUND, ExaminationState.UNVERIFIED)
        return f"{reader}?analysis={self.row.analysis}#cite-1" if found else reader


@dataclass(frozen=True, slots=True)
class Ledger:
    """One page of it; `state` is the one that is shown alone, `since` where the next page begins."""

    coverage: Coverage
    entries: Sequence[Entry]
    state: str
    following: str
    states: Sequence[tuple[str, str, int]]


def ledger(message: Message, *, page: str, state: str) -> Ledger:
    since = int(page) if page.isdecimal() and len(page) < 7 else 0
    state = state if state in ExaminationState.values else ""
    rows = rows_of(message.pk, since=since, limit=PAGE_SIZE + 1, state=state)
    more = rows[PAGE_SIZE].ordinal if len(rows) > PAGE_SIZE else None
    following = "" if more is None else "?" + urlencode({"state": state, "page": more})
    coverage = coverage_of(message.pk)
    counts = coverage.counts
    states = [(one.value, str(one.label), counts[one.value]) for one in ExaminationState if counts[one.value]]
    return Ledger(coverage, [Entry(row) for row in rows[:PAGE_SIZE]], state, following, states)
