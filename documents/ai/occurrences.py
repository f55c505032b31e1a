"""Every place where a name stands: a model cites one or two, a reader wants them all."""

import re
from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import replace

from documents.ai.matching import UNSPACED
from documents.ai.protocol import Source, Task
from documents.values import CheckedCitation, CheckedClaim, CheckedResult, Span

MOST_OF_ONE, MOST_IN_ALL = 60, 800
_UNSPACED = re.compile(f"[{UNSPACED}]")


def everywhere(task: Task, checked: CheckedResult, source: Source, text: str) -> CheckedResult:
    """The result with each entity citing every place where it stands as it is written; other tasks' as they are.

    "1 April" does not stand where "1 April 2026" stands, if both are entities.
    An entity whose words stand nowhere keeps the citations it has. Only words that were shown to the model count.
    """
    if task is not Task.ENTITIES:
        return checked
    places = _Places(source, text, [claim.text for claim in checked.claims])
    citations: dict[CheckedCitation, int] = {}
    claims = [_with_all(claim, checked, places, citations) for claim in checked.claims]
    return replace(checked, claims=tuple(claims), citations=tuple(citations))


def _with_all(
    claim: CheckedClaim, checked: CheckedResult, places: "_Places", citations: dict[CheckedCitation, int]
) -> CheckedClaim:
    found = places.of(claim.text, min(MOST_OF_ONE, MOST_IN_ALL - len(citations)))
    cited = found or [checked.citations[at] for at in claim.citations]
    return replace(claim, citations=tuple(citations.setdefault(one, len(citations)) for one in cited))


class _Places:
    """A text, the stretches of it that a model was shown, and what stands in it: longer words before shorter ones."""

    def __init__(self, source: Source, text: str, entities: Sequence[str]) -> None:
        self.text = text
        self.spans = sorted((sentence.start, sentence.end) for sentence in source.sentences)
        self.starts = [start for start, _ in self.spans]
        self.taken: list[Span] = []
        self.found: dict[str, list[Span]] = {}
        for words in sorted({_plain(one) for one in entities}, key=lambda one: (-len(one), one)):
            self._take(words)

    def _take(self, words: str) -> None:
        free = (span for span in self._standing(words) if self._is_shown(span) and not self._is_taken(span))
        self.found[words] = [span for span, _ in zip(free, range(MOST_OF_ONE), strict=False)]
        for span in self.found[words]:
            insort(self.taken, span, key=_start)

    def _is_taken(self, span: Span) -> bool:
        """Whether it lies in a place of longer words. Places that overlap without that are both kept."""
        at = bisect_right(self.taken, span.start, key=_start)
        return any(one.start <= span.start and span.end <= one.end for one in self.taken[max(at - 3, 0) : at])

    def of(self, words: str, most: int) -> list[CheckedCitation]:
        found = self.found[_plain(words)]
        cited = (
            CheckedCitation(0, self.text[span.start : span.end], True, span.start, span.end) for span in found[:most]
        )
        return list(cited)

    def _standing(self, words: str) -> Iterator[Span]:
        pattern = _pattern(words.split())
        return (Span(*match.span()) for match in pattern.finditer(self.text)) if pattern else iter(())

    def _is_shown(self, span: Span) -> bool:
        at = bisect_right(self.starts, span.start) - 1
        return at >= 0 and span.end <= self.spans[at][1]


def _plain(words: str) -> str:
    return " ".join(words.split())


def _start(span: Span) -> int:
    return span.start


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """The words with any white space between them, as whole words."""
    if not words:
        return None
    joined = r"\s+".join(re.escape(word) for word in words)
    begins = "" if _UNSPACED.match(words[0]) or not words[0][0].isalnum() else r"(?<!\w)"
    ends = "" if _UNSPACED.match(words[-1][-1]) or not words[-1][-1].isalnum() else r"(?!\w)"
    return re.compile(begins + joined + ends)
