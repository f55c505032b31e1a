"""What happens when, and by when something is due: each dated statement of a text, in the order of time."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from documents.ai import dated, extracting
from documents.ai.dated import Day
from documents.ai.protocol import Claim, Reference, Source

MOST_DATES, MOST_PLACES = 60, 5
# A list of a thousand days is one sentence to a machine, and says nothing about any of them.
MOST_IN_A_SENTENCE = 12
DATE, DEADLINE = "date", "deadline"
_SHORTEST_TELLING = 12

_LIMIT = re.compile(
    r"\b(?:no later than|not later than|at the latest|until|till|before(?= [\w€$])|due|deadlines?"
    r"|expir\w{1,6}|terminat\w{1,6}"
    r"|last day|at least \w{1,12} (?:days|weeks|months) before|shall|must|ha(?:s|ve) to|required to"
    r"|bis|spätestens|fällig|Fälligkeit|Frist\w{0,10}|läuft \w{1,10} ab|muss|müssen"
    r"|jusqu[’']?\w{0,4}|avant le|au plus tard|échéance|doit|doivent|expire"
    r"|hasta|antes del?|a más tardar|vence|vencimiento|plazo|deberá\w{0,2}|debe)\b",
    re.IGNORECASE,
)
# "By" is a limit only right before a day: "by 12 May", not "signed by".
_BY = re.compile(
    r"\bby (?:the )?(?:close|end|noon|midnight)?(?: of)? ?"
    r"(?:\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6}\b)"
)
_MADE = re.compile(
    r"\b(?:dated|made|signed|entered into|executed|as of|effective|geschlossen|unterzeichnet|signé|firmado)"
    r"(?: (?:as|of|on|the|this|am|vom|le|el)){0,3} ?\Z"
)
_CLAUSE_END = re.compile(r"\b(?:and|et|und|y)\b|[;.]")
_NUMBER = (
    r"(?:\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|thirty|sixty|ninety)"
)
_PERIOD = re.compile(
    rf"\b(?:within|not later than|no later than|at least) (?:(?:a|the) period of )?{_NUMBER}(?: ?\(\d{{1,4}}\))?"
    r" (?:business |working |calendar |banking )?(?:hour|day|week|month|year)s?\b"
    r"|\binnerhalb (?:von |einer Frist von )?\w{1,12} (?:Stunden?|Tage[ns]?|Wochen?|Monate?[ns]?|Jahre[ns]?)\b"
    r"|\bbinnen \w{1,12} (?:Stunden?|Tage[ns]?|Wochen?|Monate?[ns]?)\b"
    r"|\bdans (?:un délai de |les )?\w{1,12} (?:heures?|jours?|semaines?|mois)\b"
    r"|\b(?:dentro de|en) (?:un plazo de |los )?\w{1,12} (?:horas?|días?|semanas?|meses)\b",
    re.IGNORECASE,
)


def dates(sources: Sequence[Source]) -> list[Claim]:
    """A claim for each day a statement names, those without a fixed day last; labelled as the protocol says."""
    found = _each_once([*_on_days(sources), *_within_periods(sources)])
    most_telling = sorted(range(len(found)), key=lambda at: (not found[at].label.startswith(DEADLINE), at))
    kept = [found[at] for at in sorted(most_telling[:MOST_DATES])]
    return sorted(kept, key=lambda claim: _sortable(claim.label))


def _each_once(claims: Sequence[Claim]) -> list[Claim]:
    """A line that stands on every page is one statement, resting on the first places where it stands."""
    once: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        known = once.setdefault((claim.label, claim.text), claim)
        if known is not claim and len(known.references) < MOST_PLACES:
            references = dict.fromkeys([*known.references, *claim.references])
            once[claim.label, claim.text] = replace(known, references=tuple(references))
    return list(once.values())


def _sortable(label: str) -> str:
    """A month comes before its days, a year before its months; no day at all after them."""
    return label.partition(" ")[2] or "~"


def _on_days(sources: Sequence[Source]) -> Iterator[Claim]:
    for number, source in enumerate(sources):
        told: Counter[int] = Counter()
        for found in dated.days(number, source):
            told[found.reference.first] += 1
            if told[found.reference.first] <= MOST_IN_A_SENTENCE and _tells(found.reference.quote, found.day):
                yield _claim(found.reference, f"{_kind(found)} {found.day}")


def _kind(found: Day) -> str:
    """By the words next to the day: a long sentence has a "shall" somewhere."""
    around = found.before + found.text + _CLAUSE_END.split(found.after)[0]
    is_limit = (_LIMIT.search(around) or _BY.search(around)) and not _MADE.search(found.before)
    return DEADLINE if is_limit else DATE


def _tells(sentence: str, day: str) -> bool:
    """A bare year is worth a line only where something is said of it; a lone date says nothing."""
    if len(day) == len("2026"):
        return extracting.is_statement(" ".join(sentence.split()))
    return len(sentence.strip()) >= _SHORTEST_TELLING


def _within_periods(sources: Sequence[Source]) -> Iterator[Claim]:
    for candidate in extracting.legible(sources):
        if _PERIOD.search(candidate.text) and extracting.is_statement(candidate.text):
            yield _claim(candidate.reference, DEADLINE)


def _claim(reference: Reference, label: str) -> Claim:
    text = extracting.shortened(extracting.on_one_line(reference.quote))
    return Claim(text + "\n", (reference,), label=label)
