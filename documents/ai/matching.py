"""Finds words in a text although white space, hyphenation or quotation marks differ, and says exactly where.

What is left alone: letters, digits, their case and every other sign. A quote that changes a word is not found.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from documents.values import Span

_QUOTES = dict.fromkeys("‘’‚‛ʼ´`′", "'") | dict.fromkeys("“”„‟«»″", '"')
_DASHES = dict.fromkeys("‐‑‒–—−﹣－", "-")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SIGNS = _QUOTES | _DASHES | _LIGATURES | {"…": "..."}

# Scripts that put no spaces between words, so that a space or line end there says nothing.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
_UNSPACED = re.compile(f"[{UNSPACED}]")

_PIECES = re.compile(
    r"(?P<plain>[A-Za-z0-9]+)"
    # A hyphen between letters may be one of spelling or of a line's end: it never counts.
    r"|(?P<hyphen>(?<=[^\W\d_])[-‐‑\u00ad\ufffe]\s*(?=[^\W\d_]))"
    r"|(?P<unseen>[\u00ad\u200b-\u200d\u2060\ufeff\ufffe])"
    rf"|(?P<gap>(?<=[\w\u0300-\u036f])(?<![{UNSPACED}])\s+(?=\w)(?![{UNSPACED}]))"
    r"|(?P<space>\s+)"
    r"|(?P<sign>.)",
    re.DOTALL,
)


def normalise(text: str) -> str:
    """The text as it is compared."""
    return Matched(text).normal


def same(one: str, other: str) -> bool:
    return one == other or normalise(one) == normalise(other)


@dataclass(frozen=True)
class Matched:
    """A text to look for quotes in; its normal form is worked out once, when first needed."""

    text: str

    @cached_property
    def _form(self) -> tuple[str, list[int]]:
        """The normal form, and for each of its characters the place in the text it comes from."""
        parts: list[str] = []
        places: list[int] = []
        for piece in _PIECES.finditer(self.text):
            part = _normal_piece(piece)
            parts.append(part)
            at = piece.start()
            places.extend(range(at, piece.end()) if piece.lastgroup == "plain" else [at] * len(part))
        return "".join(parts), places

    @property
    def normal(self) -> str:
        return self._form[0]

    def find(self, quote: str) -> Span | None:
        """Where the quote stands as whole words, if it does."""
        return self._find_verbatim(quote) or self._find_normal(normalise(quote))

    def _find_verbatim(self, quote: str) -> Span | None:
        start = self.text.find(quote) if quote.strip() else -1
        while start != -1:
            if self._whole_words(start, start + len(quote)):
                return Span(start, start + len(quote))
            start = self.text.find(quote, start + 1)
        return None

    def _find_normal(self, wanted: str) -> Span | None:
        normal, places = self._form
        at = normal.find(wanted) if wanted else -1
        while at != -1:
            start, end = places[at], places[at + len(wanted) - 1] + 1
            # A match may begin or end inside a ligature: then the stored words are not the quote.
            if self._whole_words(start, end) and normalise(self.text[start:end]) == wanted:
                return Span(start, end)
            at = normal.find(wanted, at + 1)
        return None

    def _whole_words(self, start: int, end: int) -> bool:
        return not (self._inside_word(start) or self._inside_word(end))

    def _inside_word(self, at: int) -> bool:
        around = self.text[at - 1 : at + 1] if at else ""
        return len(around) == 2 and around.isalnum() and not _UNSPACED.search(around)


def _normal_piece(piece: re.Match[str]) -> str:
    match piece.lastgroup:
        case "plain":
            return piece.group()
        case "gap":
            return " "
        case "sign":
            sign = piece.group()
            return _SIGNS.get(sign) or unicodedata.normalize("NFD", sign)
        case _:
            return ""
