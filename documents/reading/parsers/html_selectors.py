"""Selectors of style sheets: names, classes, ids and attributes, alone or inside of each other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

_LONGEST = 300
_MOST_PARTS = 12
# How far up a page an ancestor is looked for.
_FARTHEST = 300
# Nobody points at, or moves to, what is read in a document.
_UNTOUCHED = re.compile(
    r":not\(\s*:(?:hover|focus|active|focus-within|focus-visible|checked|target)\s*\)", re.IGNORECASE
)
_NAME = r"(?:[\w-]|[^\x00-\x7f]|\\.)+"
_SIMPLE = re.compile(
    rf"(?P<mark>[#.])(?P<name>{_NAME})"
    rf"|\[\s*(?P<attribute>[\w:-]+)\s*(?:(?P<how>[~|^$*]?)=\s*(?P<quote>[\"']?)(?P<value>[^\"'\]]*)(?P=quote)\s*(?:i\s*)?)?\]"
)
_TYPE = re.compile(rf"\*|{_NAME}")
_COMBINED = re.compile(r"\s*>\s*|\s+")
_ESCAPE = re.compile(r"\\(.)")
_ID, _CLASS = 10_000, 100


@dataclass(frozen=True)
class Element:
    tag: str
    attributes: Mapping[str, str | None]

    @cached_property
    def classes(self) -> Sequence[str]:
        return (self.attributes.get("class") or "").split()

    @property
    def keys(self) -> Iterator[str]:
        """What rules that may be about this element are filed under."""
        yield "*"
        yield self.tag
        if identity := self.attributes.get("id"):
            yield f"#{identity}"
        for name in dict.fromkeys(self.classes[:50]):
            yield f".{name}"


@dataclass(frozen=True, slots=True)
class _Attribute:
    name: str
    how: str | None
    value: str

    def matches(self, element: Element) -> bool:
        if self.name not in element.attributes:
            return False
        found = element.attributes[self.name] or ""
        match self.how:
            case None:
                return True
            case "":
                return found == self.value
            case "~":
                return self.value in found.split()
            case "|":
                return found == self.value or found.startswith(f"{self.value}-")
            case "^":
                return bool(self.value) and found.startswith(self.value)
            case "$":
                return bool(self.value) and found.endswith(self.value)
        return bool(self.value) and self.value in found


@dataclass(frozen=True, slots=True)
class _Compound:
    tag: str
    identity: str
    classes: Sequence[str]
    attributes: Sequence[_Attribute]

    def matches(self, element: Element) -> bool:
        return (
            self.tag in ("", element.tag)
            and (not self.identity or element.attributes.get("id") == self.identity)
            and all(name in element.classes for name in self.classes)
            and all(attribute.matches(element) for attribute in self.attributes)
        )


@dataclass(frozen=True, slots=True)
class Selector:
    """`outer` are the compounds around it, the nearest first, and whether each is the very parent."""

    last: _Compound
    outer: Sequence[tuple[_Compound, bool]]
    weight: int
    key: str

    def matches(self, element: Element, inside: Sequence[Element]) -> tuple[bool, int]:
        """Whether it is about the element, and how many elements had to be looked at.

        The nearest ancestor that fits is taken and never another: trying all takes time without bounds.
        """
        if not self.last.matches(element):
            return False, 1
        place = len(inside)
        for compound, is_parent in self.outer:
            lowest = place - 1 if is_parent else len(inside) - _FARTHEST
            around = range(place - 1, max(lowest, 0) - 1, -1)
            place = next((at for at in around if compound.matches(inside[at])), -1)
            if place < 0:
                return False, len(inside) + 1
        return True, len(inside) - place + 1


def selectors(prelude: str) -> Iterator[Selector]:
    """Those of a list that can be judged without a browser."""
    for source in _UNTOUCHED.sub("", prelude).split(","):
        selector = _selector(source.strip()) if len(source) <= _LONGEST else None
        if selector:
            yield selector


def _selector(source: str) -> Selector | None:
    compounds: list[_Compound] = []
    parents: list[bool] = []
    position = 0
    while position < len(source) or not compounds:
        found = _compound(source, position)
        if found is None or len(compounds) == _MOST_PARTS:
            return None
        compound, position = found
        compounds.append(compound)
        if gap := _COMBINED.match(source, position):
            parents.append(">" in gap[0])
            position = gap.end()
    if len(parents) != len(compounds) - 1:
        return None
    outer = list(zip(reversed(compounds[:-1]), reversed(parents), strict=True))
    return Selector(compounds[-1], outer, sum(map(_weight, compounds)), _key(compounds[-1]))


def _compound(source: str, position: int) -> tuple[_Compound, int] | None:
    """The compound there and where it ends; None when it is of a kind that is not known here."""
    start = position
    tag, identity = "", ""
    classes, attributes = [], []
    if kind := _TYPE.match(source, position):
        tag, position = kind[0].lower(), kind.end()
    while part := _SIMPLE.match(source, position):
        position = part.end()
        name = _ESCAPE.sub(r"\1", part["name"] or "")
        if part["mark"] == "#":
            identity = name
        elif part["mark"]:
            classes.append(name)
        else:
            attributes.append(_Attribute(part["attribute"].lower(), part["how"], part["value"] or ""))
    if position == start:
        return None
    return _Compound("" if tag == "*" else tag, identity, classes, attributes), position


def _weight(compound: _Compound) -> int:
    return (
        _ID * bool(compound.identity) + _CLASS * (len(compound.classes) + len(compound.attributes)) + bool(compound.tag)
    )


def _key(compound: _Compound) -> str:
    if compound.identity:
        return f"#{compound.identity}"
    return f".{compound.classes[0]}" if compound.classes else compound.tag or "*"
