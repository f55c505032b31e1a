"""Finds pages, and what of them an answer is made from.

A page is judged by all that stands on it: a heading, a table's head and its rows are passages of their own, and none of
them alone says what the page is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from documents.search import scoring
from documents.search.passages import Hit, Search
from documents.search.query import Query
from documents.search.scope import Scope
from documents.search.scoring import Mode

# So many of the best passages speak for their pages.
CONSIDERED = 100
# Each further passage of a page counts so much of the one before.
SHARE = 0.5
# The very best are among those given wherever they stand: a long text without pages is one page, and seldom all good.
LEADING = 3

# A document and the number of a page.
Page = tuple[UUID, int]
Row = dict[str, Any]

# A page's passages lie together. Those further off than this hardly count, and a text without pages may have thousands.
_COUNT = """
SELECT found.document_id, found.page, count(*) AS passages
FROM unnest(%s::uuid[], %s::int[], %s::int[]) AS found (document_id, page, ordinal)
JOIN documents_passage p ON p.document_id = found.document_id
    AND p.ordinal BETWEEN found.ordinal - 5 AND found.ordinal + 5 AND found.page = ANY(p.pages)
GROUP BY found.document_id, found.page
"""


@dataclass(frozen=True, slots=True)
class FoundPages:
    """The best pages, best first, and passages of them: page by page, in the order they are read."""

    pages: tuple[Page, ...]
    hits: tuple[Hit, ...]


def find_pages(scope: Scope, query: Query, *, pages: int, passages: int) -> FoundPages:
    """The pages of a scope that fit best as a whole, and the passages that say why."""
    search = Search(scope, query, Mode.HYBRID)
    rows = scoring.top(search.documents, search.wanted, limit=CONSIDERED)
    ranked = _ranked(rows)
    places = {page: place for place, page in enumerate(ranked)}
    chosen = sorted(
        _chosen(rows, ranked[:pages], passages),
        key=lambda row: (min(places[page] for page in _of(row)), row["start"]),
    )
    return FoundPages(tuple(ranked[:pages]), tuple(map(search.hit, chosen)))


def _ranked(rows: Sequence[Row]) -> list[Page]:
    """The pages of these passages, best first."""
    found: dict[Page, list[Row]] = {}
    for row in rows:
        for page in _of(row):
            found.setdefault(page, []).append(row)
    counts = _counts({page: its[0]["ordinal"] for page, its in found.items()})
    fits = {page: _fit([row["score"] for row in its], counts[page]) for page, its in found.items()}
    return sorted(fits, key=lambda page: -fits[page])


def _fit(scores: Sequence[float], passages: int) -> float:
    """The mean of a page's passages, the best counting most and those not considered as nothing. A sum would favour
    pages with much on them over a short letter."""
    weights = [SHARE**place for place in range(max(passages, len(scores)))]
    return sum(weight * score for weight, score in zip(weights, scores, strict=False)) / sum(weights)


def _counts(ordinals: dict[Page, int]) -> dict[Page, int]:
    """How many passages each page has, around the one with this ordinal."""
    documents, numbers = zip(*ordinals, strict=True) if ordinals else ((), ())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(documents), list(numbers), list(ordinals.values())])
        return {(document, number): passages for document, number, passages in cursor.fetchall()}


def _chosen(rows: Sequence[Row], pages: Sequence[Page], most: int) -> list[Row]:
    """The best passages of all, then the best of each page, then what else stands on these pages."""
    best = (next(row for row in rows if page in _of(row)) for page in pages)
    wanted = set(pages)
    others = (row for row in rows if not wanted.isdisjoint(_of(row)))
    chosen = {row["id"]: row for part in (rows[:LEADING], best, others) for row in part}
    return list(chosen.values())[:most]


def _of(row: Row) -> list[Page]:
    """The pages of a passage; it always has one."""
    return [(row["document_id"], page) for page in row["pages"]]
