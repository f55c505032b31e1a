"""Vectors by another model, made beside those in use: embed, compare, switch. Search goes on throughout.

Every step can be stopped and begun again: what is done is in the rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.db.models import QuerySet
from pgvector import HalfVector, SparseVector

from documents.ai.protocol import Embedder
from documents.models import Document, EmbeddingModel, NextVector, Passage
from documents.models.text import TERM_DIMENSIONS
from documents.search import index, terms, vocabulary

AT_ONCE = 64
COMPARED_QUESTIONS = 200
COMPARED_PASSAGES = 5_000
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Comparison:
    """How often, asked with a passage's first sentence, its vectors bring that passage among the first ten."""

    questions: int
    passages: int
    before: float
    after: float


def waiting(embedder: Embedder) -> int:
    """The passages without a vector by this model."""
    return _missing(embedder).count()


def embed(embedder: Embedder, report: Callable[[int], None]) -> None:
    """Makes the vectors that are missing, in batches of passages that lie together; those added meanwhile too."""
    while batch := list(_missing(embedder).select_related("document__owner")[:AT_ONCE]):
        vectors = embedder.embed([_searched(row) for row in batch])
        rows = [
            NextVector(passage=row, model=embedder.name, embedding=HalfVector(vector))
            for row, vector in zip(batch, vectors, strict=True)
        ]
        with transaction.atomic():
            # A document may have been read again or deleted meanwhile: its passages are gone then.
            there = _still_there(row.passage_id for row in rows)
            NextVector.objects.bulk_create(
                [row for row in rows if row.passage_id in there],
                update_conflicts=True,
                update_fields=["model", "embedding"],
                unique_fields=["passage"],
            )
        report(len(batch))


def _still_there(passages: Iterable[int]) -> set[int]:
    rows = Passage.objects.select_for_update().filter(pk__in=list(passages))
    return set(rows.values_list("pk", flat=True))


def compare(active: Embedder, coming: Embedder) -> Comparison:
    """Both models on the same questions, over the same passages."""
    ready = Passage.objects.filter(next_vector__model=coming.name, embedding_model=active.name).order_by("pk")
    rows = list(ready.select_related("next_vector")[:COMPARED_PASSAGES])
    questions = rows[:: max(len(rows) // COMPARED_QUESTIONS, 1)][:COMPARED_QUESTIONS]
    places = {row.pk: place for place, row in enumerate(rows)}
    wanted = [places[row.pk] for row in questions]
    texts = [_first_sentence(row) for row in questions]
    return Comparison(
        len(questions),
        len(rows),
        _hits(active.embed(texts), [row.embedding for row in rows], wanted),
        _hits(coming.embed(texts), [row.next_vector.embedding for row in rows], wanted),
    )


def switch(setting: str, embedder: Embedder) -> None:
    """Puts the new vectors in the place of the old ones, in one transaction: a search sees all of them or none.

    What was saved since the last batch is embedded inside of it, while no other document can be saved.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        EmbeddingModel.objects.get_or_create(id=1, defaults={"setting": setting, "name": embedder.name})
        EmbeddingModel.objects.select_for_update().get(pk=1)
        embed(embedder, lambda count: None)
        cursor.execute(_SWITCH, [embedder.name, embedder.name])
        cursor.execute(_MEANS)
        NextVector.objects.all().delete()
        EmbeddingModel.objects.update(setting=setting, name=embedder.name)


def reweigh() -> Iterator[int]:
    """Weighs the terms of documents anew whose weights are of another version; the number done after each."""
    stale = Document.objects.filter(passages__terms_version__in=_other_versions()).distinct().order_by("pk")
    for done, document in enumerate(stale.light().iterator(chunk_size=100), start=1):
        _reweigh(document)
        yield done


@transaction.atomic
def _reweigh(document: Document) -> None:
    rows = list(document.passages.select_related("document").select_for_update(of=("self",)))
    counts = vocabulary.counted(row.terms.indices() for row in rows)
    counts = type(counts)({number: -count for number, count in counts.items()})
    words: dict[int, str] = {}
    for row in rows:
        indexed = terms.index(_searched(row), document.language)
        row.terms, row.terms_version = SparseVector(indexed.weights, TERM_DIMENSIONS), terms.version()
        words = indexed.words | words
    counts.update(vocabulary.counted(row.terms.indices() for row in rows))
    Passage.objects.bulk_update(rows, ["terms", "terms_version"], batch_size=200)
    vocabulary.change(document.owner_id, counts, words)


def _other_versions() -> list[str]:
    versions = Passage.objects.order_by().values_list("terms_version", flat=True).distinct()
    return [version for version in versions if version != terms.version()]


def _missing(embedder: Embedder) -> QuerySet[Passage]:
    made = NextVector.objects.filter(model=embedder.name).values("passage")
    return Passage.objects.exclude(embedding_model=embedder.name).exclude(pk__in=made).order_by("pk")


def _searched(row: Passage) -> str:
    return index.searched(row.document.title, row.heading_path, row.text)


def _first_sentence(row: Passage) -> str:
    start, end = row.sentences[0]
    return row.text[start - row.start : end - row.start]


def _hits(questions: Sequence[Sequence[float]], vectors: Sequence[Sequence[float]], wanted: Sequence[int]) -> float:
    """The share of the questions whose passage is among the nearest."""
    if not wanted:
        return 0.0
    matrix = np.array(vectors, dtype=np.float32)
    scores = np.array(questions, dtype=np.float32) @ matrix.T
    nearer = (scores > scores[np.arange(len(wanted)), wanted][:, None]).sum(axis=1)
    return float((nearer < DEPTH).mean())


_SWITCH = """
UPDATE documents_passage p SET embedding = v.embedding, embedding_model = %s
FROM documents_nextvector v WHERE v.passage_id = p.id AND v.model = %s
"""
_MEANS = """
UPDATE documents_document d SET embedding = means.mean
FROM (
    SELECT document_id, l2_normalize(avg(embedding))::text::jsonb AS mean FROM documents_passage GROUP BY document_id
) means WHERE means.document_id = d.id
"""
