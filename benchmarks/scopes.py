"""What `benchmarks/search.py` measures: searches of a person with so many passages, and an index over them."""

import statistics
import uuid
from time import perf_counter
from typing import Any

import numpy as np
from django.db import connection
from django.test import Client
from pgvector import HalfVector, SparseVector

from accounts.models import User
from documents import providers
from documents.models import Document, Passage
from documents.search import terms, vocabulary
from documents.search.passages import find
from documents.search.scope import Scope

WORDS, TERMS, PASSAGES_A_DOCUMENT, CLUSTERS = 50_000, 110, 40, 400
QUERIES = 60
NEAREST = """
SELECT id FROM documents_passage WHERE owner_id = {owner}
ORDER BY (embedding::halfvec(384)) <#> %s::halfvec(384) LIMIT 10
"""
QUERY_WORDS = ("rent", "deposit", "payment", "notice", "contract", "interest", "garden", "insurance", "repair", "water")


def of_size(passages: int) -> dict[str, float]:

    person = person_with(passages)
    scope = Scope.of(person)
    dice = np.random.default_rng(3)
    asked = [" ".join(dice.permutation(QUERY_WORDS)[:4]) for _ in range(QUERIES)]
    find(scope, "warm", 10)
    times = []
    for query in asked:
        begun = perf_counter()
        find(scope, query, 10)
        times.append(1000 * (perf_counter() - begun))
    return {
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
        "page_p50_ms": pages(person, dice),
    }


def pages(person: Any, dice: Any) -> float:
    """What typing a letter costs the server: the part of the search page with ten documents and their passages."""

    client = Client(headers={"HX-Request": "true"}, SERVER_NAME="localhost")
    client.force_login(person)
    times = []
    for _ in range(QUERIES):
        words = " ".join(dice.permutation(QUERY_WORDS)[:4])
        begun = perf_counter()
        answer = client.get("/search/", {"q": words})
        times.append(1000 * (perf_counter() - begun))
        assert answer.status_code == 200
    return round(statistics.median(times), 1)


def person_with(passages: int) -> Any:
    """Somebody with so many passages, written past the product's stages but with the product's rows."""

    owner = User.objects.create_user(f"{uuid.uuid4().hex}@example.org")
    dice = np.random.default_rng(1)
    words = [*QUERY_WORDS, *(f"w{number}" for number in range(WORDS))]
    chances = 1 / np.arange(1, len(words) + 1) ** 0.9
    chances /= chances.sum()
    centres = dice.normal(size=(CLUSTERS, 384))
    name = providers.embedder().name
    for first in range(0, passages, 50 * PASSAGES_A_DOCUMENT):
        rows = []
        for number in range(first, min(first + 50 * PASSAGES_A_DOCUMENT, passages)):
            if number % PASSAGES_A_DOCUMENT == 0:
                document = Document.objects.create(
                    owner=owner,
                    title=f"Text {number}",
                    sha256=uuid.uuid4().hex * 2,
                    size=1,
                    language="en",
                    media_type="text/plain",
                    content="",
                    content_sha256="0" * 64,
                    status="ready",
                )
            drawn = [words[at] for at in dice.choice(len(words), TERMS, p=chances)]
            text = " ".join(drawn)
            vector = centres[number % CLUSTERS] + dice.normal(scale=0.7, size=384)
            rows.append(
                Passage(
                    document=document, owner=owner, ordinal=number % PASSAGES_A_DOCUMENT, start=0, end=len(text),
                    pages=[1], heading_path=["Heading"], sentences=[[at, at + 60] for at in range(0, len(text), 80)],
                    text=text, embedding=HalfVector(vector / np.linalg.norm(vector)), embedding_model=name,
                    terms=SparseVector(terms.index(text, "en").weights, terms.DIMENSIONS),
                    terms_version=terms.version(),
                )
            )  # fmt: skip
        Passage.objects.bulk_create(rows, batch_size=1_000)
        vocabulary.change(owner.pk, vocabulary.counted(row.terms.indices() for row in rows), {})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE documents_passage")
        cursor.execute("ANALYZE documents_document")
    return owner


def approximate(passages: int) -> dict[str, Any]:
    """An HNSW index over this person's vectors alone: what it costs to make, and what of the nearest ten it finds."""

    owner = person_with(passages)
    nearest = NEAREST.format(owner=owner.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT embedding::text FROM documents_passage WHERE owner_id = %s LIMIT 100", [owner.pk])
        asked = [row[0] for row in cursor.fetchall()]
        exact, exact_ms = answers(cursor, nearest, asked)
        cursor.execute("SET maintenance_work_mem = '1GB'")
        begun = perf_counter()
        cursor.execute(
            "CREATE INDEX nearest ON documents_passage USING hnsw ((embedding::halfvec(384)) halfvec_ip_ops) "
            f"WHERE owner_id = {owner.pk}"
        )
        seconds = perf_counter() - begun
        cursor.execute("SELECT pg_relation_size('nearest') / 1e6")
        megabytes = float(cursor.fetchone()[0])
        found: dict[str, Any] = {
            "passages": passages,
            "exact_ms": exact_ms,
            "seconds_to_build": round(seconds),
            "megabytes": round(megabytes),
        }
        cursor.execute("SET hnsw.iterative_scan = relaxed_order")
        for width in (40, 100, 400):
            cursor.execute(f"SET hnsw.ef_search = {width}")
            got, ms = answers(cursor, nearest, asked)
            hits = sum(len(set(one) & set(other)) for one, other in zip(exact, got, strict=True))
            found[f"ef_search={width}"] = {"p50_ms": ms, "recall@10": round(hits / (10 * len(asked)), 4)}
    return found


def answers(cursor: Any, statement: str, asked: list[str]) -> tuple[list[list[int]], float]:
    found, times = [], []
    for vector in asked:
        begun = perf_counter()
        cursor.execute(statement, [vector])
        found.append([row[0] for row in cursor.fetchall()])
        times.append(1000 * (perf_counter() - begun))
    return found, round(statistics.median(times), 1)
