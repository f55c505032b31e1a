"""What a contract says of itself: who makes it, since when it is made and holds, and when it ends."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from documents.ai import dated, extracting, firms, lines, parties
from documents.ai.dated import Day
from documents.ai.parties import Party
from documents.ai.protocol import Claim, Field, Reference, Source
from documents.values import FieldType

_ALL_PARTIES = re.compile(r"\b(?:parties|vertragsparteien|parteien|signator\w{1,4}|partes)\b", re.IGNORECASE)
_ONE_PARTY = re.compile(
    r"\b(?:(?P<second>second|other|counter|party (?:b|2|two)|zweite)|(?:first |party (?:a|1|one)\b|erste )?)[ -]{0,2}"
    r"(?:contract(?:ing)? )?(?:part(?:y|ei|ie|e)|vertragspart(?:ei|ner)|counterparty)\b",
    re.IGNORECASE,
)
_PAPER = r"(?:agreement|contract|lease|deed|document|vertrag\w{0,2}|contrat\w{0,2}|contrato)"
# What the name of a field asks for, and by what a sentence says it; the first that fits.
_ASKED = (
    ("expires", re.compile(r"expir|\bend\b|\bends\b|terminat|ablauf|vertragsende|vencimiento|échéance", re.IGNORECASE)),
    ("holds", re.compile(r"effective|commenc|\bstart|beginn|in ?kraft|prise d.effet|entrada en vigor", re.IGNORECASE)),
    (
        "made",
        re.compile(
            rf"{_PAPER}[ _]?(?:date|datum)|date of (?:the |this )?(?:{_PAPER}|sign|execut)|\bsign(?:ed|ing|ature)"
            r"|execut|vertragsdatum|vertragsschluss|unterzeichn|date du contrat|fecha del? contrato",
            re.IGNORECASE,
        ),
    ),
)
# Says so right before the day.
_SAYS = {
    "expires": re.compile(
        r"(?:expir\w{0,6}|terminat\w{0,5}|\bends?|endet|until|through|\bbis|läuft|vence|hasta|jusqu)[^.;\d]{0,25}\Z"
        r"|\b(?:from|von|du|del) [^.;]{4,40} (?:to|bis|au|al) (?:zum )?\Z",
        re.IGNORECASE,
    ),
    "holds": re.compile(
        r"(?:effective|commenc\w{0,5}|begin\w{0,5}|starts?|in force|\bfrom|beginnt|\bab|effet|vigor|desde)"
        r"[^.;\d]{0,25}\Z",
        re.IGNORECASE,
    ),
    "made": re.compile(
        r"(?:dated|\bmade|entered into|executed|signed|as of|\bthis|date|geschlossen|unterzeichnet|signé|conclu"
        r"|firmado)\b[^.;\d]{0,25}\Z|\bfait à [^.;\d]{2,40}\Z|\ben \w{2,30}, a \Z|, den \Z",
        re.IGNORECASE,
    ),
}
_NAMES_ITSELF = {
    "expires": re.compile(r"[\"“](?:Expiration|Expiry|Termination|End) Date", re.IGNORECASE),
    "holds": re.compile(r"[\"“](?:Effective|Commencement|Start) ?Date", re.IGNORECASE),
    "made": re.compile(r"[\"“](?:Agreement|Contract|Execution|Signing|Signature|Effective) ?Date", re.IGNORECASE),
}
# In German the verb comes last.
_SAYS_AFTER = re.compile(r"\A[^.;]{0,60}\b(?:ab)?(?:geschlossen|unterzeichnet|unterschrieben)\b")
_ANOTHER = re.compile(rf"\b(?:certain|the|that|an?|under) [^.]{{0,60}}{_PAPER}\b[^.]{{0,30}}dated(?: as of)? ?\Z", re.I)
_IS_PAPER = re.compile(_PAPER, re.IGNORECASE)
_FIRM = re.compile(firms.WITH_FORM)
_FIRST_SENTENCES, _MOST_FIRMS = 12, 12
# Below this a date is hardly the one asked for: fitted by eye to judged contracts, where right and wrong lie apart.
_ENOUGH = {"expires": 1.4, "holds": 1.5, "made": 2.2}


@dataclass(frozen=True)
class Agreement:
    """Sources, read as contracts; what is not asked for is not looked for."""

    sources: Sequence[Source]

    def claim(self, field: Field) -> Claim | None:
        """The value of a field that asks for a party or a date of the contract, if it is told."""
        match field.type:
            case FieldType.TEXT:
                return self._party_claim(field)
            case FieldType.DATE:
                return self._date_claim(field)
            case _:
                return None

    def knows(self, field: Field) -> bool:
        """Whether no other date will do: the sources are contracts, and one of their own dates is asked for."""
        return field.type is FieldType.DATE and bool(_kind(field)) and any(map(_is_contract, self.sources))

    def _party_claim(self, field: Field) -> Claim | None:
        chosen = _called(self._parties, field.name) or _asked_for(self._parties, _asked(field))
        if not chosen:
            return None
        references = tuple(dict.fromkeys(reference for _, reference in chosen))
        return Claim("; ".join(party.name for party, _ in chosen) + "\n", references, label=field.name, score=0.9)

    def _date_claim(self, field: Field) -> Claim | None:
        wanted = _kind(field)
        days = [day for day in self.days if len(day.day) == len("2026-05-12")] if wanted else []
        if not days:
            return None
        scores = [self._fits(wanted, day) for day in days]
        best = max(range(len(days)), key=scores.__getitem__)
        if scores[best] < _ENOUGH[wanted]:
            return None
        score = round(min(scores[best] / 4, 1.0), 4)
        return Claim(days[best].day + "\n", (days[best].reference,), label=field.name, score=score)

    def _fits(self, wanted: str, day: Day) -> float:
        """How much the words about a day say that it is the one wanted."""
        near = day.before[-60:]
        says = _SAYS[wanted].search(near) or (wanted == "made" and _SAYS_AFTER.match(day.after))
        score = 1.5 * bool(says) + 1.0 * bool(_NAMES_ITSELF[wanted].search(day.after[:60]))
        score += 0.3 * bool(_IS_PAPER.search(day.before)) - 1.0 * bool(_ANOTHER.search(day.before))
        if wanted != "expires":
            score += math.exp(-day.reference.first / 20) + 1.0 * (day.reference in self._places)
        return score

    @cached_property
    def _parties(self) -> list[tuple[Party, Reference]]:
        return [found for number, source in enumerate(self.sources) for found in _of(number, source)]

    @cached_property
    def _places(self) -> set[Reference]:
        """The sentences that name the parties."""
        return {reference for _, reference in self._parties}

    @cached_property
    def days(self) -> list[Day]:
        return [day for number, source in enumerate(self.sources) for day in dated.days(number, source)]


def _asked(field: Field) -> str:
    return f"{field.name.replace('_', ' ')} {field.description}".strip()


def _kind(field: Field) -> str:
    """Which of a contract's dates is asked for, if one is."""
    return next((kind for kind, pattern in _ASKED if pattern.search(_asked(field))), "")


def _is_contract(source: Source) -> bool:
    return any(_IS_PAPER.search(sentence.text) for sentence in source.sentences[:_FIRST_SENTENCES])


def _of(number: int, source: Source) -> list[tuple[Party, Reference]]:
    """The parties of a source; of a contract that says "the undersigned", the firms named."""
    read = lines.of(number, source)
    named = parties.find(read.text) or (_firms(read.text) if _is_contract(source) else [])
    return [(party, read.reference(party.start, party.end)) for party in named]


def _firms(text: str) -> list[Party]:
    once: dict[str, Party] = {}
    for found in _FIRM.finditer(text):
        once.setdefault(found.group().casefold(), Party(*found.span(), found.group(), "organisation"))
    return list(islice(once.values(), _MOST_FIRMS))


def _called(known: Sequence[tuple[Party, Reference]], name: str) -> list[tuple[Party, Reference]]:
    """The party that the contract calls as the field is called: "tenant", "tenant_name"."""
    asked = set(extracting.stems(name.replace("_", " ")))
    return [one for one in known if any(asked & set(extracting.stems(role)) for role in one[0].roles)][:1]


def _asked_for(known: Sequence[tuple[Party, Reference]], asked: str) -> list[tuple[Party, Reference]]:
    if _ALL_PARTIES.search(asked):
        return list(known)
    one = _ONE_PARTY.search(asked)
    if not one:
        return []
    return list(known[1:2] if one["second"] else known[:1])
