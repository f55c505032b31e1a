"""An analysis as it is shown: its statements, each with numbered marks that lead to the words it rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from documents.ai.protocol import Task
from documents.models import Analysis, AnalysisStatus, Citation
from documents.web.reader import Cited, TextView

PROSE = (Task.SUMMARY, Task.INSTRUCTION)
LOCAL = "local"
CLAUDE = "claude"


@dataclass(frozen=True, slots=True)
class Quote:
    """The words a statement rests on. Not verified: no number, and it leads nowhere.

    `same` says that the statement itself is these words.
    `href` leads to the words; `leads` says that this is the first mark of its number, to which the words lead back.
    """

    number: int | None
    text: str
    page: int | None
    start: int
    same: bool = False
    href: str = ""
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim of an analysis; `score` is a percentage where the claim has one."""

    number: int
    text: str
    label: str
    score: int | None
    quotes: tuple[Quote, ...]
    doubt: str = ""

    @property
    def reason(self) -> str:
        """What the text says beyond the label."""
        return "" if _alike(self.text, self.label) else self.text

    @property
    def verified(self) -> bool:
        return any(quote.number for quote in self.quotes) and not self.doubt

    @property
    def marks(self) -> tuple[Quote, ...]:
        return tuple(quote for quote in self.quotes if quote.number)


@dataclass(frozen=True, slots=True)
class LabelledStatements:
    label: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class ResultView:
    """What an analysis says. `stale`: the document was read again since, so its marks lead nowhere."""

    shape: str
    statements: tuple[Statement, ...]
    cited: tuple[Cited, ...]
    stale: bool = False

    @property
    def verified(self) -> int:
        return sum(statement.verified for statement in self.statements)

    @property
    def by_label(self) -> tuple[LabelledStatements, ...]:
        """The statements under their labels, in the order the labels first appear."""
        order = {statement.label: place for place, statement in reversed(list(enumerate(self.statements)))}
        ordered = sorted(self.statements, key=lambda statement: order[statement.label])
        runs = groupby(ordered, key=lambda statement: statement.label)
        return tuple(LabelledStatements(label, tuple(run)) for label, run in runs)


def name(analysis: Analysis) -> str:
    """What was asked for: the recipe's name, or the person's own words."""
    return analysis.recipe.name if analysis.recipe else analysis.instruction or analysis.get_task_display()


def made_by(analysis: Analysis) -> str:
    """Who made it, in words."""
    if analysis.provider == LOCAL:
        return f"Chosen on this machine by the built-in provider ({LOCAL}, {analysis.model})"
    return f"Written by {'Claude' if analysis.provider == CLAUDE else analysis.provider} ({analysis.model})"


def view(analysis: Analysis, citations: Sequence[Citation], content_sha256: str) -> ResultView | None:
    """What a finished analysis shows; None before it is done."""
    if analysis.status != AnalysisStatus.DONE:
        return None
    stale = analysis.text_sha256 != content_sha256
    claims = (analysis.result or {}).get("claims", [])
    numbers = {} if stale else _numbers(claims, {citation.ordinal: citation for citation in citations})
    statements = _statements(claims, {citation.ordinal: citation for citation in citations}, numbers)
    return ResultView(_shape(analysis), statements, _cited(citations, numbers), stale)


def link(result: ResultView, text: TextView, analysis: Analysis) -> ResultView:
    """The result with every mark leading to its words, in the part of the text on the page or in another one."""
    seen: set[int] = set()

    def linked(quote: Quote) -> Quote:
        if quote.number is None:
            return quote
        leads = quote.number not in seen
        seen.add(quote.number)
        part = text.part_of(quote.start)
        elsewhere = "" if part == text.part else f"?analysis={analysis.pk}&part={part}"
        return replace(quote, href=f"{elsewhere}#cite-{quote.number}", leads=leads)

    statements = (
        replace(statement, quotes=tuple(linked(quote) for quote in statement.quotes)) for statement in result.statements
    )
    return replace(result, statements=tuple(statements))


def _shape(analysis: Analysis) -> str:
    if analysis.task in PROSE:
        return "prose"
    return {Task.ENTITIES: "labelled", Task.EXTRACT: "labelled", Task.CLASSIFY: "classes"}.get(
        Task(analysis.task), "list"
    )


def _numbers(claims: Iterable[dict[str, Any]], citations: dict[int, Citation]) -> dict[int, int]:
    """The number of each verified citation's mark, from 1 as they come; the same words share one."""
    numbers: dict[int, int] = {}
    by_words: dict[tuple[int | None, int | None], int] = {}
    for ordinal in (ordinal for claim in claims for ordinal in claim["citations"]):
        citation = citations.get(ordinal)
        if citation is not None and citation.verified:
            numbers[ordinal] = by_words.setdefault((citation.start, citation.end), len(by_words) + 1)
    return numbers


def _statements(
    claims: list[dict[str, Any]], citations: dict[int, Citation], numbers: dict[int, int]
) -> tuple[Statement, ...]:
    return tuple(
        Statement(
            number=number,
            text=claim["text"].strip(),
            label=claim.get("label", ""),
            score=None if claim.get("score") is None else round(100 * claim["score"]),
            quotes=tuple(
                _quote(citations[ordinal], numbers.get(ordinal), claim["text"])
                for ordinal in dict.fromkeys(claim["citations"])
                if ordinal in citations
            ),
            doubt=claim.get("doubt", ""),
        )
        for number, claim in enumerate(claims, start=1)
        if claim["text"].strip() or claim.get("label")
    )


def _quote(citation: Citation, number: int | None, statement: str) -> Quote:
    same = _alike(citation.quote, statement)
    return Quote(number, citation.quote, citation.page, citation.start or 0, same)


def _alike(one: str, other: str) -> bool:
    """The same letters and digits."""
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _cited(citations: Iterable[Citation], numbers: dict[int, int]) -> tuple[Cited, ...]:
    found = {
        Cited(numbers[citation.ordinal], citation.start, citation.end)
        for citation in citations
        if citation.ordinal in numbers and citation.start is not None and citation.end is not None
    }
    return tuple(sorted(found, key=lambda one: one.number))
