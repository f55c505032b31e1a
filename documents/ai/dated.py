"""The days a text names, each as 2026-05-12 (or 2026-05, or 2026) with what stands around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.ai import entities, lines, normal
from documents.ai.lines import Lines
from documents.ai.protocol import Reference, Source

_AROUND = 120
_MONTH_LEADS = re.compile(r"[^\W\d]{3,10}\.? \d")
_DAY_LEADS = re.compile(r"\d{1,2}\S{0,4} [^\W\d]{2,10}")
# "On 1 April and 1 May 2026", "from 3 March to 18 May 2025": the year is said once.
_PAIRED = re.compile(r"(?:,| (?:and|or|to|until|till|und|oder|bis(?: zum)?|et|ou|au|y|o|al?)| ?[–-]) ?(?:the )?")
_YEAR = re.compile(r"\b\d{4}\b")
_AMERICAN = re.compile(r"\b(?:LLC|L\.L\.C|Inc|INC|Corp|CORP|Delaware|U\.S)\b")


@dataclass(frozen=True, slots=True)
class Day:
    """A day as far as it is told, as it is written, where its sentence has it, and the words next to it."""

    day: str
    text: str
    at: int
    reference: Reference
    before: str
    after: str


def days(number: int, source: Source) -> list[Day]:
    """In the order of the source."""
    read = lines.of(number, source)
    spans = [(start, end) for start, end, kind in entities.shaped(read.text) if kind == "date"]
    month_first = _is_month_first([read.text[start:end] for start, end in spans], read.text)
    return list(_told(read, spans, month_first=month_first))


def _told(read: Lines, spans: Sequence[tuple[int, int]], *, month_first: bool) -> Iterator[Day]:
    for (start, end), following in zip(spans, [*spans, None][1:], strict=True):
        written = read.text[start:end]
        day = normal.when(written, month_first=month_first)
        if not day and following and _PAIRED.fullmatch(read.text[end : following[0]]):
            year = _YEAR.search(read.text[slice(*following)])
            day = normal.when(f"{written} {year[0]}", month_first=month_first) if year else ""
        if day:
            before, after = read.around(start, end, _AROUND)
            yield Day(day, written, read.place(start), read.reference(start, end), before, after)


def _is_month_first(written: Sequence[str], text: str) -> bool:
    """Whether 3/4/2026 is the fourth of March: by dates that can be read in one way, by months in words, by firms."""
    for says in (normal.is_month_first, normal.is_day_first):
        if any(says(one) for one in written):
            return says is normal.is_month_first
    leading = sum(bool(_MONTH_LEADS.match(one)) for one in written)
    following = sum(bool(_DAY_LEADS.match(one)) for one in written)
    return leading > following or (leading == following and bool(_AMERICAN.search(text)))
