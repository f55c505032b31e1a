"""Libraries with made-up vectors, for maps."""

import uuid
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector, SparseVector

from accounts.models import User
from documents.models import Document, Passage
from documents.models.text import TERM_DIMENSIONS
from documents.search import index, terms, vocabulary

DIMENSIONS = 384


def clustered(sizes: Sequence[int], *, seed: int = 1) -> NDArray[np.float32]:
    """Unit vectors in groups of these sizes; those of a group are alike."""
    random = np.random.default_rng(seed)
    rows = [random.normal(size=DIMENSIONS) + random.normal(size=(size, DIMENSIONS)) * 0.8 for size in sizes]
    found = np.concatenate(rows)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


def filled(owner: User, titles: Sequence[str], vectors: NDArray[np.float32]) -> list[Document]:
    """Documents that are ready, each of one passage which says its title."""
    documents = Document.objects.bulk_create(
        [_document(owner, title, vector) for title, vector in zip(titles, vectors, strict=True)], batch_size=500
    )
    indexed = [terms.index(title, "en") for title in titles]
    rows = zip(documents, indexed, vectors, strict=True)
    made = Passage.objects.bulk_create([_passage(*row) for row in rows], batch_size=500)
    index.settle(index.active())
    words = {number: word for one in indexed for number, word in one.words.items()}
    vocabulary.change(owner.pk, vocabulary.counted(row.terms.indices() for row in made), words)
    return documents


def _document(owner: User, title: str, vector: NDArray[np.float32]) -> Document:
    digest = uuid.uuid4().hex * 2
    return Document(
        owner=owner,
        title=title,
        filename=f"{title[:60]}.txt",
        media_type="text/plain",
        sha256=digest,
        content=title,
        content_sha256=digest,
        size=len(title),
        status="ready",
        progress=1,
        language="en",
        page_count=1,
        embedding=[round(float(value), 6) for value in vector],
    )


def _passage(document: Document, indexed: terms.Indexed, vector: NDArray[np.float32]) -> Passage:
    return Passage(
        document=document,
        owner_id=document.owner_id,
        ordinal=0,
        start=0,
        end=len(document.title),
        pages=[1],
        sentences=[[0, len(document.title)]],
        text=document.title,
        embedding=HalfVector(vector),
        embedding_model=index.active().name,
        terms=SparseVector(indexed.weights, TERM_DIMENSIONS),
        terms_version=terms.version(),
    )
