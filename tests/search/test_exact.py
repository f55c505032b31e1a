"""The statement's scores are those that the definition gives, and nothing outside of the scope is ever found."""

import math
import os
from collections import Counter
from collections.abc import Iterator
from random import Random
from uuid import UUID

import numpy as np
import pytest
from django.conf import settings

from accounts.models import User
from documents import providers
from documents.ai.words import words as words_of
from documents.models import Passage
from documents.search import scoring, stopwords, terms
from documents.search.passages import find
from documents.search.query import Query
from documents.search.scope import Scope
from tests.search.library import Shelve

pytestmark = pytest.mark.django_db

WORDS = [
    "rent",
    "deposit",
    "tenant",
    "house",
    "key",
    "water",
    "heat",
    "door",
    "roof",
    "lamp",
    "garden",
    "month",
    "euro",
]


QUESTIONS = int(os.environ.get("EXACT_QUESTIONS", "200"))


@pytest.fixture
def people(alice: User, bob: User) -> list[User]:
    others = (User.objects.create_user(f"person{number}@example.org") for number in range(4))
    return [alice, bob, *others]


@pytest.fixture
def library(people: list[User], shelve: Shelve) -> dict[UUID, User]:
    """Documents of six people, made of the same few words."""
    dice = Random(7)
    owners = {}
    for number in range(36):
        owner = people[number % len(people)]
        sentences = (" ".join(dice.choices(WORDS, k=8)).capitalize() + "." for _ in range(dice.randint(1, 60)))
        owners[shelve(owner, f"Text {number}", " ".join(sentences)).pk] = owner
    return owners


def expected(owner: User, documents: set[UUID], query: str) -> list[tuple[float, int]]:
    """Scores by definition, in Python, of the passages of a scope."""
    own = list(Passage.objects.filter(owner=owner).order_by("pk"))
    counts = [Counter(terms.analyse(f"{row.document.title}\n\n{row.text}", row.document.language)) for row in own]
    embedder = providers.embedder()
    vector = np.array(embedder.embed([query])[0])
    inside = [place for place, row in enumerate(own) if row.document_id in documents]
    if not inside:
        return []
    languages = Scope.of(owner).within(documents).languages()[:4]
    words = stopwords.telling(list(words_of(query)))
    asked = {terms.stem(word, language) for word in words for language in languages}
    bm25 = np.array([_bm25(counts[place], counts, asked) for place in inside])
    cosine = np.array([float(np.array(own[place].embedding) @ vector) for place in inside])
    share = scoring.blend(scoring.Mode.HYBRID, embedder.pieces_a_word(query))
    spread = max(cosine.max() - cosine.min(), 1e-9)
    scores = share * bm25 / max(bm25.max(), 1e-9) + (1 - share) * (cosine - cosine.min()) / spread
    kept = (bm25 > 0) | (cosine >= scoring.LEAST_SIMILAR)
    return [(float(scores[at]), own[place].pk) for at, place in enumerate(inside) if kept[at]]


def _bm25(passage: Counter[str], passages: list[Counter[str]], asked: set[str]) -> float:
    k1, b = settings.SEARCH_BM25_K1, settings.SEARCH_BM25_B
    norm = k1 * (1 - b + b * passage.total() / terms.AVERAGE_TERMS)
    return sum(
        _idf(term, passages) * passage[term] * (k1 + 1) / (passage[term] + norm) for term in asked & set(passage)
    )


def _idf(term: str, passages: list[Counter[str]]) -> float:
    having = sum(term in passage for passage in passages)
    return math.log(1 + (len(passages) - having + 0.5) / (having + 0.5))


def questions(library: dict[UUID, User], people: list[User]) -> Iterator[tuple[User, set[UUID], str]]:
    """Somebody, some documents out of everybody's, some words."""
    dice = Random(11)
    for _ in range(QUESTIONS):
        chosen = set(dice.sample(sorted(library), k=dice.randint(0, len(library))))
        yield dice.choice(people), chosen, " ".join(dice.sample(WORDS, k=dice.randint(1, 4))) + " "


def test_scores_are_exact_in_any_scope(library: dict[UUID, User], people: list[User]) -> None:
    for person, chosen, query in questions(library, people):
        own = {document for document in chosen if library[document] == person}

        hits = find(Scope.of(person).within(chosen), Query(words=query), 20).hits

        wanted = sorted(expected(person, own, query), key=lambda pair: (-pair[0], pair[1]))[:20]
        assert [hit.score for hit in hits] == pytest.approx([score for score, _ in wanted], abs=2e-3)
        assert {hit.document for hit in hits} <= own
