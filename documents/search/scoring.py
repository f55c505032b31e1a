"""The one statement that scores: every passage of the scope, by its words and by its meaning, exactly.

BM25 is the inner product of a passage's stored term weights with how rare the query's terms are; the meaning is the
cosine of two unit vectors. Each is brought to 0 to 1 over the scope, and the two are blended.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from pgvector import HalfVector, SparseVector

from documents.ai.matching import UNSPACED
from documents.models.document import DocumentQuerySet
from documents.search.terms import DIMENSIONS

# Passages without any of the words have to be at least so alike (cosine) to be found at all.
LEAST_SIMILAR = 0.2
# Pieces a word in text the embedding model was made for; for each beyond it BM25 has so much more to say, up to this.
USUAL_PIECES = 1.25
BLEND_A_PIECE = 0.15
MOST_BLEND = 0.9
WORDS_ALONE = 0.85


_UNPARTED = re.compile(f"[{UNSPACED}]")


class Mode(StrEnum):
    """What passages are ranked by."""

    HYBRID = "hybrid"
    BM25 = "bm25"
    DENSE = "dense"


class Order(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"
    NEWEST = "newest"


# Words on end, and for each of them the terms of which one stands wherever it does.
Phrase = tuple[str, tuple[tuple[int, ...], ...]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What passages are scored by, and which must not be or must be among them.

    `rarities` are the query's terms with their idf; `blend` the share of BM25 in the score. Without words that ask,
    every passage that the rest lets through is found. `phrases` must stand in the
    passage; a document with an `excluded` one is left out.
    """

    rarities: Mapping[int, float]
    vector: Sequence[float]
    model: str
    blend: float
    asks: bool = True
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()


# The fence (OFFSET 0) keeps the two products from being computed again above. Windows, unlike a WITH that is read
# twice, leave the scan to as many processes as the server gives it.
_SCORED = """
WITH blended AS (
    SELECT id, document_id, bm25, cosine,
        %(blend)s * bm25 / greatest(most_bm25, 1e-9)
            + (1 - %(blend)s) * (cosine - least_cosine) / greatest(most_cosine - least_cosine, 1e-9) AS score
    FROM (
        SELECT *, max(bm25) OVER () AS most_bm25, min(cosine) OVER () AS least_cosine,
            max(cosine) OVER () AS most_cosine
        FROM (
            SELECT p.id, p.document_id,
                {bm25} AS bm25,
                {cosine} AS cosine
            FROM documents_passage p
            WHERE p.document_id IN ({scope}){conditions}
            OFFSET 0
        ) scored
    ) bounded
    WHERE {found}
)
"""
_WITHOUT = """ AND p.document_id NOT IN (
    SELECT p.document_id FROM documents_passage p WHERE p.document_id IN ({scope}) AND {condition}
)"""
_TOP = """,
top AS (SELECT * FROM blended ORDER BY score DESC, id LIMIT %(limit)s OFFSET %(offset)s)
"""
_TOP_OF_DOCUMENTS = """,
best AS (
    SELECT document_id, max(score) AS best FROM blended JOIN documents_document d ON d.id = document_id
    GROUP BY document_id, d.created_at ORDER BY {order}, document_id LIMIT %(limit)s OFFSET %(offset)s
),
placed AS (
    SELECT blended.*, best, row_number() OVER (PARTITION BY document_id ORDER BY score DESC, id) AS place
    FROM blended JOIN best USING (document_id)
),
top AS (SELECT * FROM placed WHERE place <= %(per_document)s)
"""
_ROWS = """
SELECT p.id, p.document_id, d.title, d.filename, d.media_type, d.language, d.created_at, p.ordinal, p.start, p."end",
    p.pages, p.heading_path, p.sentences, p.text, top.bm25, top.cosine, top.score
FROM top JOIN documents_passage p ON p.id = top.id JOIN documents_document d ON d.id = top.document_id
ORDER BY {order}
"""
_ORDERS = {Order.RELEVANCE: "max(score) DESC", Order.NEWEST: "d.created_at DESC"}


def top(documents: DocumentQuerySet, wanted: Wanted, *, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """The best passages of these documents, best first."""
    return _rows(_TOP, "top.score DESC, top.id", documents, wanted, {"limit": limit, "offset": offset})


def top_of_documents(
    documents: DocumentQuerySet, wanted: Wanted, *, limit: int, offset: int, per_document: int, order: Order
) -> list[dict[str, Any]]:
    """The best passages of each of the best documents, document by document."""
    first = "top.best DESC" if order is Order.RELEVANCE else "d.created_at DESC"
    return _rows(
        _TOP_OF_DOCUMENTS.format(order=_ORDERS[order]),
        f"{first}, top.document_id, top.place",
        documents,
        wanted,
        {"limit": limit, "offset": offset, "per_document": per_document},
    )


def _rows(
    choice: str, order: str, documents: DocumentQuerySet, wanted: Wanted, extent: dict[str, int]
) -> list[dict[str, Any]]:
    scope, scope_parameters = _compiled(documents)
    conditions, parameters = _conditions(wanted, scope)
    statement = _SCORED.format(
        bm25="-(p.terms <#> %(terms)s::sparsevec)" if wanted.rarities else "0::float8",
        # The vectors of another model do not compare, and may have another length.
        cosine="CASE WHEN p.embedding_model = %(model)s THEN -(p.embedding <#> %(vector)s::halfvec) ELSE 0 END"
        if wanted.vector
        else "0::float8",
        scope=scope,
        conditions=conditions,
        found=_found(wanted),
    )
    parameters |= scope_parameters | extent | {"blend": wanted.blend, "model": wanted.model}
    parameters |= {"least": LEAST_SIMILAR, "terms": _sparse(wanted.rarities)}
    parameters["vector"] = HalfVector(list(wanted.vector)).to_text() if wanted.vector else None
    return _fetched(statement + choice + _ROWS.format(order=order), parameters)


def _fetched(statement: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _found(wanted: Wanted) -> str:
    """Which passages are results at all: those with a word of the query, and those that mean something like it."""
    if not wanted.asks:
        return "true"
    # A model that does not know the language finds everything like everything: then only words count.
    has_meaning = wanted.vector and not (wanted.rarities and wanted.blend >= WORDS_ALONE)
    return "(bm25 > 0 OR cosine >= %(least)s)" if has_meaning else "bm25 > 0"


def _compiled(documents: DocumentQuerySet) -> tuple[str, dict[str, Any]]:
    """The documents as a subquery, its parameters by name."""
    try:
        statement, parameters = documents.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::uuid WHERE false", {}
    numbers = iter(range(len(parameters)))
    named = re.sub(r"%s", lambda _: f"%(scope{next(numbers)})s", statement)
    return named, {f"scope{number}": parameter for number, parameter in enumerate(parameters)}


def _conditions(wanted: Wanted, scope: str) -> tuple[str, dict[str, Any]]:
    """What else a passage must be: cheap tests of its terms stand before those of its text."""
    parts: list[str] = []
    parameters: dict[str, Any] = {}
    for number, (phrase, required) in enumerate(wanted.phrases):
        condition = _has(f"phrase{number}", phrase, required, parameters)
        parts.append(f" AND {condition}")
    for number, (phrase, required) in enumerate(wanted.excluded):
        condition = _has(f"without{number}", phrase, required, parameters)
        parts.append(_WITHOUT.format(scope=scope, condition=condition))
    return "".join(parts), parameters


def _has(name: str, phrase: str, required: Sequence[Sequence[int]], parameters: dict[str, Any]) -> str:
    """A passage p with these words on end, and so with a term of each."""
    tests = []
    for number, variants in enumerate(required):
        parameters[f"{name}_{number}"] = _sparse(dict.fromkeys(variants, 1.0))
        tests.append(f"-(p.terms <#> %({name}_{number})s::sparsevec) > 0")
    parameters[name] = _pattern(phrase)
    return " AND ".join([*tests, f"p.text ~* %({name})s"])


def _pattern(phrase: str) -> str:
    """Finds the words on end, whatever white space or line end parts them, and as whole words."""
    escaped = r"\s+".join(re.sub(r"([^\w\s])", r"\\\1", word) for word in phrase.split())
    before = r"\m" if _begins_words(phrase[:1]) else ""
    after = r"\M" if _begins_words(phrase[-1:]) else ""
    return f"{before}{escaped}{after}"


def _begins_words(sign: str) -> bool:
    """Whether words of its script are parted, so that one can begin or end with it."""
    return sign.isalnum() and not _UNPARTED.match(sign)


def _sparse(weights: Mapping[int, float]) -> str | None:
    return SparseVector(dict(weights), DIMENSIONS).to_text() if weights else None


def blend(mode: Mode, pieces_a_word: float) -> float:
    """The share of BM25. A model that has to cut words into many pieces hardly knows the language, and has less say."""
    if mode is not Mode.HYBRID:
        return float(mode is Mode.BM25)
    strange = max(pieces_a_word - USUAL_PIECES, 0.0)
    return min(settings.SEARCH_BLEND + BLEND_A_PIECE * strange, MOST_BLEND)


def alike(documents: DocumentQuerySet, document: UUID, model: str, limit: int) -> list[tuple[UUID, float]]:
    """The documents whose mean vector is nearest to this one's, with the cosine."""
    scope, parameters = _compiled(documents)
    rows = _fetched(_ALIKE.format(scope=scope), parameters | {"document": document, "model": model, "limit": limit})
    return [(row["document_id"], row["cosine"]) for row in rows]


_ALIKE = """
WITH means AS (
    SELECT p.document_id, avg(p.embedding) AS mean FROM documents_passage p
    WHERE p.document_id IN ({scope}) AND p.embedding_model = %(model)s GROUP BY p.document_id
)
SELECT others.document_id, 1 - (others.mean <=> this.mean) AS cosine
FROM means others JOIN means this ON this.document_id = %(document)s AND others.document_id <> %(document)s
ORDER BY cosine DESC, others.document_id LIMIT %(limit)s
"""
