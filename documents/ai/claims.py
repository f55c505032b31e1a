"""Turns the pieces of a model's answer into statements: one per sentence of prose, one per line of a list.

A model cites in pieces: "According to the letter, " has no source, "rent is 900 EUR" has one, ". " has none again.
Only a whole sentence can be said to be backed or not.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

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
_COLON = r"\**(?::\**\s+|：\**\s*)(?=\S)"
_DAY = re.compile(rf"\s*\**((?:date|deadline) \d{{4}}(?:-\d\d(?:-\d\d)?)?|deadline){_COLON}", re.IGNORECASE)
_PARTY = re.compile(rf"\s*\**([^\s:：*][^:：]{{0,79}}?){_COLON}")


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


Split = Callable[[str], tuple[str, str]]


def kind(line: str) -> tuple[str, str]:
    """The kind a line begins with, in lower case, and the rest; no kind and the line where it begins with none."""
    found = _KIND.match(line)
    return (found[1].strip().lower(), line[found.end() :]) if found else ("", line)


def day(line: str) -> tuple[str, str]:
    """ "date" or "deadline" with the day, month or year a line begins with, and the rest."""
    found = _DAY.match(line)
    return (found[1].lower(), line[found.end() :]) if found and _is_day(found[1].partition(" ")[2]) else ("", line)


def party(line: str) -> tuple[str, str]:
    """Who a line is about, as written, and the rest."""
    found = _PARTY.match(line)
    return (found[1].strip(), line[found.end() :]) if found else ("", line)


def of_list(pieces: Iterable[Claim], *, labelled: bool = False, split: Split = kind) -> tuple[Claim, ...]:
    """One claim a line, without its bullet; `labelled` lines begin with a label, which `split` takes off."""
    lines = [line for line in _lines(pieces) if not _is_heading(line)]
    claims = []
    for number, line in enumerate(lines, start=1):
        unbulleted = _unbulleted(line.text, number)
        label, text = split(unbulleted) if labelled else ("", unbulleted)
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


def _is_day(written: str) -> bool:
    """Whether the calendar has it; a month and a year are given by their first day."""
    try:
        date.fromisoformat((written + "-01-01")[:10])
    except ValueError:
        return not written
    return True
