"""Chooses sentences: which say something, which say most, which say different things. Counts words; needs no model."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from documents.ai.protocol import Reference, Source
from documents.ai.words import words

# A longer text is sampled evenly, but for its beginning, which says what it is about.
MOST_SENTENCES = 1_200
_FROM_THE_BEGINNING = 200
# With fewer statements than this the rest of the text has to do as well.
FEW = 2
_STEM = 6

Matrix = npt.NDArray[np.float32]

_ENDS = re.compile(r"[.!?。！？…][\"'”’»)\]]*\s*\Z")
_BOILERPLATE = re.compile(
    r"all rights reserved|copyright|©|cookies?\b|page \d+ of \d+|seite \d+ von \d+|table of contents|inhaltsverzeichnis"
    r"|click here|subscribe|terms of (?:use|service)|privacy policy|\.{4,}|isbn|doi:|https?://|www\.",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"[a-zß-ÿ]{2}|(?:This|These|Those|That|They|It|He|She|However|Therefore|Thus|Moreover|Furthermore|But|And|Such|Also|Dies|Diese"
    r"|Dieser|Dieses|Jedoch|Daher|Er|Es|Cela|Ceci|Il|Elle|Esto|Este|Esta|Sin embargo)\b"
)
_UNIT = re.compile(r"\w")
_BULLET = re.compile(r"(?:[•‣◦▪●○■□–—*·-]|\(?\d{1,2}\))\s+")
# A statement longer than this is hardly read, and is shown by its beginning when there is nothing else.
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be chosen: where it stands, and its words on one line, without a bullet."""

    source: int
    index: int
    text: str
    quote: str

    @property
    def reference(self) -> Reference:
        return Reference(self.source, self.index, self.index + 1, self.quote)


def legible(sources: Sequence[Source]) -> list[Candidate]:
    """Every sentence with a letter or digit."""
    return [
        Candidate(number, index, on_one_line(sentence.text), sentence.text)
        for number, source in enumerate(sources)
        for index, sentence in enumerate(source.sentences)
        if _UNIT.search(sentence.text)
    ]


def candidates(sources: Sequence[Source]) -> list[Candidate]:
    """Sentences that state something, evenly sampled if there are too many; anything legible if hardly any do."""
    sampled = _sampled(legible(sources))
    unique = list({candidate.text.casefold(): candidate for candidate in reversed(sampled)}.values())[::-1]
    statements = [candidate for candidate in unique if is_statement(candidate.text)]
    if len(statements) >= FEW or len(statements) == len(unique):
        return statements
    return [candidate for candidate in unique if len(candidate.text) <= _LONGEST] or unique


def on_one_line(text: str) -> str:
    """The text without a bullet or line ends."""
    return " ".join(_BULLET.sub("", text, count=1).split() if _BULLET.match(text) else text.split())


def shortened(text: str, length: int = _LONGEST) -> str:
    """The text, or whole words of its beginning."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"


def evenly[T](found: Sequence[T], count: int) -> list[T]:
    """All of them, or so many from beginning to end."""
    if len(found) <= count:
        return list(found)
    return [found[at * len(found) // count] for at in range(count)]


def _sampled(all_of_them: list[Candidate]) -> list[Candidate]:
    if len(all_of_them) <= MOST_SENTENCES:
        return all_of_them
    rest = evenly(all_of_them[_FROM_THE_BEGINNING:], MOST_SENTENCES - _FROM_THE_BEGINNING)
    return all_of_them[:_FROM_THE_BEGINNING] + rest


def is_statement(text: str) -> bool:
    """Whether this is a whole sentence of prose: no heading, table row, fragment or boilerplate."""
    letters = sum(sign.isalpha() for sign in text)
    return (
        bool(_ENDS.search(text))
        and len(text) * _density(text) >= 20
        and len(text) <= _LONGEST
        and letters >= 0.3 * len(text)
        and not ("|" in text or "\t" in text or text.isupper())
        and not _BOILERPLATE.search(text)
    )


def _density(text: str) -> float:
    """How much a character says: one of a script without letters says about as much as three others."""
    return 3.0 if text and ord(max(text)) >= 0x2E80 else 1.0


def vectors(texts: Sequence[str]) -> Matrix:
    """A unit row a text: how often it uses a word, times how rare the word is. Words of one text alone are left out."""
    bags = [Counter(stems(text)) for text in texts]
    frequency = Counter(word for bag in bags for word in bag)
    at_most = max(2.0, 0.5 * len(texts))
    column = {word: at for at, word in enumerate(word for word, count in frequency.items() if 2 <= count <= at_most)}
    matrix = np.zeros((len(texts), max(1, len(column))), dtype=np.float32)
    for row, bag in enumerate(bags):
        for word, count in bag.items():
            if word in column:
                matrix[row, column[word]] = (1 + math.log(count)) * math.log(1 + len(texts) / frequency[word])
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit: Matrix = (matrix / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def stems(text: str) -> list[str]:
    """Words cut to their beginning, which is where most languages keep what they mean; the shortest are left out."""
    return [word[:_STEM] for word in words(text) if len(word) > 2 or not word.isascii() or word.isdigit()]


def salience(chosen_from: Sequence[Candidate], matrix: Matrix, *, lead: float) -> Matrix:
    """How much each sentence stands for the rest and can be read alone; `lead` is what standing early is worth."""
    central: Matrix = matrix @ matrix.sum(axis=0)
    central /= max(float(central.max(initial=0.0)), 1e-9)
    positions = np.arange(len(chosen_from), dtype=np.float32)
    early = np.exp(-positions / max(4.0, 0.05 * len(chosen_from)))
    alone = np.array([0.75 if _LEANING.match(candidate.text) else 1.0 for candidate in chosen_from], dtype=np.float32)
    handy = np.array([_handiness(len(candidate.text)) for candidate in chosen_from], dtype=np.float32)
    scores: Matrix = ((central + lead * early) * alone * handy).astype(np.float32)
    return scores


def _handiness(length: int) -> float:
    """From 60 to 300 characters are read with ease; shorter ones say little, longer ones too much at once."""
    return min(1.0, length / 60, math.sqrt(300 / length))


def diverse(scores: Matrix, matrix: Matrix, count: int) -> list[int]:
    """The best rows, each also unlike those before it, best first."""
    chosen: list[int] = []
    nearest = np.zeros(len(scores), dtype=np.float32)
    left = scores.astype(np.float32).copy()
    for _ in range(min(count, len(scores))):
        best = int(np.argmax(left * (1 - 0.8 * nearest)))
        chosen.append(best)
        left[best] = 0.0
        nearest = np.maximum(nearest, matrix @ matrix[best])
    return chosen


class Bags:
    """Texts as their stems, to be asked about more than once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._bags = [set(stems(text)) for text in texts]
        self._frequency = Counter(word for bag in self._bags for word in bag)

    def overlap(self, wanted: Sequence[str]) -> Matrix:
        """How much of what is asked each text holds, from 0 to 1: rare words count most, repeated ones little more."""
        weights = {word: math.log(1 + len(self._bags) / (1 + self._frequency[word])) for word in set(wanted)}
        total = sum(weights.values()) or 1.0
        scores = [sum(weights[word] for word in weights.keys() & bag) / total for bag in self._bags]
        return np.array(scores, dtype=np.float32)


def overlap(wanted: Sequence[str], texts: Sequence[str]) -> Matrix:
    return Bags(texts).overlap(wanted)
