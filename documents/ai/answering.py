"""The sentence that answers a question, and whether any does, without a model that writes.

Two linear rules over what can be counted: how alike question and sentence are by words, by meaning as a whole and
by that of each word, in the sentence and around it; whether it holds what is asked for (a time, a number, a name); what
the question has that is missing.
Their weights were fitted to judged questions (docs/analysis.md) and hold no words of them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from documents.ai import wordwise
from documents.ai.extracting import Matrix
from documents.ai.protocol import Embedder

# So many sentences are compared by meaning, which costs some thousandths of a second each.
SHORTLIST = 24
# What is counted by words: score of the passage; something of the kind asked for that the question does not name;
# rarity of the question's words in the sentence, and in it with its neighbours; how many of them begin like a word of
# it. These weights choose the shortlist.
_BY_WORDS = np.array([12.211, 2.343, 3.575, 3.359, 5.235], dtype=np.float32)
# The same; then by meaning: likeness to the sentence, and to it after its title and the sentence before; and how near
# the nearest word of each comes to the words asked, on average and at least.
_RANK = np.array(
    [7.827, 1.908, -0.099, 0.371, 3.518, 1.379, 2.276, 4.543, 0.848, 10.443, 0.313], dtype=np.float32
)  # fmt: skip
# The same of the best sentence; then the rarest word it lacks, words its passage lacks, names and numbers it lacks, a
# negation on one side alone, and how many words are asked.
_ANSWERS = np.array(
    [
        *(-1.396, 0.667, 0.975, -0.077, -0.492, 2.687, 1.046, -4.882, 2.219, 6.283, -0.228),
        *(-0.071, 0.281, -0.459, -1.516, -1.252, 0.064),
    ],
    dtype=np.float32,
)
_BIAS = -3.648
# A row of a table is about what its first cell names; a question about something else is rarely answered by it. Not
# fitted: the judged questions are over prose.
_OF_ANOTHER, _CELL = 1.5, " | "
# "Owns" and "owner" begin alike, and "buried" and "burials": all but the last letter, at most so many.
_BEGINNING, _LONG_WORD, _WORD = 5, re.compile(r"\w{4,}"), re.compile(r"\w+")

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|hundred|thousand|[mb]illion|dozen|half|third|first"
    r"|second|twice|once)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:1\d\d\d|20\d\d|\d{1,4} (?:BC|AD))\b|\bcentur"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|spring|summer|autumn|winter)\b"
)
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+|^(?:[A-Z]\w+ ){2}")
_REASON = re.compile(r"\b(?:because|due to|since|as a result|so that|in order to|caused?|to \w+)\b", re.IGNORECASE)
# What a question asks for, by its words; the first that fits.
_ASKS = [
    (re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|month|day|decade|century)\b"), _TIME),
    (
        re.compile(
            r"\bhow (?:many|much|long|old|often|far|large|big|high|tall|fast|small)\b"
            r"|\bwhat (?:percent|percentage|number|amount|age)\b"
        ),
        _NUMBER,
    ),
    (re.compile(r"\bwho(?:m|se)?\b|\bwhat (?:person|man|woman|king|queen|emperor|leader)\b"), _NAME),
    (re.compile(r"\bwhere\b|\b(?:what|which) (?:country|city|state|place|region|continent|location)\b"), _NAME),
    (re.compile(r"\bwhy\b"), _REASON),
]
_NEGATION = re.compile(r"\b(?:not|never|no|without|except)\b|n['’]t\b")
_NEGATED_QUESTION = re.compile(r"\b(?:not|never|no longer|un\w+|without|except)\b|n['’]t\b")
_CAPITAL = re.compile(r"(?<=\s)[A-Z][\w-]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Considered:
    """A passage that may hold the answer; `score` from 0 to 1 is how well it was found."""

    title: str
    sentences: tuple[str, ...]
    score: float

    @property
    def text(self) -> str:
        return " ".join([self.title, *self.sentences])


@dataclass(frozen=True, slots=True)
class Answered:
    """The sentence that fits best; `confidence` above 0 says that it answers."""

    passage: int
    sentence: int
    confidence: float

    @property
    def answers(self) -> bool:
        return self.confidence > 0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How words are compared: a text's terms, those of a question that say what is asked, and how rare a term is."""

    terms: Callable[[str], list[str]]
    asked: Callable[[str], list[str]]
    rarity: Callable[[str], float]


def answer(
    question: str, passages: Sequence[Considered], vocabulary: Vocabulary, embedder: Embedder
) -> Answered | None:
    """The best sentence of the passages; None when there is none."""
    places = [(number, at) for number, passage in enumerate(passages) for at in range(len(passage.sentences))]
    if not places:
        return None
    asking = _Asking(question, passages, vocabulary)
    by_words = np.array([asking.by_words(*place) for place in places], dtype=np.float32)
    shortlist = np.argsort(-(by_words @ _BY_WORDS), kind="stable")[:SHORTLIST]
    chosen = [places[at] for at in shortlist]
    features = np.concatenate([by_words[shortlist], asking.by_meaning(chosen, embedder)], axis=1)
    of_another = np.array([asking.is_of_another(*place) for place in chosen], dtype=np.float32)
    best = int((features @ _RANK - _OF_ANOTHER * of_another).argmax())
    lacking = np.array(asking.lacking(*chosen[best]), dtype=np.float32)
    confidence = float(np.concatenate([features[best], lacking]) @ _ANSWERS) + _BIAS
    passage, sentence = chosen[best]
    return Answered(passage, sentence, confidence)


def _beginnings(text: str) -> set[str]:
    return {word.lower()[: min(_BEGINNING, len(word) - 1)] for word in _LONG_WORD.findall(text)}


class _Asking:
    """A question, held against sentences."""

    def __init__(self, question: str, passages: Sequence[Considered], vocabulary: Vocabulary) -> None:
        self.question = question
        self.passages = passages
        self.vocabulary = vocabulary
        self.rarities = {term: vocabulary.rarity(term) for term in vocabulary.asked(question)}
        self.total = sum(self.rarities.values()) or 1.0
        self.beginnings = _beginnings(question)
        self.kind = next((kind for asks, kind in _ASKS if asks.search(question.lower())), None)
        self.terms = [[set(vocabulary.terms(one)) for one in passage.sentences] for passage in passages]

    def by_words(self, number: int, at: int) -> tuple[float, ...]:
        """What can be said of a sentence without its meaning, in the order of its weights."""
        sentence, around = self.passages[number].sentences[at], self.terms[number][max(at - 1, 0) : at + 2]
        inside, near = self._covered(self.terms[number][at]), self._covered(set().union(*around))
        return self.passages[number].score, self._holds(sentence), inside, near, self._begins_like(sentence)

    def by_meaning(self, places: Sequence[tuple[int, int]], embedder: Embedder) -> Matrix:
        """A row for each sentence: how like the question it is as a whole and word by word, alone and in its place."""
        alone, within = zip(*(self._shown(*place) for place in places), strict=True)
        question, *texts = wordwise.read(embedder, [self.question, *alone, *within])
        wholes = np.stack([text.whole for text in texts]) @ question.whole
        weights = self._weights(question.places)
        nearest = wordwise.nearest(question.pieces, [text.pieces for text in texts])
        mean, least = weights @ nearest / weights.sum(), nearest[weights > 0].min(axis=0)
        count = len(places)
        by_place = [one for half in (slice(count), slice(count, None)) for one in (mean[half], least[half])]
        rows: Matrix = np.stack([wholes[:count], wholes[count:], *by_place], axis=1)
        return rows

    def _weights(self, places: Sequence[tuple[int, int]]) -> Matrix:
        """How much each piece of the question says: its share of its word's rarity; where no word is rare, the same."""
        weights = np.zeros(len(places), dtype=np.float32)
        for word in _WORD.finditer(self.question):
            rarity = max((self.rarities.get(term, 0.0) for term in self.vocabulary.terms(word.group())), default=0.0)
            within = [at for at, place in enumerate(places) if word.start() <= place[0] and place[1] <= word.end()]
            weights[within] = rarity / max(len(within), 1)
        return weights if weights.any() else np.ones_like(weights)

    def _holds(self, sentence: str) -> float:
        """Whether it has something of the kind asked for, other than what the question has."""
        asked = self.question.lower()
        found = self.kind.finditer(sentence) if self.kind else ()
        return float(self.kind is None or any(one.group().lower() not in asked for one in found))

    def is_of_another(self, number: int, at: int) -> bool:
        """Whether it is a row of a table whose first cell has none of the words asked, though the rest has some."""
        head, *cells = self.passages[number].sentences[at].split(_CELL)
        return (
            bool(cells)
            and not self._covered(set(self.vocabulary.terms(head)))
            and bool(self._covered(self.terms[number][at]))
        )

    def _begins_like(self, sentence: str) -> float:
        words = _WORD.findall(sentence.lower())
        begun = sum(any(word.startswith(beginning) for word in words) for beginning in self.beginnings)
        return begun / max(len(self.beginnings), 1)

    def _covered(self, terms: set[str]) -> float:
        return sum(rarity for term, rarity in self.rarities.items() if term in terms) / self.total

    def _shown(self, number: int, at: int) -> tuple[str, str]:
        passage = self.passages[number]
        before = passage.sentences[at - 1] if at else ""
        return passage.sentences[at], f"{passage.title}. {before} {passage.sentences[at]}"

    def lacking(self, number: int, at: int) -> list[float]:
        """What speaks against an answer, in the order of its weights."""
        passage, sentence = self.passages[number], self.passages[number].sentences[at]
        held = set().union(*self.terms[number], self.vocabulary.terms(passage.title))
        rarest = max(
            (rarity for term, rarity in self.rarities.items() if term not in self.terms[number][at]), default=0
        )
        is_negated = bool(_NEGATED_QUESTION.search(self.question)) != bool(_NEGATION.search(sentence))
        return [
            rarest,
            len(self.rarities.keys() - held),
            sum(name.lower() not in passage.text.lower() for name in _CAPITAL.findall(self.question)),
            sum(digits not in passage.text for digits in _DIGITS.findall(self.question)),
            float(is_negated),
            len(self.rarities),
        ]
