"""Holds what a model cites against the stored text. What does not stand there is kept, marked, and links nowhere."""

from collections.abc import Sequence
from functools import cached_property

from documents.ai.matching import Matched, same
from documents.ai.protocol import Reference, Result, Source
from documents.values import CheckedCitation, CheckedClaim, CheckedResult, Span

PARTLY_MADE_UP = "One of the quotes given for it does not stand in the text."


def check(result: Result, sources: tuple[Source, ...], texts: Sequence[str]) -> CheckedResult:
    """The answer with each reference verified or not; `texts` are the stored texts of the sources, in their order.

    Claims stay one to one and in order. Citations of the same place are one.
    """
    stored = [_Stored(source, text) for source, text in zip(sources, texts, strict=True)]
    found: dict[CheckedCitation, int] = {}
    claims = []
    for claim in result.claims:
        citations = [_checked(reference, stored) for reference in claim.references]
        indexes = [found.setdefault(citation, len(found)) for citation in citations]
        doubt = claim.doubt or _doubt(citations)
        claims.append(CheckedClaim(claim.text, tuple(dict.fromkeys(indexes)), claim.label, claim.score, doubt))
    return CheckedResult(text=result.text, claims=tuple(claims), citations=tuple(found))


def _doubt(citations: Sequence[CheckedCitation]) -> str:
    """A made-up quote beside a true one makes the statement doubtful: nobody can tell which part rests on which."""
    verified = sum(citation.verified for citation in citations)
    return PARTLY_MADE_UP if 0 < verified < len(citations) else ""


class _Stored:
    """A source and the text it was made from."""

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.text = text

    def find(self, reference: Reference) -> Span | None:
        """The sentences named, if they are the quote; else the quote inside them; else inside the source."""
        named = self._span(reference.first, reference.last)
        if named is None:
            return self._find_anywhere(reference.quote)
        words = self.text[named.start : named.end]
        if reference.quote.strip() and same(words, reference.quote):
            return named
        return _within(Matched(words), named.start, reference.quote) or self._find_anywhere(reference.quote)

    def _span(self, first: int, last: int) -> Span | None:
        if not 0 <= first < last <= len(self.source.sentences):
            return None
        span = Span(self.source.sentences[first].start, self.source.sentences[last - 1].end)
        return span if 0 <= span.start < span.end <= len(self.text) else None

    def _find_anywhere(self, quote: str) -> Span | None:
        start, shown = self._shown
        return _within(shown, start, quote)

    @cached_property
    def _shown(self) -> tuple[int, Matched]:
        """The stretch of text the source was cut from, and where it begins."""
        whole = self._span(0, len(self.source.sentences)) or Span(0, 0)
        return whole.start, Matched(self.text[whole.start : whole.end])


def _within(words: Matched, offset: int, quote: str) -> Span | None:
    span = words.find(quote)
    return span and Span(offset + span.start, offset + span.end)


def _checked(reference: Reference, stored: Sequence[_Stored]) -> CheckedCitation:
    """A verified citation quotes the stored words themselves; an unverified one what the model said."""
    in_range = 0 <= reference.source < len(stored)
    span = stored[reference.source].find(reference) if in_range else None
    if span is None:
        return CheckedCitation(source=reference.source, quote=reference.quote, verified=False)
    words = stored[reference.source].text[span.start : span.end]
    return CheckedCitation(source=reference.source, quote=words, verified=True, start=span.start, end=span.end)
