"""Turns the pieces of a model's answer into statements: one per sentence of prose, one per line of a list.

A model cites in pieces: "According to the letter, " has no source, "rent is 900 EUR" has one, ". " has none again.
Only a whole sentence can be said to be backed or not.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from documents.ai.protocol import Claim, Reference

_WORD = re.compile(r"\w")
_WORDS = re.compile(r"\S+\s*|\s+")
_END = re.compile(r"[.!?。！？…][\"'”’»)\]*]*\s*\Z|\n\s*\Z")
# A full stop after one of these, or after a single letter, ends no sentence.
_SHORT = re.compile(
    r"(?:^|[\s(.])(?:[^\W\d_]|dr|mr|mrs|ms|prof|st|no|nr|vs|bzw|ca|art|sec|fig|pp)\.\s*\Z", re.IGNORECASE
)
_LONGEST_END = 24
_BULLET = re.compile(r"\s*[-*•–]\s+")
_NUMBER = re.compile(r"\s*(\d{1,3})[.)]\s+")
_KIND = re.compile(r"\s*([^\W\d][\w -]{0,24}):\s+(?=\S)")


@dataclass
class _Growing:
    text: str = ""
    references: list[Reference] = field(default_factory=list)

    def add(self, text: str, references: Sequence[Reference]) -> None:
        self.text += text
        self.references += [reference for reference in references if reference not in self.references]

    @property
    def ended(self) -> bool:
        # Asked after every word: looking at the whole each time would make a long answer slow.
        tail = self.text[-_LONGEST_END:]
        return bool(_END.search(tail)) and not _SHORT.search(tail)


def of_prose(pieces: Iterable[Claim]) -> tuple[Claim, ...]:
    """One claim a sentence; joined, the claims are the text again."""
    growing: list[_Growing] = []
    for text, references in _prose_parts(pieces):
        if not growing or (growing[-1].ended and _WORD.search(text)):
            growing.append(_Growing())
        growing[-1].add(text, references)
    return tuple(Claim(claim.text, tuple(claim.references)) for claim in growing if claim.text.strip())


def _prose_parts(pieces: Iterable[Claim]) -> Iterator[tuple[str, Sequence[Reference]]]:
    """Cited pieces whole, for their reference is for all of it; others word by word, for sentences may end in them."""
    for piece in pieces:
        if piece.references:
            yield piece.text, piece.references
        else:
            yield from ((word, ()) for word in _WORDS.findall(piece.text))


def of_list(pieces: Iterable[Claim], *, labelled: bool = False) -> tuple[Claim, ...]:
    """One claim a line, without its bullet; `labelled` lines begin with their kind and a colon."""
    lines = [line for line in _lines(pieces) if not _is_heading(line)]
    claims = []
    for number, line in enumerate(lines, start=1):
        label, text = _kind(_unbulleted(line.text, number)) if labelled else ("", _unbulleted(line.text, number))
        claims.append(Claim(text.strip() + "\n", tuple(line.references), label))
    return tuple(claims)


def _lines(pieces: Iterable[Claim]) -> list[_Growing]:
    lines = [_Growing()]
    for piece in pieces:
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                lines.append(_Growing())
            lines[-1].add(part, piece.references if part.strip() else ())
    return [line for line in lines if _WORD.search(line.text)]


def _is_heading(line: _Growing) -> bool:
    """ "Here are the key points:" states nothing."""
    return not line.references and line.text.rstrip().endswith(":")


def _unbulleted(text: str, number: int) -> str:
    numbered = _NUMBER.match(text)
    # Only the number that is due is a bullet: "1. Mai 2026" on the third line is a date.
    if numbered and int(numbered[1]) == number:
        return text[numbered.end() :]
    return _BULLET.sub("", text, count=1) if _BULLET.match(text) else text


def _kind(text: str) -> tuple[str, str]:
    kind = _KIND.match(text)
    return (kind[1].strip().lower(), text[kind.end() :]) if kind else ("", text)
