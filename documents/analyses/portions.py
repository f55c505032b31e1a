"""A text longer than the model's window: asked about portion by portion, and then about what was found in them.

What a portion gave is paid for, so it is kept with its booking in one transaction: a worker that takes over goes on
behind it.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from pydantic import TypeAdapter

from documents import jobs, ledger, streams
from documents.ai.errors import Rejected
from documents.ai.protocol import (
    Claim,
    Delta,
    Provider,
    Reference,
    Request,
    Result,
    Sentence,
    Source,
    StopReason,
    Task,
    Usage,
)
from documents.asker import REPAIR, Asker
from documents.models import Analysis, AnalysisStatus, Portion

# Tokens of rules and question, which go with every portion; of a small window rules, question and answer get half.
BESIDE = 2_000
# With less room for the text than this, or in more portions, hardly anything useful would come of it.
LEAST_ROOM, MOST_PORTIONS = 500, 300
# The statements found are fewer words than the text they are about, or asking about them would never end.
SHRUNK = 0.7
# No token is shorter than a byte, and hardly any text has more than eight bytes a token.
MOST_BYTES_A_TOKEN = 8
# How much of the window a portion fills: what it counts as is estimated from the whole.
FILLED = 0.85
# Steps on the books: 0 is the answer to the whole, each portion has two from here on.
FIRST_STEP = 10

# What is asked of a portion, where that is not what is asked of the whole.
_OF_A_PORTION = {Task.TRANSLATION: Task.SUMMARY}
_KEPT = TypeAdapter(Result)


@dataclass(frozen=True, slots=True)
class Answer:
    """A result, and what all calls for it used; those of `result` alone are not on the books yet."""

    result: Result
    usage: Usage


def answer(asker: Asker, request: Request) -> Answer:
    """The answer about all of the request's one source, in as many calls as it takes."""
    request = replace(request, max_tokens=min(request.max_tokens, asker.provider.window(request.model) // 4))
    if fits(asker.provider, request):
        result = asker.tell(request, partial(_tell_words, asker.held.subject))
        return Answer(result, result.usage)
    return _Long(asker, request).answer()


def _tell_words(subject: UUID, piece: Delta | Reference) -> None:
    if isinstance(piece, Delta):
        streams.say(subject, piece.text)


def fits(provider: Provider, request: Request) -> bool:
    """Whether the model can take it in one piece; counted by the provider only where that decides."""
    room = _room(provider, request)
    size = _size(request.sources[0].sentences)
    if size <= room or size > room * MOST_BYTES_A_TOKEN:
        return size <= room
    return provider.count(request) <= room


def _room(provider: Provider, request: Request) -> int:
    """The tokens a text may have beside rules, question and answer."""
    window = provider.window(request.model)
    return window - request.max_tokens - min(BESIDE, window // 4)


def _size(sentences: Sequence[Sentence]) -> int:
    return sum(len(sentence.text.encode()) for sentence in sentences)


class _Long:
    """A request about a long text, and the numbers of its portions."""

    def __init__(self, asker: Asker, request: Request) -> None:
        self.asker = asker
        self.request = request
        self.number = 0
        self.usage = Usage()

    def answer(self) -> Answer:
        results = self._portions(self.request)
        joined = _JOIN.get(self.request.task)
        if joined is not None:
            claims = joined(results)
            return Answer(replace(_whole(results), claims=claims, usage=Usage()), self.usage)
        return self._about_what_was_found(_found(results), _size(self.request.sources[0].sentences))

    def _portions(self, request: Request) -> list[Result]:
        spans = split(self.asker.provider, request)
        sources = [_cut(request.sources[0], first, last) for first, last in spans]
        portion = replace(request, task=_OF_A_PORTION.get(request.task, request.task), again_soon=False)
        results = []
        for at, (span, source) in enumerate(zip(spans, sources, strict=True)):
            results.append(_moved(self._portion(replace(portion, sources=(source,)), span), span[0]))
            self._report((at + 1) / (len(spans) + 1))
        return results

    def _portion(self, request: Request, span: tuple[int, int]) -> Result:
        """What the portion gave, now or before."""
        number, sha256 = self.number, _fingerprint(request)
        self.number += 1
        kept = Portion.objects.filter(analysis=self.asker.held.subject, number=number, sha256=sha256).first()
        result = _KEPT.validate_python(kept.found) if kept else self._asked(request, span, number, sha256)
        self.usage, self.last = _together(self.usage, result.usage), result
        return result

    def _asked(self, request: Request, span: tuple[int, int], number: int, sha256: str) -> Result:
        held = self.asker.held
        step = FIRST_STEP + 2 * number
        result = self.asker.ask(request, step)
        kept = {"first": span[0], "last": span[1], "sha256": sha256, "found": _KEPT.dump_python(result, mode="json")}
        with ledger.booked_anyway(result, subject=held.subject, fence=held.fence), jobs.holding(held):
            Portion.objects.update_or_create(analysis_id=held.subject, number=number, defaults=kept)
            ledger.supersede(subject=held.subject, steps=(step, step + REPAIR))
            ledger.settle(result, subject=held.subject, fence=held.fence)
        return result

    def _report(self, share: float) -> None:
        held = self.asker.held
        Analysis.objects.filter(jobs.fenced(held), pk=held.subject).update(progress=share)
        streams.publish(held.subject, "progress", status=AnalysisStatus.RUNNING, progress=round(share, 3))

    def _about_what_was_found(self, found: Sequence[Claim], size: int) -> Answer:
        """The same question about the statements of the portions, whose references become those of the answer.

        `size` is that of what they were made of, in bytes: while they are still too many they are asked about in
        portions again, as long as they become fewer; else the statements themselves are the answer, cut short.
        """
        statements = Source(self.request.sources[0].key, self.request.sources[0].title, _as_sentences(found))
        request = replace(self.request, sources=(statements,), again_soon=False)
        if not fits(self.asker.provider, request):
            if _size(statements.sentences) > SHRUNK * size:
                return self._cut_short(found)
            further = [_resting(claim, found) for claim in _found(self._portions(request))]
            return self._about_what_was_found(further, _size(statements.sentences))
        result = self.asker.ask(request)
        claims = tuple(_resting(claim, found) for claim in result.claims)
        return Answer(replace(result, claims=claims), _together(self.usage, result.usage))

    def _cut_short(self, found: Sequence[Claim]) -> Answer:
        last = replace(self.last, claims=tuple(found), usage=Usage(), stop_reason=StopReason.TRUNCATED)
        return Answer(last, self.usage)


def split(provider: Provider, request: Request) -> list[tuple[int, int]]:
    """The sentences [first:last) of each portion, so that each fits into the window; the same at every try.

    Raises Rejected where the window is too small for a text like this.
    """
    sentences = request.sources[0].sentences
    room = _room(provider, request)
    tokens_a_byte = min(provider.count(request) / max(_size(sentences), 1), 1.0)
    most_bytes = max(int(room * FILLED / max(tokens_a_byte, 1 / MOST_BYTES_A_TOKEN)), 1)
    spans, first, size = [], 0, 0
    for at, sentence in enumerate(sentences):
        size += len(sentence.text.encode())
        if size > most_bytes and at > first:
            spans.append((first, at))
            first, size = at, len(sentence.text.encode())
    spans.append((first, len(sentences)))
    if room < LEAST_ROOM or len(spans) > MOST_PORTIONS:
        raise Rejected("This text is far too long for the model. Analyse a part of it, or choose one that takes more.")
    return spans


def _cut(source: Source, first: int, last: int) -> Source:
    return replace(source, sentences=source.sentences[first:last])


def _fingerprint(request: Request) -> str:
    return hashlib.sha256(repr(request).encode()).hexdigest()


def _moved(result: Result, by: int) -> Result:
    """The result with its references counting the sentences of the whole."""
    claims = (
        replace(claim, references=tuple(_shifted(reference, by) for reference in claim.references))
        for claim in result.claims
    )
    return replace(result, claims=tuple(claims))


def _shifted(reference: Reference, by: int) -> Reference:
    if reference.first < 0:
        return reference
    return replace(reference, first=reference.first + by, last=reference.last + by)


def _found(results: Sequence[Result]) -> list[Claim]:
    """What the portions say; those that say only that they hold nothing of the kind are left out, unless all do."""
    claims = [claim for result in results for claim in result.claims if claim.text.strip()]
    return [claim for claim in claims if claim.references] or claims


def _as_sentences(claims: Sequence[Claim]) -> tuple[Sentence, ...]:
    return tuple(Sentence(at, at + 1, claim.text.strip()) for at, claim in enumerate(claims))


def _resting(claim: Claim, found: Sequence[Claim]) -> Claim:
    """A claim about statements, resting on what these rest on."""
    references = [one for reference in claim.references for one in _behind(reference, found)]
    return replace(claim, references=tuple(dict.fromkeys(references)))


def _behind(reference: Reference, found: Sequence[Claim]) -> tuple[Reference, ...]:
    """A reference to a statement that is not there stays one that cannot be verified."""
    if not 0 <= reference.first < reference.last <= len(found):
        return (Reference(-1, -1, -1, reference.quote),)
    return tuple(one for claim in found[reference.first : reference.last] for one in claim.references)


def _whole(results: Sequence[Result]) -> Result:
    """The last of them, truncated if any is."""
    cut_short = any(result.stop_reason is StopReason.TRUNCATED for result in results)
    return replace(results[-1], stop_reason=StopReason.TRUNCATED) if cut_short else results[-1]


def _together(one: Usage, other: Usage) -> Usage:
    return Usage(
        one.input_tokens + other.input_tokens,
        one.output_tokens + other.output_tokens,
        one.cache_read_tokens + other.cache_read_tokens,
        one.cache_write_tokens + other.cache_write_tokens,
    )


# Results that need no model to be put together.


def _listed(results: Sequence[Result]) -> tuple[Claim, ...]:
    """Each once, with all that it rests on."""
    listed: dict[tuple[str, str], Claim] = {}
    for claim in (claim for result in results for claim in result.claims):
        key = (claim.label, " ".join(claim.text.split()).casefold())
        known = listed.get(key)
        references = dict.fromkeys([*(known.references if known else ()), *claim.references])
        listed[key] = replace(known or claim, references=tuple(references))
    return tuple(listed.values())


def _by_day(results: Sequence[Result]) -> tuple[Claim, ...]:
    """As `_listed`, in the order of time; what has no day comes last."""
    return tuple(sorted(_listed(results), key=lambda claim: claim.label.partition(" ")[2] or "~"))


def _chosen_most(results: Sequence[Result]) -> tuple[Claim, ...]:
    """The label that most of the text was given, with the reasons of that portion which comes first."""
    votes = Counter(claim.label for result in results for claim in result.claims)
    best = votes.most_common(1)[0][0] if votes else ""
    return next((result.claims for result in results if any(claim.label == best for claim in result.claims)), ())


def _first_of_each(results: Sequence[Result]) -> tuple[Claim, ...]:
    """A value for each field: the first without a doubt, else the first."""
    values: dict[str, Claim] = {}
    for claim in (claim for result in results for claim in result.claims):
        if claim.label not in values or (values[claim.label].doubt and not claim.doubt):
            values[claim.label] = claim
    return tuple(values.values())


_JOIN: dict[Task, Callable[[Sequence[Result]], tuple[Claim, ...]]] = {
    Task.ENTITIES: _listed,
    Task.OBLIGATIONS: _listed,
    Task.DATES: _by_day,
    Task.CLASSIFY: _chosen_most,
    Task.EXTRACT: _first_of_each,
}
