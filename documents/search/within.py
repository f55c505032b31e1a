"""Words found within one text as a reader means them: whatever their case and accents, however lines break between."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from documents.values import Span

MOST_CHARACTERS = 200
MOST_HITS = 5_000
# Between two letters of a word: accents written apart, soft hyphens, a hyphen at the end of a line. Each part matches
# in one way alone, is short, and gives nothing back: no text can make the search try one place over and over.
_WITHIN_WORD = "(?:[\u0300-\u0344\u0346-\u036f\u00ad\ufffe]|-[^\\S\\n]{0,99}+\\n\\s{0,99}+){0,9}+"
_BETWEEN_WORDS = "[\\s\u00ad]++"
_SIGNS = ("'’‘ʼ`´", '"“”„«»‟', "-‐‑‒–—−")
_JOINED = {"ss": "ßẞ", "ae": "æÆ", "oe": "œŒ", "fi": "ﬁ", "fl": "ﬂ", "ff": "ﬀ"}
_LAST_LETTER = 0x2000


def occurrences(text: str, wanted: str, most: int = MOST_HITS) -> tuple[Span, ...]:
    """Where the words stand in the text, in order; at most so many. No words are found nowhere."""
    pattern = _pattern(" ".join(wanted.split())[:MOST_CHARACTERS])
    return tuple(_some(pattern, text, most)) if pattern else ()


def nearest(text: str, wanted: str, start: int) -> Span | None:
    """The occurrence that begins nearest to `start`; the very same words go before others like them."""
    exact = _exact(text, wanted, start)
    if exact is not None or len(wanted) > 4_000:
        return exact
    pattern = _compiled(" ".join(wanted.split()))
    found = _some(pattern, text, MOST_HITS) if pattern else iter(())
    return min(found, key=lambda span: abs(span.start - start), default=None)


def _exact(text: str, wanted: str, start: int) -> Span | None:
    before, after = text.rfind(wanted, 0, start + len(wanted)), text.find(wanted, start)
    places = [place for place in (before, after) if place >= 0]
    best = min(places, key=lambda place: abs(place - start), default=None)
    return None if best is None or not wanted else Span(best, best + len(wanted))


def _some(pattern: re.Pattern[str], text: str, most: int) -> Iterator[Span]:
    for number, found in enumerate(pattern.finditer(text)):
        if number >= most:
            return
        yield Span(*found.span())


@lru_cache(maxsize=256)
def _pattern(wanted: str) -> re.Pattern[str] | None:
    return _compiled(wanted)


def _compiled(wanted: str) -> re.Pattern[str] | None:
    words = [_word(folded) for word in wanted.split() if (folded := _folded(word))]
    return re.compile(_BETWEEN_WORDS.join(words)) if words else None


def _word(folded: str) -> str:
    letters = list(_letters(folded))
    return _WITHIN_WORD.join(letters)


def _letters(folded: str) -> Iterator[str]:
    at = 0
    while at < len(folded):
        pair = folded[at : at + 2]
        if pair in _JOINED:
            apart = _WITHIN_WORD.join(_letter(letter) for letter in pair)
            yield f"(?:[{_JOINED[pair]}]|{apart})"
            at += 2
        else:
            yield _letter(folded[at])
            at += 1


def _letter(letter: str) -> str:
    signs = next((signs for signs in _SIGNS if letter in signs), "")
    alike = signs or "".join(sorted({letter, letter.upper(), *_variants().get(letter, ())} - {""}))
    return "[" + "".join(re.escape(one) for one in alike if len(one) == 1) + "]"


@lru_cache(maxsize=1)
def _variants() -> dict[str, list[str]]:
    """The signs that a letter without accent and capital stands for."""
    found: dict[str, list[str]] = {}
    for code in range(_LAST_LETTER):
        sign = chr(code)
        folded = _folded(sign)
        if len(folded) == 1 and folded != sign:
            found.setdefault(folded, []).append(sign)
    return found


def _folded(word: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign) and sign not in "\u00ad\ufffe")
