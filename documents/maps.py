"""The map of a library: vectors of its documents → places and regions → saved, in the background."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db.models import Exists, OuterRef
from django.utils import timezone

from documents import jobs
from documents.mapping import placing, regions
from documents.models import Document, EmbeddingModel, Job, JobState, LibraryMap, Passage, Status, Term
from documents.models.document import DocumentQuerySet
from documents.search.stopwords import STOPWORDS

# What a document begins with says what it is about; its title is indexed with every passage.
FIRST_PASSAGES = 3
SHORTEST_WORD = 3


@dataclass(frozen=True, slots=True)
class Vectors:
    """Documents that can be compared, and their vectors, row by row."""

    documents: tuple[UUID, ...]
    rows: placing.Vectors


def run(held: jobs.Held) -> list[Job]:
    """Draws the map anew and saves it, once."""
    drawn = LibraryMap.objects.select_related("owner").filter(pk=held.subject).first()
    if drawn is None:
        jobs.drop(held)
        return []
    documents = Document.objects.visible_to(drawn.owner).filter(status=Status.READY)
    fingerprint = fingerprint_of(documents)
    vectors = comparable(documents)
    places = placing.lay_out(vectors.rows, _earlier(drawn, vectors.documents))
    jobs.report(held, progress=0.8)
    found = _regions(drawn.owner_id, vectors.documents, places)
    with jobs.ending(held):
        LibraryMap.objects.filter(pk=drawn.pk).update(
            places=[_place(*row) for row in zip(vectors.documents, places.tolist(), strict=True)],
            regions=found,
            fingerprint=fingerprint,
            error="",
            made_at=timezone.now(),
        )
    return []


def fail(held: jobs.Held, *, state: JobState, code: str, message: str) -> None:
    """The map cannot be drawn: its owner learns why. The one there was stays, and is not tried again by itself."""
    drawn = LibraryMap.objects.select_related("owner").filter(pk=held.subject).first()
    with jobs.ending(held, state, error=message):
        if drawn is not None:
            ready = Document.objects.visible_to(drawn.owner).filter(status=Status.READY)
            LibraryMap.objects.filter(pk=drawn.pk).update(error=message[:500], fingerprint=fingerprint_of(ready))


def fingerprint_of(documents: DocumentQuerySet) -> str:
    """Another one when a document came, went or was read anew."""
    digest = hashlib.sha256()
    for key, text in documents.order_by("pk").values_list("pk", "content_sha256").iterator(chunk_size=2_000):
        digest.update(key.bytes + text.encode())
    return digest.hexdigest()


def comparable(documents: DocumentQuerySet) -> Vectors:
    """Those with a vector of the model in use, all of as many dimensions; the rest cannot lie on the same map."""
    if model := EmbeddingModel.objects.values_list("name", flat=True).first():
        foreign = Passage.objects.filter(document=OuterRef("pk")).exclude(embedding_model=model)
        documents = documents.exclude(Exists(foreign))
    rows = documents.filter(embedding__isnull=False).order_by("created_at", "pk").values_list("pk", "embedding")
    found = [(key, np.asarray(vector, dtype=np.float32)) for key, vector in rows.iterator(chunk_size=500)]
    usual = Counter(len(vector) for _, vector in found).most_common(1)
    alike = [(key, vector) for key, vector in found if usual and len(vector) == usual[0][0]]
    return Vectors(tuple(key for key, _ in alike), np.array([vector for _, vector in alike], dtype=np.float32))


def _earlier(drawn: LibraryMap, documents: Sequence[UUID]) -> placing.Places:
    known = {key: (x, y) for key, x, y in drawn.places}
    return np.array([known.get(str(key), (np.nan, np.nan)) for key in documents], dtype=np.float64).reshape(-1, 2)


def _place(document: UUID, place: Sequence[float]) -> list[str | float]:
    return [str(document), *(round(edge, 5) for edge in place)]


def _regions(owner: int, documents: Sequence[UUID], places: placing.Places) -> list[dict[str, object]]:
    found = regions.divide(places)
    words = _words(documents) if found else []
    said = _written(owner, {number for some in words for number in some})
    labels = regions.name(found, words, lambda number: said.get(number, ""))
    return [
        {
            "x": round(one.x, 5),
            "y": round(one.y, 5),
            "label": label or f"Region {number}",
            "documents": [str(documents[member]) for member in one.members],
        }
        for number, (one, label) in enumerate(zip(found, labels, strict=True), start=1)
    ]


def _words(documents: Sequence[UUID]) -> list[frozenset[int]]:
    """The terms each document begins with, by their numbers."""
    begins = Passage.objects.filter(document__in=documents, ordinal__lt=FIRST_PASSAGES).order_by()
    found: dict[UUID, set[int]] = {key: set() for key in documents}
    for key, terms in begins.values_list("document_id", "terms").iterator(chunk_size=500):
        found[key].update(terms.indices())
    return [frozenset(found[key]) for key in documents]


def _written(owner: int, numbers: set[int]) -> dict[int, str]:
    """How those of these terms are written that can stand on a map: words, neither numbers nor grammar."""
    rows = Term.objects.filter(owner_id=owner, passages__gt=1).values_list("number", "word").iterator(chunk_size=5_000)
    return {number: word for number, word in rows if number in numbers and _tells(word)}


def _tells(word: str) -> bool:
    return len(word) >= SHORTEST_WORD and word.isalpha() and word not in STOPWORDS
