"""Finds the values of fields without a model that writes: the sentence most about a field that holds its type."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from documents.ai import entities, extracting, normal
from documents.ai.agreements import Agreement
from documents.ai.dated import Day
from documents.ai.extracting import Bags, Candidate, Matrix
from documents.ai.protocol import Claim, Field, Request, Sentence, Source
from documents.values import FieldType

# Below this (words and meaning together) a sentence is hardly about the field.
ENOUGH = 0.5
SHORTLIST = 40
# Looking for values costs a fifth of a millisecond a sentence: only those with the most words of the field are.
LOOKED_AT = 150
_LONGEST_TEXT = 160
_LABELLED = re.compile(r"^\s*([^:\n]{2,40}):\s+(\S.*)$")
# What a text field asks for, by its words; of several the first that a sentence names.
_KINDS = {
    "e-mail": ("mail",),
    "phone": ("phone", "fax"),
    "IBAN": ("iban", "account"),
    "web address": ("website", "url", "web address"),
    "percentage": ("percent",),
    "organisation": ("company", "organi", "firm", "party", "parties", "vendor", "supplier", "bank"),
    "person": ("person", "who", "manager", "director", "tenant", "author", "contact"),
}
_DENIES = re.compile(r"\b(?:not?|never|nicht|kein\w*|pas|sin)\b", re.IGNORECASE)
# From what is wanted and some texts to how alike they are.
Likeness = Callable[[str, Sequence[str]], Matrix]


def find(request: Request, candidates: Sequence[Candidate], likeness: Likeness) -> list[Claim]:
    """A claim for each field whose value was found, in the order of the fields."""
    search = _Search(candidates, Agreement(request.sources), likeness)
    found = (search.find(field) for field in request.fields)
    return [claim for claim in found if claim is not None]


@dataclass(frozen=True)
class _Search:
    """Sentences that may hold values, and what they say as a contract."""

    candidates: Sequence[Candidate]
    agreement: Agreement
    likeness: Likeness

    def find(self, field: Field) -> Claim | None:
        claim = self.agreement.claim(field)
        return claim if claim or self.agreement.knows(field) else self._find(field)

    def _find(self, field: Field) -> Claim | None:
        wanted = f"{field.name.replace('_', ' ')} {field.description}".strip()
        stems = extracting.stems(wanted)
        by_words = self._bags.overlap(stems)
        ranked = sorted(range(len(self.candidates)), key=lambda at: (-float(by_words[at]), at))[:LOOKED_AT]
        best = [at for at in ranked if self._has_value(field, self.candidates[at])][:SHORTLIST]
        if not best:
            return None
        scores = self.likeness(wanted, [self.candidates[at].text for at in best]) + by_words[best]
        at = int(scores.argmax())
        return self._claim(field, self.candidates[best[at]], float(scores[at]), set(stems))

    def _claim(self, field: Field, chosen: Candidate, score: float, stems: set[str]) -> Claim | None:
        if score < ENOUGH:
            return None
        is_choice = field.type is FieldType.CHOICE
        value = (
            _choice(field, chosen, self.likeness) if is_choice else _nearest(self._values(field, chosen), chosen, stems)
        )
        # A sentence may have been torn apart inside a date: the date stands in both parts.
        told = (day.reference for day in self._days_of(chosen) if day.day == value)
        cited = next(told, chosen.reference) if field.type is FieldType.DATE else chosen.reference
        return Claim(value + "\n", (cited,), label=field.name, score=round(min(score / 2, 1.0), 4))

    def _has_value(self, field: Field, candidate: Candidate) -> bool:
        return next(self._values(field, candidate), None) is not None

    def _values(self, field: Field, candidate: Candidate) -> Iterator[tuple[int, str]]:
        """What in a sentence may be the value, with where it begins."""
        match field.type:
            case FieldType.DATE:
                yield from ((day.at, day.day) for day in self._days_of(candidate))
            case FieldType.NUMBER:
                yield from _numbers(candidate.quote)
            case FieldType.BOOLEAN:
                yield 0, "no" if _DENIES.search(candidate.quote) else "yes"
            case FieldType.CHOICE:
                yield 0, ""
            case _:
                yield from _texts(field, candidate.quote)

    def _days_of(self, candidate: Candidate) -> list[Day]:
        return self._days.get((candidate.source, candidate.index), [])

    @cached_property
    def _bags(self) -> Bags:
        return Bags([one.text for one in self.candidates])

    @cached_property
    def _days(self) -> dict[tuple[int, int], list[Day]]:
        """The whole days that begin in each sentence of each source."""
        named: dict[tuple[int, int], list[Day]] = {}
        for day in self.agreement.days:
            if len(day.day) == len("2026-05-12"):
                named.setdefault((day.reference.source, day.reference.first), []).append(day)
        return named


# The number of a paragraph is no value in it.
_COUNTED = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,3}[.)]? +[^\W\d]")


def _numbers(sentence: str) -> Iterator[tuple[int, str]]:
    """Amounts and percentages before bare numbers; no part of a date."""
    named = [pair for kind in ("amount", "percentage") for pair in _named(kind, sentence)]
    dated = [range(start, start + len(text)) for start, text in _named("date", sentence)]
    bare = [
        (m.start(), m.group())
        for m in re.finditer(r"\d[\d.,'’]*", sentence)
        if m.start() or not _COUNTED.match(sentence)
    ]
    for start, text in named or bare:
        values = normal.numbers(text.rstrip(".,"))
        if values and not any(start in days for days in dated):
            yield start, f"{max(values).normalize():f}"


def _texts(field: Field, sentence: str) -> Iterator[tuple[int, str]]:
    """Something of the kind that is asked for, what stands behind a label, or the sentence itself."""
    asked = f"{field.name} {field.description}".lower()
    kinds = [kind for kind, words in _KINDS.items() if any(word in asked for word in words)]
    named = next((found for kind in kinds if (found := _named(kind, sentence))), [])
    labelled = _LABELLED.match(sentence)
    if named:
        yield from named
    elif labelled:
        yield labelled.start(2), labelled[2][:_LONGEST_TEXT]
    elif not kinds:
        yield 0, extracting.shortened(" ".join(sentence.split()))[:_LONGEST_TEXT]


def _named(kind: str, sentence: str) -> list[tuple[int, str]]:
    source = Source("", "", (Sentence(0, len(sentence), sentence),))
    found = [entity.text for entity in entities.find([source]) if entity.kind == kind]
    flat = " ".join(sentence.split())
    return sorted((max(flat.find(text), 0), text) for text in found)


def _nearest(values: Iterable[tuple[int, str]], chosen: Candidate, stems: set[str]) -> str:
    """The value that stands next after a word of the field, or the first."""
    flat = " ".join(chosen.quote.split())
    marks = [word.end() for word in re.finditer(r"\w+", flat) if stems & set(extracting.stems(word.group()))]
    found = list(values)
    after = [(start - mark, value) for start, value in found for mark in marks if start >= mark]
    return min(after)[1] if after else found[0][1]


def _choice(field: Field, chosen: Candidate, likeness: Likeness) -> str:
    named = next((choice for choice in field.choices if choice.lower() in chosen.text.lower()), None)
    if named is not None:
        return named
    return field.choices[int(likeness(chosen.text, [f"A {choice}." for choice in field.choices]).argmax())]
