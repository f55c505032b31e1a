"""OpenDocument presentations (ODP): slide by slide, with the notes of the speaker."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from documents.reading.draft import Draft
from documents.reading.errors import NO_TEXT, Code, UnreadableFile
from documents.reading.items import Expected, Item, Title
from documents.reading.limits import Limits
from documents.reading.parsers import slides, tables
from documents.reading.parsers.open_document import Package, Writer
from documents.reading.parsers.open_styles import DRAW, PRESENTATION, STYLE, TEXT, points
from documents.reading.parsers.slides import Area
from documents.values import BlockKind, Leaf

_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_CLASS = f"{PRESENTATION}class"
_UNSEEN = (f"{PRESENTATION}notes", f"{DRAW}page-thumbnail")
_COUNTED = ("date-time", "page-number")
_DECLARED = (("footer-decl", "use-footer-name"), ("header-decl", "use-header-name"))


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    package = Package(path, limits)
    # Slides have grounds of any colour.
    package.styles.white_is_seen = True
    pages = list(package.content.iter(f"{DRAW}page"))
    _check_number(len(pages), limits)
    yield Expected(len(pages))
    hidden: list[int] = []
    margins, naming = _Margins(package), slides.Naming()
    for number, page in enumerate(pages, start=1):
        if package.styles.is_hidden_slide(page.get(f"{DRAW}style-name")):
            hidden.append(number)
        yield naming.seen(_leaf(package, page, number, margins, Draft(limits)))
    if hidden:
        yield slides.hidden_note(hidden)
    yield Title(naming.title(package.title))


def _check_number(count: int, limits: Limits) -> None:
    if not count:
        raise UnreadableFile(Code.NO_TEXT, NO_TEXT)
    if count > limits.pages:
        raise UnreadableFile(
            Code.TOO_MANY_PAGES,
            f"This presentation has {count:,} slides; up to {limits.pages:,} are read. Split it and upload the parts.",
        )


def _leaf(package: Package, page: Any, number: int, margins: "_Margins", draft: Draft) -> Leaf:
    writer = Writer(package, draft)
    shapes = list(_shapes(page))
    level = 1 if any(shape.get(_CLASS) == "subtitle" for shape in shapes) else 2
    order = slides.reading_order([_area(shape) for shape in shapes])
    # The title stands first, wherever it was drawn.
    for index in sorted(order, key=lambda index: shapes[index].get(_CLASS) != "title"):
        _write_shape(shapes[index], level, writer, draft)
    for words in margins.new_on(page):
        draft.add(words)
    _write_notes(page, package, draft)
    return draft.leaf(number, label=slides.label(number))


def _shapes(element: Any) -> Iterator[Any]:
    """What is drawn on the slide; groups are read as if they were not there."""
    for shape in element.iterchildren(f"{DRAW}*"):
        if shape.tag in (f"{DRAW}g", f"{DRAW}a"):
            yield from _shapes(shape)
        elif shape.tag not in _UNSEEN and shape.get(_CLASS) not in _COUNTED:
            yield shape


def _area(shape: Any) -> Area | None:
    left, top = points(shape.get(f"{_SVG}x")), points(shape.get(f"{_SVG}y"))
    width, height = points(shape.get(f"{_SVG}width")), points(shape.get(f"{_SVG}height"))
    if left is None or top is None or width is None or height is None:
        return None
    return Area(left, top, left + width, top + height)


def _write_shape(shape: Any, level: int, writer: Writer, draft: Draft) -> None:
    if shape.get(f"{PRESENTATION}placeholder") == "true":
        # It asks for words, and holds none.
        return
    if shape.get(_CLASS) != "title":
        writer.write(shape)
        return
    lines = [writer.line(paragraph) for paragraph in shape.iter(f"{TEXT}p", f"{TEXT}h")]
    draft.add(tables.one_line(" ".join(line.words for line in lines)), BlockKind.HEADING, level)
    for line in lines:
        draft.add(line.hidden_words, BlockKind.HIDDEN)


def _write_notes(page: Any, package: Package, draft: Draft) -> None:
    """What the speaker noted, under a heading of its own; written apart first, to see whether there is anything."""
    spoken = [shape for notes in page.iterchildren(f"{PRESENTATION}notes") for shape in _shapes(notes)]
    spoken = [shape for shape in spoken if shape.get(_CLASS) in ("notes", None)]
    if any("".join(shape.itertext()).strip() for shape in spoken):
        draft.add("Notes", BlockKind.HEADING, slides.NOTES_LEVEL)
    for shape in spoken:
        Writer(package, draft).write(shape)


class _Margins:
    """Footers, headers and what else stands behind slides, each told once: most slides repeat them."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._declared = {
            (kind, node.get(f"{PRESENTATION}name")): "".join(node.itertext())
            for kind, _ in _DECLARED
            for node in package.content.iter(f"{PRESENTATION}{kind}")
        }
        styles = package.page_styles
        masters = styles.iter(f"{STYLE}master-page") if styles is not None else ()
        self._masters = {master.get(f"{STYLE}name"): master for master in masters}
        self._told: set[str] = set()

    def new_on(self, page: Any) -> Iterator[str]:
        for words in (*self._of(page), *self._behind(page)):
            if words.strip() and words not in self._told:
                self._told.add(words)
                yield words

    def _of(self, page: Any) -> Iterator[str]:
        for kind, used in _DECLARED:
            yield self._declared.get((kind, page.get(f"{PRESENTATION}{used}")), "")

    def _behind(self, page: Any) -> Iterator[str]:
        master = self._masters.get(page.get(f"{DRAW}master-page-name"))
        with_footer = self._package.styles.shows_footer(page.get(f"{DRAW}style-name"))
        for shape in _shapes(master) if master is not None else ():
            asks_for_words = shape.get(_CLASS) in ("title", "subtitle", "outline", "object")
            counts = next(shape.iter(f"{TEXT}page-number"), None) is not None
            if not asks_for_words and not counts and (with_footer or shape.get(_CLASS) != "footer"):
                yield "\n".join("".join(words.itertext()) for words in shape.iter(f"{TEXT}p"))
