"""Headers and footers: page after page they say the same."""

from collections.abc import Iterable

from documents.reading.draft import Draft
from documents.reading.parsers.tables import one_line


def add(draft: Draft, lines: Iterable[str], told: set[str]) -> None:
    """Writes each line once, unless it was `told` elsewhere; mere page numbers are left out."""
    for line in lines:
        words = one_line(line)
        if words not in told and any(char.isalpha() for char in words):
            told.add(words)
            draft.add(line)
