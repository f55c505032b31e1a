"""Finds the sentences that hold a quote, in any of the sources a model was shown."""

import html
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from documents.ai.matching import Matched
from documents.ai.protocol import Reference, Source

_SEPARATOR = " "


class Quotes:
    """Looks quotes up. Each source is put in order for it once: an answer may hold hundreds of them."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._pages = [_Page(source) for source in sources]

    def references(self, quote: str) -> tuple[Reference, ...]:
        """What a quote refers to; one that stands nowhere is kept for the check to find wanting, none is none."""
        return (self._reference(quote),) if quote.strip() else ()

    def _reference(self, quote: str) -> Reference:
        for number, page in enumerate(self._pages):
            # Where documents are written into the message, some signs are escaped there, and may be copied so.
            for words in dict.fromkeys((quote, html.unescape(quote))):
                sentences = page.find(words)
                if sentences:
                    return Reference(number, *sentences, words)
        return Reference(0, -1, -1, quote)


class _Page:
    def __init__(self, source: Source) -> None:
        self._texts = [sentence.text for sentence in source.sentences]

    @cached_property
    def _matched(self) -> Matched:
        return Matched(_SEPARATOR.join(self._texts))

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for text in self._texts:
            starts.append(at)
            at += len(text) + len(_SEPARATOR)
        return starts

    def find(self, quote: str) -> tuple[int, int] | None:
        """The sentences [first:last) that hold the quote."""
        span = self._matched.find(quote)
        if span is None:
            return None
        return bisect_right(self._starts, span.start) - 1, bisect_left(self._starts, span.end)
