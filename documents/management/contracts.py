"""In how many of judged contracts the built-in provider finds the parties and the dates that lawyers marked."""

import re
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson

from documents.ai import normal
from documents.ai.local import Local
from documents.ai.protocol import Claim, Embedder, Field, Request, Sentence, Source, Task
from documents.reading import passages, plain_text
from documents.values import FieldType

HITS = (
    "A party is found when a person or organisation named has its letters and digits, case and signs aside, or one "
    "stands in the other as whole words, two at least. Parties are the spans marked as such but for defined terms, "
    "which the lawyers' answer has in quotation marks. A date is found when a date or deadline has that very day, by "
    "the answer or the words marked; an expiration date counts only where its words have it."
)
PARTIES, AGREED, EXPIRES = "Parties", "Agreement Date", "Expiration Date"
DATED = (AGREED, "Effective Date", EXPIRES)
PARTY_KINDS = ("organisation", "person")
FIELDS = (Field("party"), Field("agreement_date", FieldType.DATE))
_QUOTE = "\"“”'‘’ʺ"
_MARKS = '"“”ʺ'
Clause = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """For each party that is named, and each date that is given, whether it was found; the same of typed fields."""

    parties: list[bool]
    dates: list[bool]
    party_field: list[bool]
    date_field: list[bool]
    names: int


def place(folder: Path, split: str) -> Path | None:
    """The folder with the contracts of the split, if there are any."""
    return next((one for one in (folder / split, folder) if (one / "contracts.jsonl").is_file()), None)


def figures(folder: Path, embedder: Embedder, limit: int = 0) -> dict[str, Any]:
    contracts = [orjson.loads(line) for line in (folder / "contracts.jsonl").open("rb")][: limit or None]
    provider = Local(embedder)
    begun = perf_counter()
    judged = [_judged(one["clauses"], _source(folder / one["txt"]), provider) for one in contracts]
    return {
        "contracts": len(contracts),
        **_shares("parties", any_of="a_party_found", all_of="all_parties_found", hits=[one.parties for one in judged]),
        **_shares("dates", any_of="a_date_found", all_of="all_dates_found", hits=[one.dates for one in judged]),
        "party_field_right": _share(any, [one.party_field for one in judged]),
        "agreement_date_field_right": _share(any, [one.date_field for one in judged]),
        "median_names_a_contract": statistics.median(one.names for one in judged),
        "seconds_a_contract": round((perf_counter() - begun) / len(contracts), 3),
    }


def _shares(what: str, *, any_of: str, all_of: str, hits: list[list[bool]]) -> dict[str, Any]:
    return {
        f"contracts_with_{what}": sum(bool(one) for one in hits),
        any_of: _share(any, hits),
        all_of: _share(all, hits),
    }


def _share(enough: Callable[[Iterable[bool]], bool], hits: Sequence[Sequence[bool]]) -> float | None:
    counted = [one for one in hits if one]
    return round(sum(enough(one) for one in counted) / len(counted), 4) if counted else None


def _source(path: Path) -> Source:
    structured = plain_text.structure(path.read_text())
    spans = passages.sentences(structured)
    return Source(path.stem, "", tuple(Sentence(s.start, s.end, structured.text[s.start : s.end]) for s in spans))


def _judged(clauses: Mapping[str, Clause], source: Source, provider: Local) -> Judged:
    def found(task: Task) -> tuple[Claim, ...]:
        return provider.complete(Request(task, (source,), provider.default_model, 4_096, fields=FIELDS)).claims

    names = [_bare(claim.text) for claim in found(Task.ENTITIES) if claim.label in PARTY_KINDS]
    days = {claim.label.rpartition(" ")[2] for claim in found(Task.DATES)}
    values = {claim.label: claim.text.strip() for claim in found(Task.EXTRACT)}
    parties, agreed = _parties(clauses[PARTIES]), _days(AGREED, clauses[AGREED])
    return Judged(
        parties=[_is_named(party, names) for party in parties],
        dates=[_is_given(one, days) for name in DATED if (one := _days(name, clauses[name]))],
        party_field=[_is_named(party, [_bare(values.get(FIELDS[0].name, ""))]) for party in parties],
        date_field=[_is_given(agreed, {values.get(FIELDS[1].name, "")})] if agreed else [],
        names=len(names),
    )


def _is_named(party: str, names: Sequence[str]) -> bool:
    return any(party == name or _within(name, party) or _within(party, name) for name in names)


def _within(one: str, other: str) -> bool:
    """Whether it stands there as whole words, two at least."""
    return " " in one and f" {one} " in f" {other} "


def _is_given(days: set[date], found: set[str]) -> bool:
    return any(day.isoformat() in found for day in days)


def _parties(clause: Clause) -> list[str]:
    terms = {_bare(term) for term in re.findall(rf"[{_QUOTE}]([^{_MARKS}]{{1,80}})[{_QUOTE}]", clause["answer"])}
    spans = [span["text"] for span in clause["spans"] if not re.search(f"[{_MARKS}]", span["text"])]
    return [bare for text in spans if (bare := _bare(text)) and bare not in terms]


def _days(name: str, clause: Clause) -> set[date]:
    """The day the clause gives, in the ways it can be read."""
    marked = {day for span in clause["spans"] for day in normal.dates(span["text"])}
    noted = _noted(clause["answer"])
    if noted in marked or name == EXPIRES:
        return {noted} & marked if noted else set()
    return marked | ({noted} if noted else set())


def _noted(answer: str) -> date | None:
    """The answer as a day: lawyers note 5/12/26 for the twelfth of May."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})", answer.strip())
    if not found:
        return None
    month, day, year = (int(part) for part in found.groups())
    century = 0 if year > 99 else 1900 if year > 50 else 2000
    try:
        return date(century + year, month, day)
    except ValueError:
        return None


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()
