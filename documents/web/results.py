"""An analysis as it is shown: its statements, each with numbered marks that lead to the words it rests on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from documents.models import Analysis, AnalysisStatus, Citation, Message
from documents.values import Field, Task
from documents.web import field_rows, typed
from documents.web.reader import WHOLE_TEXT_CHARACTERS, Cited
from documents.web.statements import (
    FieldView,
    LabelledStatements,
    Quote,
    Statement,
    Timeline,
    alike,
    by_field,
    by_label,
    timeline,
)

SHAPES = {
    Task.SUMMARY: "prose",
    Task.INSTRUCTION: "prose",
    Task.TRANSLATION: "prose",
    Task.ENTITIES: "names",
    Task.CLASSIFY: "classes",
    Task.EXTRACT: "fields",
    Task.DATES: "timeline",
    Task.OBLIGATIONS: "duties",
}
FAR_CHARACTERS = WHOLE_TEXT_CHARACTERS // 2
LOCAL = "local"
CLAUDE = "claude"

# The number of the mark at these words.
Numbers = dict[tuple[int | None, int | None], int]


class Parted(Protocol):
    """A document as it is laid out, one part of it at a time."""

    @property
    def part(self) -> int: ...

    def part_of(self, offset: int) -> int:
        """The part in which a character stands."""


@dataclass(frozen=True, slots=True)
class ResultView:
    """What an analysis says. `stale`: the document was read again since, so its marks lead nowhere.

    `fields` are the values that were asked for, if any were.
    """

    shape: str
    statements: tuple[Statement, ...]
    cited: tuple[Cited, ...]
    stale: bool = False
    fields: tuple[Field, ...] = ()

    @property
    def verified(self) -> int:
        return sum(statement.verified for statement in self.statements)

    @property
    def by_label(self) -> tuple[LabelledStatements, ...]:
        return by_label(self.statements)

    @property
    def by_field(self) -> tuple[FieldView, ...]:
        return by_field(self.fields, self.statements)

    @property
    def timeline(self) -> Timeline:
        return timeline(self.statements)


def name(analysis: Analysis) -> str:
    """What was asked for: the recipe's name, or the person's own words."""
    if analysis.recipe:
        return analysis.recipe.name
    return analysis.instruction or ("Values" if analysis.task == Task.EXTRACT else analysis.get_task_display())


def made_by(made: Analysis | Message) -> str:
    """Who made it, in words."""
    if made.provider == LOCAL:
        return f"Chosen on this machine by the built-in provider ({LOCAL}, {made.model})"
    return f"Written by {'Claude' if made.provider == CLAUDE else made.provider} ({made.model})"


def view(
    analysis: Analysis,
    citations: Iterable[Citation],
    content_sha256: str,
    *,
    most: int | None = None,
    known: Numbers | None = None,
) -> ResultView | None:
    """What a finished analysis shows, or only the first statements of it; None before it is done. Its marks count on
    from those `known`, to which they are added."""
    if analysis.status != AnalysisStatus.DONE:
        return None
    stale = analysis.text_sha256 != content_sha256
    by_ordinal = {citation.ordinal: citation for citation in citations}
    fields = fields_of(analysis)
    claims = _in_order(claims_of(analysis)[:most], fields)
    numbers = {} if stale else _numbers(claims, by_ordinal, {} if known is None else known)
    statements = _statements(claims, by_ordinal, numbers, fields)
    return ResultView(shape(analysis), statements, _cited(by_ordinal.values(), numbers), stale, fields)


def fields_of(analysis: Analysis) -> tuple[Field, ...]:
    """The values that were asked for, in their order."""
    return field_rows.in_order(analysis.schema) if analysis.task == Task.EXTRACT else ()


def _in_order(claims: list[dict[str, Any]], fields: Sequence[Field]) -> list[dict[str, Any]]:
    """Values in the order of their fields, so that their marks count on."""
    places = {field.name: place for place, field in enumerate(fields)}
    return sorted(claims, key=lambda claim: places.get(claim.get("label", ""), 0))


def claims_of(analysis: Analysis) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = (analysis.result or {}).get("claims", [])
    return claims


def link(result: ResultView, text: Parted, query: str, seen: set[int | None] | None = None) -> ResultView:
    """The result with every mark leading to its words, in the part of the text on the page or in another one, where
    `query` shows the same result. Words lead back to the first mark of their number that was not `seen` before."""
    seen = set() if seen is None else seen

    def linked(quote: Quote) -> Quote:
        leads = quote.number not in seen
        seen.add(quote.number)
        part = text.part_of(quote.start)
        elsewhere = "" if part == text.part else f"?{query}&part={part}"
        return replace(quote, href=f"{elsewhere}#cite-{quote.number}", leads=leads)

    return _with_marks(result, linked)


def lead(result: ResultView, address: str) -> ResultView:
    """The result with every mark leading to its words in the reader, which shows the analysis at this address."""

    def linked(quote: Quote) -> Quote:
        # Far into a text, the words also say which part of it to open.
        at = f"&at={quote.start}-{quote.start + len(quote.text)}" if quote.start > FAR_CHARACTERS else ""
        return replace(quote, href=f"{address}{at}#cite-{quote.number}")

    return _with_marks(result, linked)


def _with_marks(result: ResultView, linked: Callable[[Quote], Quote]) -> ResultView:
    statements = (
        replace(one, quotes=tuple(linked(quote) if quote.number else quote for quote in one.quotes))
        for one in result.statements
    )
    return replace(result, statements=tuple(statements))


def shape(analysis: Analysis) -> str:
    """How its result is set."""
    return SHAPES.get(Task(analysis.task), "list")


def _numbers(claims: Iterable[dict[str, Any]], citations: dict[int, Citation], known: Numbers) -> dict[int, int]:
    """The number of each verified citation's mark, on from those known as they come; the same words share one."""
    numbers: dict[int, int] = {}
    for ordinal in (ordinal for claim in claims for ordinal in claim["citations"]):
        citation = citations.get(ordinal)
        if citation is not None and citation.verified:
            numbers[ordinal] = known.setdefault((citation.start, citation.end), len(known) + 1)
    return numbers


def _statements(
    claims: list[dict[str, Any]], citations: dict[int, Citation], numbers: dict[int, int], fields: Sequence[Field]
) -> tuple[Statement, ...]:
    types = {field.name: field for field in fields}
    return tuple(
        Statement(
            number=number,
            text=_text(claim, types),
            label=claim.get("label", ""),
            score=None if claim.get("score") is None else round(100 * claim["score"]),
            quotes=_quotes(claim, citations, numbers),
            doubt=claim.get("doubt", ""),
        )
        for number, claim in enumerate(claims, start=1)
        if claim["text"].strip() or claim.get("label")
    )


def _text(claim: dict[str, Any], types: dict[str, Field]) -> str:
    text: str = claim["text"].strip()
    field = types.get(claim.get("label", ""))
    return typed.value(field, text) if field else text


def _quotes(claim: dict[str, Any], citations: dict[int, Citation], numbers: dict[int, int]) -> tuple[Quote, ...]:
    ordinals = (ordinal for ordinal in dict.fromkeys(claim["citations"]) if ordinal in citations)
    return tuple(_quote(citations[ordinal], numbers.get(ordinal), claim["text"]) for ordinal in ordinals)


def _quote(citation: Citation, number: int | None, statement: str) -> Quote:
    same = alike(citation.quote, statement)
    return Quote(number, citation.quote, citation.page, citation.start or 0, same)


def _cited(citations: Iterable[Citation], numbers: dict[int, int]) -> tuple[Cited, ...]:
    found = {
        Cited(numbers[citation.ordinal], citation.start, citation.end)
        for citation in citations
        if citation.ordinal in numbers and citation.start is not None and citation.end is not None
    }
    return tuple(sorted(found, key=lambda one: one.number))
