"""Text to weighted terms, the same for passages and for queries.

A term is a stem in the text's language, a number or identifier, or a pair of characters of a script without spaces.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import snowballstemmer
from django.conf import settings

from documents.ai.words import words

# A sparse vector of the database has this many dimensions and at most this many that are not nought.
DIMENSIONS = 1_000_000_000
MOST_TERMS = 16_000

# BM25's average length is a constant, so that a stored weight stays right whatever is added later: passages are cut to
# about this many terms, and a ranking hardly changes with it.
AVERAGE_TERMS = 180

_LONGEST_TERM = 64
_STEMMERS = {
    "ar": "arabic",
    "hy": "armenian",
    "eu": "basque",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "nl": "dutch",
    "en": "english",
    "eo": "esperanto",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "ga": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "no": "norwegian",
    "nb": "norwegian",
    "nn": "norwegian",
    "fa": "persian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}


@dataclass(frozen=True, slots=True)
class Indexed:
    """A passage as search keeps it: how much each term says about it (0 to k1 + 1), and how it is written there."""

    weights: dict[int, float]
    words: dict[int, str]


def version() -> str:
    """What weights are made by: those of another version do not compare."""
    return f"bm25-2 k1={settings.SEARCH_BM25_K1:g} b={settings.SEARCH_BM25_B:g}"


def analyse(text: str, language: str) -> list[str]:
    """The terms of a text in order. `language` is a code such as `de`; with one unknown, words stay as they are."""
    return [stem(word, language) for word in words(text)]


def index(text: str, language: str) -> Indexed:
    """The text's terms with BM25's weights; the query carries how rare each is."""
    written = Counter(words(text))
    counts: Counter[int] = Counter()
    best: dict[int, str] = {}
    for word, count in written.most_common():
        number = identify(stem(word, language))
        counts[number] += count
        best.setdefault(number, word[:_LONGEST_TERM])
    k1, b = settings.SEARCH_BM25_K1, settings.SEARCH_BM25_B
    norm = k1 * (1 - b + b * written.total() / AVERAGE_TERMS)
    weights = {number: count * (k1 + 1) / (count + norm) for number, count in counts.most_common(MOST_TERMS)}
    return Indexed(weights, best)


def stem(word: str, language: str) -> str:
    """The word without its endings, as its language has them."""
    return _stem(word, _STEMMERS.get(language[:2].lower(), ""))


@lru_cache(maxsize=100_000)
def identify(term: str) -> int:
    """The number of a term, from 1 to DIMENSIONS - 1, the same on every machine and for ever."""
    digest = hashlib.blake2b(term.encode(), digest_size=8).digest()
    return int.from_bytes(digest) % (DIMENSIONS - 1) + 1


@lru_cache(maxsize=100_000)
def _stem(word: str, algorithm: str) -> str:
    if not algorithm or not word.isalpha():
        return word[:_LONGEST_TERM]
    stem: str = _stemmer(algorithm).stemWord(word[:_LONGEST_TERM])
    return stem


def _stemmer(algorithm: str) -> Any:
    # A stemmer keeps the word it works on in itself: two threads must not share one. The cache above makes it rare.
    return snowballstemmer.stemmer(algorithm)
