"""What the style sheets in a web page, and the elements themselves, say about how an element looks."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from selectolax.lexbor import LexborHTMLParser

from documents.reading.parsers.html_selectors import Element, Selector, selectors

# Sheets made to be slow end here: what is beyond is as if it were not written.
_SHEET_CHARS = 2_000_000
_MOST_RULES = 20_000
_MOST_TRIES = 2_000_000
_PROPERTIES = frozenset(
    [
        "display",
        "visibility",
        "opacity",
        "color",
        "background",
        "background-color",
        "background-image",
        "background-clip",
        "font",
        "font-size",
        "text-indent",
        "position",
        "left",
        "top",
        "right",
        "bottom",
        "margin-left",
        "margin-top",
        "height",
        "max-height",
        "width",
        "max-width",
        "overflow",
        "padding-bottom",
        "padding-top",
        "clip",
        "clip-path",
        "mso-hide",
        "transform",
    ]
)
_SAME = {
    "background-color": "background",
    "-webkit-background-clip": "background-clip",
    "-webkit-text-fill-color": "color",
    "-webkit-clip-path": "clip-path",
    "overflow-x": "overflow",
    "overflow-y": "overflow",
}
_FONT = re.compile(r"(?:^|\s)(0|\d*\.?\d+(?:px|pt|r?em|%))(?=[\s/]|$)")
_NOISE = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->|\"[^\"\n]*[{};][^\"\n]*\"|'[^'\n]*[{};][^'\n]*'", re.DOTALL)
_PIECES = re.compile(r"[{};]|[^{};]+")
_ESCAPED = re.compile(r"\\([0-9a-fA-F]{1,4})\s?")
_ON_SCREEN = re.compile(r"(?:@media)?\s*(?:only\s+)?(?:screen|all)?\s*", re.IGNORECASE)
_TRANSPARENT_TO_RULES = ("@supports", "@layer", "@container")

Rank = tuple[bool, int, int]


@dataclass(frozen=True, slots=True)
class Declaration:
    name: str
    value: str
    important: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    selector: Selector
    order: int
    declarations: Sequence[Declaration]


def declarations(body: str) -> list[Declaration]:
    """What is declared in a style, of all that can hide."""
    found = []
    for part in _ESCAPED.sub(lambda code: chr(int(code[1], 16)), body).split(";"):
        name, _, value = part.partition(":")
        name = name.strip().lower()
        name = _SAME.get(name, name)
        if name in _PROPERTIES:
            found += _declared(name, value.strip().lower())
    return found


def _declared(name: str, value: str) -> list[Declaration]:
    value, mark, _ = value.partition("!")
    value = value.strip()
    if name != "font":
        return [Declaration(name, value, bool(mark))]
    size = _FONT.search(value)
    return [Declaration("font-size", size[1], bool(mark))] if size else []


def _on_screen(media: str) -> bool:
    return any(_ON_SCREEN.fullmatch(kind) for kind in media.split(","))


def _is_read(prelude: str) -> bool:
    """Whether the rules in a block that begins like this hold for someone who reads the page on a screen."""
    if prelude.lower().startswith("@media"):
        return _on_screen(prelude)
    return prelude.lower().startswith(_TRANSPARENT_TO_RULES)


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """The selectors and the body of each rule that holds."""
    groups: list[bool] = []
    prelude, depth = "", 0
    body: list[str] = []
    for piece in _PIECES.findall(_NOISE.sub("", sheet)):
        if depth:
            depth += (piece == "{") - (piece == "}")
            if depth == 0:
                yield prelude, "".join(body)
                prelude = ""
            elif depth == 1:
                # A rule inside of a rule ends what is declared before it.
                body.append(";" if piece == "}" else piece)
        elif piece == "{" and prelude.startswith("@"):
            groups.append(_is_read(prelude) and all(groups[-1:]))
            prelude = ""
        elif piece == "{" and all(groups[-1:]):
            body, depth = [], 1
        elif piece == "{":
            groups.append(False)
        elif piece == "}":
            prelude = ""
            del groups[-1:]
        else:
            prelude = piece.strip() if piece != ";" else ""
    if depth:
        yield prelude, "".join(body)


def _sheets(tree: LexborHTMLParser) -> Iterator[str]:
    # Who has scripts does not see what is for those who have none.
    left_out = {sheet.mem_id for sheet in tree.css("noscript style, template style, svg style")}
    left = _SHEET_CHARS
    for sheet in tree.css("style"):
        if sheet.mem_id not in left_out and _on_screen(sheet.attributes.get("media") or ""):
            source = (sheet.text() or "")[:left]
            left -= len(source)
            yield source


def _rules(sheets: Iterable[str]) -> Iterator[_Rule]:
    # Each by itself: one that is not closed does not swallow the next.
    for order, (prelude, body) in enumerate(chain.from_iterable(map(_blocks, sheets))):
        declared = declarations(body)
        if declared:
            for selector in selectors(prelude):
                yield _Rule(selector, order, declared)


@dataclass(slots=True)
class Styles:
    """The style sheets of a page."""

    _by_key: dict[str, list[_Rule]] = field(default_factory=lambda: defaultdict(list))
    _tries: int = 0

    @classmethod
    def of_page(cls, tree: LexborHTMLParser) -> "Styles":
        styles = cls()
        for rule in islice(_rules(_sheets(tree)), _MOST_RULES):
            styles._by_key[rule.selector.key].append(rule)
        return styles

    def of(self, element: Element, inside: Sequence[Element]) -> Mapping[str, str]:
        """What holds for an element that stands in others, the outermost first."""
        ranked: dict[str, tuple[Rank, str]] = {}
        for rule in self._matching(element, inside):
            _take(ranked, rule.declarations, (rule.selector.weight, rule.order))
        if style := element.attributes.get("style"):
            _take(ranked, declarations(style), (1_000_000, 0))
        return {name: value for name, (_, value) in ranked.items()}

    def _matching(self, element: Element, inside: Sequence[Element]) -> Iterator[_Rule]:
        candidates = (self._by_key.get(key, ()) for key in element.keys) if self._by_key else ()
        for rule in chain.from_iterable(candidates):
            if self._tries > _MOST_TRIES:
                return
            matches, tries = rule.selector.matches(element, inside)
            self._tries += tries
            if matches:
                yield rule


def _take(ranked: dict[str, tuple[Rank, str]], declared: Sequence[Declaration], weight: tuple[int, int]) -> None:
    for declaration in declared:
        rank = (declaration.important, *weight)
        if declaration.name not in ranked or rank >= ranked[declaration.name][0]:
            ranked[declaration.name] = (rank, declaration.value)
