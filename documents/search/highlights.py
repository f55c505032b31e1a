"""Where the words of a query stand in a passage."""

from collections.abc import Iterator
from functools import lru_cache

from documents.ai.words import located, words
from documents.search import terms
from documents.values import Span


def spans(text: str, language: str, numbers: frozenset[int], offset: int = 0) -> tuple[Span, ...]:
    """The stretches of the text with a word that has one of these terms; those that touch are one."""
    found: list[Span] = []
    for start, end in _found(text, language, numbers):
        if found and start + offset <= found[-1].end:
            found[-1] = Span(found[-1].start, max(end + offset, found[-1].end))
        else:
            found.append(Span(start + offset, end + offset))
    return tuple(found)


def _found(text: str, language: str, numbers: frozenset[int]) -> Iterator[tuple[int, int]]:
    for start, end, word in located(text):
        if not numbers.isdisjoint(_numbers(word, language)):
            yield start, end


@lru_cache(maxsize=100_000)
def _numbers(word: str, language: str) -> tuple[int, ...]:
    return tuple(terms.identify(terms.stem(part, language)) for part in words(word))


def excerpt(text: str, marks: tuple[Span, ...], length: int) -> tuple[int, int]:
    """A stretch of the text of about this length with as many marks as it can have, cut at words. Offsets of both count
    the text."""
    start = _densest(marks, length)
    start = max(0, min(start - length // 6, len(text) - length))
    end = min(start + length, len(text))
    if start > 0:
        start = text.find(" ", start, end) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return start, end


def _densest(marks: tuple[Span, ...], length: int) -> int:
    """Where a stretch with the most marks in it begins."""
    best, most = 0, 0
    for first, mark in enumerate(marks):
        inside = sum(other.end <= mark.start + length for other in marks[first:])
        if inside > most:
            best, most = mark.start, inside
    return best
