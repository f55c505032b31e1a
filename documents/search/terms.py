"""Text to weighted terms, the same for passages and for queries.

A term is a stem in the text's language, a number or identifier, or a pair of characters of a script without spaces.
"""

import hashlib
from collections import Counter
from functools import lru_cache
from typing import Any

import snowballstemmer

from documents.ai.words import words

# A sparse vector of the database has this many dimensions and at most this many that are not nought.
VERSION = "bm25-1"
DIMENSIONS = 1_000_000_000
MOST_TERMS = 16_000

# BM25. The average length is a constant, so that a stored weight stays right whatever is added later: passages are cut
# to about this many terms, and a ranking hardly changes with it.
K1 = 1.2
B = 0.75
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


def analyse(text: str, language: str) -> list[str]:
    """The terms of a text in order. `language` is a code such as `de`; with one unknown, words stay as they are."""
    algorithm = _STEMMERS.get(language[:2].lower(), "")
    return [_stem(word, algorithm) for word in words(text)]


def weigh(text: str, language: str) -> dict[int, float]:
    """How much each term says about a passage, from 0 to K1 + 1; the query carries how rare each is."""
    counts = Counter(analyse(text, language))
    length = sum(counts.values())
    norm = K1 * (1 - B + B * length / AVERAGE_TERMS)
    kept = counts.most_common(MOST_TERMS)
    weights: dict[int, float] = {}
    for term, count in kept:
        number = identify(term)
        weights[number] = max(weights.get(number, 0.0), count * (K1 + 1) / (count + norm))
    return weights


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
