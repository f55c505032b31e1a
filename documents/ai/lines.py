"""A source as one text that rules run over: a sentence a line in single spaces, so that no rule runs from one into the
next."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from documents.ai.protocol import Reference, Source

# Sentences are parted behind the ordinals of German days: "am 5. / Mai 2026".
_TORN = re.compile(
    r"(?<=\d\.)\n(?=(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November"
    r"|Dezember)\b)"
)


@dataclass(frozen=True, slots=True)
class Lines:
    """The text, and where each sentence of the source begins in it."""

    number: int
    source: Source
    text: str
    starts: Sequence[int]

    def reference(self, start: int, end: int) -> Reference:
        """The sentences that hold a stretch of the text: one, or those that were torn apart inside of it."""
        first, last = self._at(start), self._at(end - 1)
        quote = " ".join(sentence.text for sentence in self.source.sentences[first : last + 1])
        return Reference(self.number, first, last + 1, quote)

    def around(self, start: int, end: int, most: int) -> tuple[str, str]:
        """What stands before and after a stretch within its sentence."""
        begins, following = self.starts[self._at(start)], self._at(end - 1) + 1
        ends = self.starts[following] - 1 if following < len(self.starts) else len(self.text)
        return self.text[max(begins, start - most) : start], self.text[end : min(end + most, ends)]

    def place(self, start: int) -> int:
        """How far into its sentence."""
        return start - self.starts[self._at(start)]

    def _at(self, position: int) -> int:
        return bisect_right(self.starts, position) - 1


def of(number: int, source: Source) -> Lines:
    lines = [" ".join(sentence.text.split()) for sentence in source.sentences]
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return Lines(number, source, _TORN.sub(" ", "\n".join(lines)), starts)
