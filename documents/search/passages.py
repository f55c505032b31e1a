"""Finds passages: the one retriever of the search box, questions, analyses and the API."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import orjson

from documents.ai.words import words as words_of
from documents.search import highlights, index, scoring, stopwords, terms, vocabulary
from documents.search.query import Query, parse
from documents.search.scope import Scope
from documents.search.scoring import Mode, Order, Wanted
from documents.values import Span

MOST_TERMS = 60
MOST_LANGUAGES = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. Offsets, `highlights` and `sentences` too, count the document's text."""

    id: int
    document: UUID
    title: str
    filename: str
    media_type: str
    added: datetime
    ordinal: int
    start: int
    end: int
    pages: tuple[int, ...]
    heading_path: tuple[str, ...]
    sentences: tuple[Span, ...]
    text: str
    bm25: float
    cosine: float
    score: float
    highlights: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """What was searched for: the query, and the words that were taken for others."""

    query: Query
    corrections: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """The passages, best first; `has_more` when there are others behind them."""

    hits: tuple[Hit, ...]
    understood: Understood
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A document that was found, with the best of its passages."""

    hits: tuple[Hit, ...]

    @property
    def best(self) -> Hit:
        return self.hits[0]


@dataclass(frozen=True, slots=True)
class FoundDocuments:
    groups: tuple[Group, ...]
    understood: Understood
    has_more: bool = False


def find(scope: Scope, query: str | Query, limit: int, *, offset: int = 0, mode: Mode = Mode.HYBRID) -> Found:
    """The best passages of a scope, `limit` of them from `offset` on."""
    search = Search(scope, query, mode)
    rows = scoring.top(search.documents, search.wanted, limit=limit + 1, offset=offset)
    return Found(tuple(map(search.hit, rows[:limit])), search.understood, len(rows) > limit)


def find_documents(
    scope: Scope,
    query: str | Query,
    limit: int,
    *,
    offset: int = 0,
    per_document: int = 3,
    order: Order = Order.RELEVANCE,
    mode: Mode = Mode.HYBRID,
) -> FoundDocuments:
    """The best documents of a scope, each with its best passages."""
    search = Search(scope, query, mode)
    rows = scoring.top_of_documents(
        search.documents, search.wanted, limit=limit + 1, offset=offset, per_document=per_document, order=order
    )
    groups = [Group(tuple(map(search.hit, part))) for _, part in groupby(rows, key=lambda row: row["document_id"])]
    return FoundDocuments(tuple(groups[:limit]), search.understood, len(groups) > limit)


class Search:
    """A query made ready for a scope: its terms in the languages of the scope, weighed, and its vector."""

    def __init__(self, scope: Scope, query: str | Query, mode: Mode) -> None:
        given = _literal(parse(query) if isinstance(query, str) else query)
        self.documents = scope.narrowed(given).documents
        self.languages = scope.languages()[:MOST_LANGUAGES] or [""]
        words = stopwords.telling(list(words_of(given.words)))[:MOST_TERMS]
        self.terms = {word: self._variants(word) for word in words}
        self.known = vocabulary.frequencies(scope.documents, self._numbers(self.terms))
        corrections = self._mended(scope, given)
        self.understood = Understood(given, corrections)
        self.wanted = self._wanted(given, _replaced(given.words, corrections), mode)

    def _variants(self, word: str) -> tuple[int, ...]:
        """The numbers of a word's stems in the languages of the scope."""
        return tuple({terms.identify(terms.stem(word, language)): None for language in self.languages})

    def _is_known(self, word: str) -> bool:
        return any(self.known.get(number) for number in self.terms[word])

    def _mended(self, scope: Scope, query: Query) -> dict[str, str]:
        """Words that stand nowhere are taken for the ones that were meant: gives those that were corrected."""
        exact = set(words_of(" ".join(query.phrases)))
        unknown = [word for word in self.terms if not self._is_known(word) and word not in exact]
        open_word = list(self.terms)[-1] if query.is_open and self.terms else ""
        corrections: dict[str, str] = {}
        for word in unknown:
            # A word still being typed stands for all it may become.
            meant = vocabulary.completions(scope.documents, word) if word == open_word else []
            if not meant and (likely := vocabulary.nearest(scope.documents, word)):
                corrections[word], meant = likely, [likely]
            self.terms[word] = tuple(number for other in meant for number in self._variants(other))
        if numbers := self._numbers(unknown):
            self.known |= vocabulary.frequencies(scope.documents, numbers)
        return corrections

    def _numbers(self, words: Iterable[str]) -> list[int]:
        return [number for word in words for number in self.terms[word]]

    def _wanted(self, query: Query, meaning: str, mode: Mode) -> Wanted:
        embedder = index.active()
        asks = bool(meaning.strip())
        is_dense = asks and mode is not Mode.BM25
        return Wanted(
            rarities={} if mode is Mode.DENSE else self._rarities(),
            vector=index.vector(embedder, meaning) if is_dense else (),
            model=embedder.name,
            blend=scoring.blend(mode, embedder.pieces_a_word(meaning)) if is_dense else 1.0,
            asks=asks,
            phrases=tuple((phrase, self._required(phrase)) for phrase in query.phrases),
            excluded=tuple((phrase, self._required(phrase)) for phrase in query.excluded),
        )

    def _rarities(self) -> dict[int, float]:
        """The idf of each term that stands anywhere."""
        numbers = set(self._numbers(self.terms))
        total = self.known.get(vocabulary.ALL, 0)
        return {number: rarity(self.known[number], total) for number in numbers if self.known.get(number)}

    def _required(self, phrase: str) -> tuple[tuple[int, ...], ...]:
        """For each word of a phrase the terms of which one stands wherever the phrase does."""
        return tuple(self._variants(word) for word in list(words_of(phrase))[:8])

    def hit(self, row: dict[str, Any]) -> Hit:
        numbers = frozenset(self._numbers(self.terms))
        return _hit(row, highlights.spans(row["text"], row["language"], numbers, row["start"]))


def _literal(query: Query) -> Query:
    """Signs that are no words are looked for as they stand."""
    signs = query.words.replace("\x00", " ").split()
    if not signs or any(True for _ in words_of(query.words)):
        return query
    return replace(query, phrases=(*query.phrases, *signs))


def rarity(passages: int, total: int) -> float:
    """BM25's idf of a term that stands in so many of all passages."""
    return math.log(1 + max(total - passages + 0.5, 0.5) / (passages + 0.5))


def _replaced(text: str, corrections: dict[str, str]) -> str:
    return " ".join(corrections.get(word.lower(), word) for word in text.split())


def _hit(row: dict[str, Any], found: Iterable[Span]) -> Hit:
    return Hit(
        id=row["id"],
        document=row["document_id"],
        title=row["title"],
        filename=row["filename"],
        media_type=row["media_type"],
        added=row["created_at"],
        ordinal=row["ordinal"],
        start=row["start"],
        end=row["end"],
        pages=tuple(row["pages"]),
        heading_path=tuple(row["heading_path"]),
        sentences=_spans(row["sentences"]),
        text=row["text"],
        bm25=row["bm25"],
        cosine=row["cosine"],
        score=row["score"],
        highlights=tuple(found),
    )


def _spans(json: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in orjson.loads(json))


def similar(scope: Scope, document: UUID, limit: int) -> Sequence[tuple[UUID, float]]:
    """The documents most like this one, by the mean of their passages' vectors, with the cosine."""
    return scoring.alike(scope.documents, document, index.active().name, limit)
