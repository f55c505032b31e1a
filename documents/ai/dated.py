"""The days a text names, each as 2026-05-12 (or 2026-05, or 2026) with what stands around it."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.ai import entities, normal
from documents.ai.protocol import Reference, Source

_AROUND = 120
_MONTH_LEADS = re.compile(r"[^\W\d]{3,10}\.? \d")
_DAY_LEADS = re.compile(r"\d{1,2}\S{0,4} [^\W\d]{2,10}")
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
    text, starts = entities.lined(source)
    spans = [(start, end) for start, end, kind in entities.shaped(text) if kind == "date"]
    month_first = _is_month_first([text[start:end] for start, end in spans], text)
    return list(_told(number, source, text, starts, spans, month_first=month_first))


def _told(
    number: int,
    source: Source,
    text: str,
    starts: Sequence[int],
    spans: Sequence[tuple[int, int]],
    *,
    month_first: bool,
) -> Iterator[Day]:
    for start, end in spans:
        at = bisect_right(starts, start) - 1
        line_end = starts[at + 1] - 1 if at + 1 < len(starts) else len(text)
        day = normal.when(text[start:end], month_first=month_first)
        before, after = text[max(starts[at], start - _AROUND) : start], text[end : min(end + _AROUND, line_end)]
        reference = Reference(number, at, at + 1, source.sentences[at].text)
        if day:
            yield Day(day, text[start:end], start - starts[at], reference, before, after)


def _is_month_first(written: Sequence[str], text: str) -> bool:
    """Whether 3/4/2026 is the fourth of March: by dates that can be read in one way, by months in words, by firms."""
    for says in (normal.is_month_first, normal.is_day_first):
        if any(says(one) for one in written):
            return says is normal.is_month_first
    leading = sum(bool(_MONTH_LEADS.match(one)) for one in written)
    following = sum(bool(_DAY_LEADS.match(one)) for one in written)
    return leading > following or (leading == following and bool(_AMERICAN.search(text)))
