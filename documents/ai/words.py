"""Text to words, the same way for every script. No lists, no models, linear time."""

import re
import unicodedata
from collections.abc import Iterator

from documents.ai.matching import UNSPACED

# Letters and digits, with the signs that hold one word or number together: don't, INV-2024/001, 1,250.00, a_b.
_WORD = re.compile(rf"[{UNSPACED}]+|(?:(?![{UNSPACED}])\w)+(?:['’.,/_-](?:(?![{UNSPACED}])\w)+)*")
_PART = re.compile(r"[^\W_]+")
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]")
_DIGIT = re.compile(r"\d")
_MARK = re.compile(r"['’]")


def located(text: str) -> Iterator[tuple[int, int, str]]:
    """Stretches that hold a word, a number, or two characters of a script without spaces: start, end, the stretch."""
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = text[start:end]
        # Latin words need no look at their script.
        if word.isascii() or not _UNSPACED_RUN.match(word):
            yield start, end, word
        else:
            yield from ((start + at, start + at + 2, word[at : at + 2]) for at in range(max(1, len(word) - 1)))


def words(text: str) -> Iterator[str]:
    """Lower-cased words; numbers and identifiers whole and in parts; pairs of characters where no spaces part words."""
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text).lower()):
        word = match.group()
        if _UNSPACED_RUN.match(word):
            yield from (word[at : at + 2] for at in range(max(1, len(word) - 1)))
        else:
            yield from _word_and_parts(word)


def _word_and_parts(word: str) -> Iterator[str]:
    if word.isalnum():
        yield word
        return
    whole = _MARK.sub("'", word)
    parts = _PART.findall(word)
    telling = [part for part in parts if len(part) > 1 or part.isdigit()]
    # "and/or" and "well-known" are found by their parts; "INV-2024-001", "1,250.00" and "x-ray" also as a whole.
    if _DIGIT.search(word) or len(telling) < len(parts):
        yield whole
    yield from telling
