"""An owner's words: in how many passages each stands, kept with the passages, and which is meant by one misspelt."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import QuerySet, Sum
from django.db.models.functions import Length
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from documents.models import Passage, Term
from documents.models.document import DocumentQuerySet
from documents.models.index import ALL as ALL

_ADD = """
INSERT INTO documents_term (owner_id, number, word, passages)
SELECT %s, number, word, change FROM unnest(%s::int[], %s::text[], %s::int[]) AS changes (number, word, change)
ORDER BY number
ON CONFLICT (owner_id, number) DO UPDATE SET passages = documents_term.passages + excluded.passages
"""
_SHORTEST_CORRECTED = 5
_MOST_COMPLETIONS = 5


def change(owner_id: int, counts: Mapping[int, int], words: Mapping[int, str]) -> None:
    """Adds to the counts of terms, in the transaction that changes the passages. Rows are locked in order of number."""
    changed = [(number, words.get(number, ""), count) for number, count in counts.items() if count]
    if not changed:
        return
    numbers, written, by = zip(*changed, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [owner_id, list(numbers), list(written), list(by)])
    if min(by) < 0:
        Term.objects.filter(owner_id=owner_id, passages__lte=0, number__in=numbers).delete()


def counted(weights: Iterable[Iterable[int]]) -> Counter[int]:
    """In how many of these passages, given by the numbers of their terms, each term stands."""
    rows = [np.fromiter(numbers, dtype=np.int64) for numbers in weights]
    if not rows:
        return Counter()
    numbers, times = np.unique(np.concatenate(rows), return_counts=True)
    return Counter({ALL: len(rows), **dict(zip(numbers.tolist(), times.tolist(), strict=True))})


def of_document(document_id: UUID) -> Counter[int]:
    """The counts that this document's passages, as they are stored, have in the vocabulary."""
    rows = Passage.objects.filter(document_id=document_id).values_list("terms", flat=True)
    return counted(row.indices() for row in rows.iterator(chunk_size=500))


def frequencies(documents: DocumentQuerySet, numbers: Sequence[int]) -> dict[int, int]:
    """In how many passages of these documents' owners each term stands; under ALL, how many passages there are."""
    rows = _of_owners(documents).filter(number__in=[*numbers, ALL]).values_list("number")
    return dict(rows.annotate(Sum("passages")))


def completions(documents: DocumentQuerySet, beginning: str) -> list[str]:
    """The most frequent words that begin so."""
    rows = _of_owners(documents).filter(word__startswith=beginning).values_list("word")
    return [word for word, _ in rows.annotate(sum=Sum("passages")).order_by("-sum", "word")[:_MOST_COMPLETIONS]]


def nearest(documents: DocumentQuerySet, word: str) -> str:
    """The word that was probably meant by one that stands nowhere; empty when none is like it."""
    if len(word) < _SHORTEST_CORRECTED or not word.isalpha():
        return ""
    most = 1 if len(word) < 7 else 2
    lengths = range(len(word) - most, len(word) + most + 1)
    rows = _of_owners(documents).annotate(length=Length("word")).filter(length__in=lengths).values_list("word")
    if word.isascii():
        # The first letter is seldom wrong; other scripts put articles and the like before it.
        rows = rows.filter(word__startswith=word[0])
    known = dict(rows.annotate(Sum("passages")))
    alike = extract(word, known.keys(), scorer=OSA.distance, score_cutoff=most, limit=20)
    found = min(alike, key=lambda one: (one[1], -known[one[0]], one[0]), default=None)
    return found[0] if found else ""


def _of_owners(documents: DocumentQuerySet) -> QuerySet[Term]:
    return Term.objects.filter(owner_id__in=documents.order_by().values("owner_id").distinct())
