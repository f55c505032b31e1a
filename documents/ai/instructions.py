"""Instructions, followed without a model that writes: a question is answered with one sentence or refused; whatever
else is asked for brings the sentences most about it."""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from documents.ai import answering, extracting, sweeping
from documents.ai.answering import Answered, Considered, Vocabulary
from documents.ai.extracting import Candidate, Matrix
from documents.ai.protocol import NOTHING, Claim, Embedder, Source
from documents.ai.wording import COMMON, language, wording

SHORTLIST = 60
# So many sentences make a passage, and so many passages are looked at for an answer.
_PASSAGE, _CONSIDERED = 6, 10
_MOST_TOLD = 4
# Measured on questions with and without an answer in the text: below these a sentence seldom answers what is asked.
SIMILAR_ENOUGH = 0.45
OVERLAP_ENOUGH = 0.35
# Of both together, where many documents are asked the same: measured on the clauses of judged contracts.
SURELY_ABOUT = 0.8
_SHORTEST_ANSWER = 12
_NEARLY, _MOST_OF_IT = -2.2, 0.6

_QUESTION = re.compile(
    r"\A\W{0,3}(?:who(?:m|se)?|what|which|when|where|why|how|is|are|was|were|does|do|did|has|have|can|may|must|will)\b"
    r"[^.!]{0,400}\Z|[?？]\W{0,3}\Z",
    re.IGNORECASE,
)
_ASKING = (
    "who whom whose what which when where why how does did has have can may must will was were are there many much"
)
_TELLS_NOTHING = frozenset(f"{_ASKING} {COMMON['en']}".split())
_WORD = re.compile(r"\w+")


def follow(
    instruction: str, sources: Sequence[Source], candidates: Sequence[Candidate], embedder: Embedder | None
) -> list[Claim]:
    """The answer to a question, or what is said about anything else; or that nothing is."""
    if embedder is not None and _asks(instruction, candidates):
        return _answer(instruction, sources, embedder)
    return _told(instruction, candidates, embedder)


def _asks(instruction: str, candidates: Sequence[Candidate]) -> bool:
    """Whether it is a question that can be answered: the rules for it, and the model that comes with the program, know
    English alone."""
    is_question = _QUESTION.search(instruction.strip()) is not None
    return is_question and language(one.text for one in candidates[:SHORTLIST]) == "en"


def examine(
    question: str, sources: Sequence[Source], candidates: Sequence[Candidate], embedder: Embedder | None
) -> list[Claim]:
    """What is said about the matter of a question to each of many documents: most of them are not about it, so less is
    taken for it than in one document that was chosen."""
    matter = sweeping.understand(question).matter
    if matter == question.strip() and _asks(matter, candidates) and embedder is not None:
        return _answer(matter, sources, embedder, strictly=True)
    return _told(matter, candidates, embedder, least=SURELY_ABOUT)


def sentence(candidate: Candidate) -> Claim:
    return Claim(extracting.shortened(candidate.text) + " ", (candidate.reference,))


# Questions.


def _answer(question: str, sources: Sequence[Source], embedder: Embedder, *, strictly: bool = False) -> list[Claim]:
    passages = _passages(sources)
    vocabulary, likely = _considered(question, passages)
    considered = [
        Considered(sources[passage[0].source].title, tuple(one.text for one in passage), score)
        for score, passage in likely
    ]
    found = answering.answer(question, considered, vocabulary, embedder)
    nearly = not strictly and found is not None and _nearly_answers(question, likely[found.passage][1], found)
    if found is None or not (found.answers or nearly):
        beginning = [one.text for passage in passages[:_CONSIDERED] for one in passage]
        return [Claim(wording(beginning).nothing_found, label=NOTHING)]
    return [sentence(likely[found.passage][1][found.sentence])]


def _nearly_answers(question: str, passage: Sequence[Candidate], found: Answered) -> bool:
    """Of one document a reader knows that it is about the matter: a sentence with most of the question's words will do,
    where among many documents it would not."""
    asked = set(_asked(question))
    held = asked & set(extracting.stems(passage[found.sentence].text))
    return found.confidence > _NEARLY and len(held) >= _MOST_OF_IT * len(asked)


def _passages(sources: Sequence[Source]) -> list[list[Candidate]]:
    """All that can be read, in runs of a few sentences."""
    legible = [one for one in extracting.legible(sources) if len(one.text) >= _SHORTEST_ANSWER]
    of_source: dict[int, list[Candidate]] = {}
    for one in legible:
        of_source.setdefault(one.source, []).append(one)
    return [run[at : at + _PASSAGE] for run in of_source.values() for at in range(0, len(run), _PASSAGE)]


def _considered(
    question: str, passages: Sequence[list[Candidate]]
) -> tuple[Vocabulary, list[tuple[float, list[Candidate]]]]:
    """The passages with most of what is asked, each with its share of the best; rare words count most."""
    bags = [{stem for one in passage for stem in extracting.stems(one.text)} for passage in passages]
    frequency = Counter(stem for bag in bags for stem in bag)

    def rarity(stem: str) -> float:
        return math.log(1 + (len(bags) - frequency[stem] + 0.5) / (frequency[stem] + 0.5))

    asked = _asked(question)
    weights = {stem: rarity(stem) for stem in asked}
    scores = [sum(weights[stem] for stem in weights.keys() & bag) for bag in bags]
    best = max(scores, default=0.0) or 1.0
    order = sorted(range(len(bags)), key=lambda at: (-scores[at], at))[:_CONSIDERED]
    return Vocabulary(extracting.stems, lambda _: asked, rarity), [(scores[at] / best, passages[at]) for at in order]


def _asked(question: str) -> list[str]:
    telling = [word for word in _WORD.findall(question) if word.lower() not in _TELLS_NOTHING]
    return extracting.stems(" ".join(telling) or question)


# Anything else.


def _told(
    instruction: str, candidates: Sequence[Candidate], embedder: Embedder | None, *, least: float = 0
) -> list[Claim]:
    texts = [candidate.text for candidate in candidates]
    by_words = extracting.overlap(extracting.stems(instruction), texts)
    shortlist = [int(at) for at in np.argsort(-by_words, kind="stable")[:SHORTLIST]]
    similarity = _similarity(instruction, [texts[at] for at in shortlist], embedder)
    scores = similarity + by_words[shortlist]
    passing = ((similarity >= SIMILAR_ENOUGH) | (by_words[shortlist] >= OVERLAP_ENOUGH)) & (scores >= least)
    if not passing.any():
        return [Claim(wording(texts[:SHORTLIST]).nothing_found, label=NOTHING)]
    best = float(scores[passing].max())
    good = [at for at, score, passes in zip(shortlist, scores, passing, strict=True) if passes and score >= 0.8 * best]
    return [sentence(candidates[at]) for at in sorted(good[:_MOST_TOLD])]


def _similarity(wanted: str, texts: Sequence[str], embedder: Embedder | None) -> Matrix:
    if embedder is None:
        return np.zeros(len(texts), dtype=np.float32)
    rows = np.array(embedder.embed([wanted, *texts]), dtype=np.float32)
    likeness: Matrix = rows[1:] @ rows[0]
    return likeness
