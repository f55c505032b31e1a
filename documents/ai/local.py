"""The built-in provider: no key, no network, no cost. It chooses sentences and cites them; it never makes one up.

Without labels, CLASSIFY asks how the text feels about its subject: positive, neutral or negative.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from documents.ai import asking, chronology, duties, entities, extracting, finding, instructions, prompts
from documents.ai.errors import Rejected
from documents.ai.extracting import Candidate, Matrix
from documents.ai.protocol import (
    Capabilities,
    Claim,
    Delta,
    Embedder,
    Reference,
    Request,
    Result,
    StopReason,
    Task,
    Usage,
)
from documents.ai.wording import wording

MODEL = "local-extractive-1"
PROMPT_VERSION = "local-2"

_NO_LIMIT = 2**40
# Embedding is the slow part, about a hundredth of a second a sentence: only so many are ever embedded.
SAMPLE = 48
STRETCH = 6

# Likeness is a weak witness: a lead of a tenth makes a label about twice as likely, never certain.
_SOFTNESS = 0.15
# A label is matched by what a text it fits might say.
_PHRASES = {
    "positive": (
        "This is excellent, I love it.",
        "We are very happy and grateful.",
        "A wonderful success, highly recommended.",
    ),
    "neutral": (
        "The meeting takes place on Monday.",
        "The document lists the following items.",
        "The contract contains rules and dates.",
    ),
    "negative": (
        "This is terrible, I hate it.",
        "We are angry and very disappointed.",
        "A bad failure, a loss, a complaint.",
    ),
}


class Local:
    """Answers by extraction. With an embedder, labels and instructions are matched by meaning, not by words alone."""

    name = "local"
    default_model = MODEL
    capabilities = Capabilities(documents=True, citations=True, charges=False, writes=False)
    batches = None

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder
        self._tasks: dict[Task, Callable[[Request, list[Candidate]], list[Claim]]] = {
            Task.SUMMARY: _summary,
            Task.KEY_POINTS: _key_points,
            Task.ENTITIES: _entities,
            Task.QUESTIONS: _questions,
            Task.CLASSIFY: self._classify,
            Task.INSTRUCTION: self._follow,
            Task.EXTRACT: self._extract,
            Task.DATES: _dates,
            Task.OBLIGATIONS: _obligations,
            Task.TRANSLATION: _translation,
        }

    def complete(self, request: Request) -> Result:
        candidates = extracting.candidates(request.sources)
        claims = tuple(self._tasks[request.task](request, candidates)) if candidates else ()
        written = sum(len(claim.text.split()) for claim in claims)
        return Result(
            claims=claims,
            stop_reason=StopReason.COMPLETE,
            usage=Usage(input_tokens=self.count(request), output_tokens=written),
            provider=self.name,
            model=MODEL,
            prompt_version=PROMPT_VERSION,
        )

    def stream(self, request: Request) -> Iterator[Delta | Reference | Result]:
        result = self.complete(request)
        for claim in result.claims:
            yield Delta(claim.text)
            yield from claim.references
        yield result

    def window(self, model: str) -> int:
        return _NO_LIMIT

    def count(self, request: Request) -> int:
        return sum(len(sentence.text.split()) for source in request.sources for sentence in source.sentences)

    def _classify(self, request: Request, candidates: list[Candidate]) -> list[Claim]:
        labels = prompts.labels(request)
        sample = extracting.evenly(candidates, SAMPLE)
        texts = [candidate.text for candidate in sample]
        # What a text is about shows in stretches of it; which words show it, in sentences.
        stretches = [" ".join(texts[at : at + STRETCH]) for at in range(0, len(texts), STRETCH)]
        likeness = self._likeness_to_labels(labels, [*texts, *stretches])
        sentences, wholes = likeness[:, : len(texts)], likeness[:, len(texts) :]
        closest = np.sort(sentences, axis=1)[:, -3:].mean(axis=1)
        scores = _softmax(0.5 * (closest + sentences.mean(axis=1)) + wholes.mean(axis=1))
        best = int(np.argmax(scores))
        evidence = sample[int(np.argmax(sentences[best]))]
        cited = (evidence.reference,) if sentences[best].max() > 0 else ()
        return [Claim(labels[best] + "\n", cited, label=labels[best], score=round(float(scores[best]), 4))]

    def _likeness_to_labels(self, labels: Sequence[str], texts: Sequence[str]) -> Matrix:
        """A row for each label, a column for each text."""
        phrases = [_PHRASES.get(label.lower(), (f"A {label}.",)) for label in labels]
        rows = iter(self._likeness([phrase for of_label in phrases for phrase in of_label], texts))
        return np.stack([np.max([next(rows) for _ in of_label], axis=0) for of_label in phrases])

    def _follow(self, request: Request, candidates: list[Candidate]) -> list[Claim]:
        if request.of_each:
            return instructions.examine(request.instruction, request.sources, candidates, self._embedder)
        return instructions.follow(request.instruction, request.sources, candidates, self._embedder)

    def _extract(self, request: Request, candidates: list[Candidate]) -> list[Claim]:
        # Short lines and rows hold values, though they state nothing.
        return finding.find(request, extracting.legible(request.sources) or candidates, self._similarity)

    def _similarity(self, wanted: str, texts: Sequence[str]) -> Matrix:
        if self._embedder is None:
            return np.zeros(len(texts), dtype=np.float32)
        row: Matrix = self._likeness([wanted], texts)[0]
        return row

    def _likeness(self, wanted: Sequence[str], texts: Sequence[str]) -> Matrix:
        """A row for each wanted, a column for each text: how alike they are, by meaning or at least by words."""
        if self._embedder is None:
            return np.stack([extracting.overlap(extracting.stems(want), texts) for want in wanted])
        rows = np.array(self._embedder.embed([*wanted, *texts]), dtype=np.float32)
        likeness: Matrix = rows[: len(wanted)] @ rows[len(wanted) :].T
        return likeness


def _summary(request: Request, candidates: list[Candidate]) -> list[Claim]:
    chosen = _salient(candidates, min(6, 3 + len(candidates) // 20), lead=0.5)
    return [instructions.sentence(candidate) for candidate in chosen]


def _key_points(request: Request, candidates: list[Candidate]) -> list[Claim]:
    chosen = _salient(candidates, min(8, 5 + len(candidates) // 40), lead=0.1)
    return [Claim(extracting.shortened(candidate.text) + "\n", (candidate.reference,)) for candidate in chosen]


def _salient(candidates: list[Candidate], count: int, *, lead: float) -> list[Candidate]:
    """The sentences that say most, in the order of the document."""
    matrix = extracting.vectors([candidate.text for candidate in candidates])
    chosen = extracting.diverse(extracting.salience(candidates, matrix, lead=lead), matrix, count)
    return [candidates[at] for at in sorted(chosen)]


def _entities(request: Request, candidates: list[Candidate]) -> list[Claim]:
    return [
        Claim(entity.text + "\n", tuple(entity.references), label=entity.kind)
        for entity in entities.find(request.sources)
    ]


def _questions(request: Request, candidates: list[Candidate]) -> list[Claim]:
    words = wording(candidate.text for candidate in candidates[: instructions.SHORTLIST])
    return asking.questions(words, entities.find(request.sources), candidates)


def _dates(request: Request, candidates: list[Candidate]) -> list[Claim]:
    return chronology.dates(request.sources)


def _obligations(request: Request, candidates: list[Candidate]) -> list[Claim]:
    return duties.duties(request.sources)


def _translation(request: Request, candidates: list[Candidate]) -> list[Claim]:
    raise Rejected(
        "The built-in provider cannot translate. Ask for a summary in the document's own language, or have a key for "
        "Claude set."
    )


def _softmax(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    raised = np.exp((scores - scores.max()) / _SOFTNESS)
    shares: npt.NDArray[np.floating] = raised / raised.sum()
    return shares
