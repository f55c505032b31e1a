"""PowerPoint presentations: each slide with its tables, charts and diagrams, then what the speaker noted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from lxml import etree
from pptx.exc import PythonPptxError
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import PartFactory
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.package import Package
from pptx.parts.presentation import PresentationPart

from documents.reading import archives
from documents.reading.draft import Draft, table_row
from documents.reading.errors import NO_TEXT, Code, UnreadableFile
from documents.reading.items import Expected, Item, Title
from documents.reading.limits import Limits
from documents.reading.parsers import slides
from documents.values import BlockKind, Leaf, PageKind

_TITLES = {"ctrTitle": 1, "title": 2}
# Dates and footers say the same on every slide: they are kept once.
_MARGINS = frozenset({"dt", "ftr", "hdr"})
_BODIES = frozenset({"body", "obj", ""})
_UNSEEN = frozenset({"Fallback", "pPr", "rPr", "endParaRPr"})
# Hold shapes: read as if they were not there.
_WRAPPERS = frozenset({"grpSp", "AlternateContent", "Choice"})
# In hundredths of a point; nobody reads letters below 2 points.
_LEGIBLE_SIZE = 200
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART_POINTS = 200
_UNREADABLE_SLIDE = (
    "This slide is damaged and could not be read. Open the presentation in PowerPoint or LibreOffice, save it again "
    "and upload that."
)
PartFactory.part_type_for["application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml"] = PresentationPart
PartFactory.part_type_for["application/vnd.ms-powerpoint.template.macroEnabled.main+xml"] = PresentationPart


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    archives.check(path, limits)
    part = _open(path)
    relations = [reference.get(qn("r:id")) for reference in part._element.iter(qn("p:sldId"))]
    _check_number(len(relations), limits)
    yield Expected(len(relations))
    hidden: list[int] = []
    naming = slides.Naming()
    told: set[str] = set()
    for number, relation in enumerate(relations, start=1):
        slide = _target(part, relation)
        if slide is None or not hasattr(slide, "_element"):
            yield Leaf(number, PageKind.UNREADABLE, label=slides.label(number), reason=_UNREADABLE_SLIDE)
            continue
        if slide._element.get("show") in ("0", "false"):
            hidden.append(number)
        yield naming.seen(_leaf(slide, number, Draft(limits), told, _size(part)))
    if hidden:
        yield slides.hidden_note(hidden)
    yield Title(naming.title(part.core_properties.title or ""))


def _open(path: Path) -> Any:
    try:
        part = Package.open(str(path)).main_document_part
    # Broken XML is a SyntaxError to lxml.
    except (PythonPptxError, BadZipFile, SyntaxError, KeyError, ValueError, AttributeError) as error:
        raise UnreadableFile(
            Code.DAMAGED,
            "This presentation is damaged and cannot be opened. Open it in PowerPoint or LibreOffice, save it again as "
            ".pptx and upload that.",
            detail=type(error).__name__,
        ) from error
    if not isinstance(part, PresentationPart):
        raise UnreadableFile(
            Code.UNSUPPORTED_TYPE,
            "This file is packed like a PowerPoint presentation but is not one. Open it in the program it comes from, "
            "save it as .pptx and upload that.",
            detail="content type",
        )
    return part


def _check_number(count: int, limits: Limits) -> None:
    if not count:
        raise UnreadableFile(Code.NO_TEXT, NO_TEXT)
    if count > limits.pages:
        raise UnreadableFile(
            Code.TOO_MANY_PAGES,
            f"This presentation has {count:,} slides; up to {limits.pages:,} are read. Split it and upload the parts.",
        )


def _size(part: Any) -> tuple[int, int]:
    """Width and height of the slides, zeros when unknown."""
    size = part._element.find(qn("p:sldSz"))
    return (_number(size.get("cx")), _number(size.get("cy"))) if size is not None else (0, 0)


def _leaf(slide: Any, number: int, draft: Draft, told: set[str], size: tuple[int, int]) -> Leaf:
    writer = _Writer(slide, draft, told, size)
    shapes = list(_shapes(slide._element.find(f"{qn('p:cSld')}/{qn('p:spTree')}")))
    ordered = [shapes[index] for index in slides.reading_order([_area(shape) for shape in shapes])]
    # The title stands first, wherever it was drawn.
    for shape in sorted(ordered, key=lambda shape: _placeholder(shape) not in _TITLES):
        writer.write(shape)
    notes = next(
        (relation for relation in slide.rels.values() if relation.reltype == RELATIONSHIP_TYPE.NOTES_SLIDE), None
    )
    if notes is not None and not notes.is_external:
        writer.write_notes(notes.target_part._element)
    return draft.leaf(number, label=slides.label(number))


class _Writer:
    """Writes the shapes of a slide into the draft. `told` are the footers that were written before."""

    def __init__(self, slide: Any, draft: Draft, told: set[str], size: tuple[int, int]) -> None:
        self._slide = slide
        self._draft = draft
        self._told = told
        self._size = size

    def write(self, shape: Any) -> None:
        if _name(shape) == "graphicFrame":
            self._write_graphic(shape)
            return
        placeholder = _placeholder(shape)
        body = shape.find(qn("p:txBody"))
        if body is None or placeholder == "sldNum" or (placeholder in _MARGINS and self._was_told(body)):
            return
        unseen = _is_hidden(shape) or _is_off(_area(shape), self._size)
        if placeholder in _TITLES and not unseen:
            self._write_title(body, _TITLES[placeholder])
        else:
            self._write_body(body, is_list=placeholder in _BODIES, unseen=unseen)

    def write_notes(self, notes: Any) -> None:
        bodies = [shape.find(qn("p:txBody")) for shape in notes.iter(qn("p:sp")) if _placeholder(shape) == "body"]
        bodies = [body for body in bodies if body is not None and any(_words(body))]
        if bodies:
            self._draft.add("Notes", BlockKind.HEADING, slides.NOTES_LEVEL)
        for body in bodies:
            self._write_body(body, is_list=False, unseen=False)

    def _was_told(self, body: Any) -> bool:
        words = "".join(body.itertext()).strip()
        told = words in self._told
        self._told.add(words)
        return told

    def _write_title(self, body: Any, level: int) -> None:
        lines = ("".join(_words(paragraph)) for paragraph in body.iterchildren(qn("a:p")))
        self._draft.add(" ".join(" ".join(lines).split()), BlockKind.HEADING, level)
        self._write_tiny(body)

    def _write_body(self, body: Any, *, is_list: bool, unseen: bool) -> None:
        paragraphs = list(body.iterchildren(qn("a:p")))
        several = sum(any(_words(paragraph)) for paragraph in paragraphs) > 1
        for paragraph in paragraphs:
            kind = BlockKind.LIST_ITEM if _is_item(paragraph, is_list and several) else BlockKind.PARAGRAPH
            self._draft.add("".join(_words(paragraph)), BlockKind.HIDDEN if unseen else kind)
        self._write_tiny(body)

    def _write_tiny(self, body: Any) -> None:
        for paragraph in body.iterchildren(qn("a:p")):
            self._draft.add("".join(_words(paragraph, tiny=True)), BlockKind.HIDDEN)

    def _write_graphic(self, frame: Any) -> None:
        for element in frame.iter():
            name = _name(element)
            if name == "tbl":
                self._write_table(element)
            elif name == "chart":
                self._write_chart(_xml(_target(self._slide, element.get(qn("r:id")))))
            elif name == "relIds":
                self._write_diagram(_xml(_target(self._slide, element.get(qn("r:dm")))))

    def _write_table(self, table: Any) -> None:
        properties = table.find(qn("a:tblPr"))
        header: list[str] = []
        has_header = properties is not None and properties.get("firstRow") in ("1", "true")
        for number, row in enumerate(table.iterchildren(qn("a:tr"))):
            cells = [_cell(cell) for cell in row.iterchildren(qn("a:tc"))]
            self._draft.add(table_row(header, cells), BlockKind.TABLE_ROW)
            if number == 0 and has_header:
                header = cells

    def _write_chart(self, chart: Any) -> None:
        if chart is None:
            return
        for title in chart.iter(f"{_CHART}title"):
            self._draft.add(" ".join("".join(_words(paragraph)) for paragraph in title.iter(qn("a:p"))))
        for series in chart.iter(f"{_CHART}ser"):
            names, values = _points(series, "cat", "xVal"), _points(series, "val", "yVal")
            name = next(iter(_points(series, "tx").values()), "")
            places = [place for place in values if names.get(place)]
            row = table_row([names[place] for place in places], [values[place] for place in places])
            self._draft.add(f"{name}: {row}" if name and row else name or row, BlockKind.TABLE_ROW)

    def _write_diagram(self, diagram: Any) -> None:
        for text in diagram.iter(f"{_DIAGRAM}t") if diagram is not None else ():
            for paragraph in text.iter(qn("a:p")):
                self._draft.add("".join(_words(paragraph)), BlockKind.LIST_ITEM)


def _shapes(tree: Any) -> Iterator[Any]:
    """Every shape of the tree in its order, those in groups too."""
    for element in tree if tree is not None else ():
        if _name(element) in _WRAPPERS:
            yield from _shapes(element)
        elif isinstance(element.tag, str):
            yield element


def _name(element: Any) -> str:
    """The name without its namespace; comments and instructions have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _number(text: str | None) -> int:
    return int(text) if text and text.lstrip("-").isdecimal() else 0


def _target(part: Any, relation_id: str | None) -> Any:
    """The part a relation leads to, None when it leads nowhere or out of the file."""
    relation = part.rels.get(relation_id) if relation_id else None
    return relation.target_part if relation is not None and not relation.is_external else None


def _xml(part: Any) -> Any:
    """The tree of a part; None when there is none that can be read: a broken chart takes no slide with it."""
    if part is None:
        return None
    try:
        return parse_xml(part.blob)
    except etree.XMLSyntaxError:
        return None


def _placeholder(shape: Any) -> str | None:
    """The kind of placeholder, empty for that of any contents; None for a shape that is none."""
    found = shape.find(f"{qn('p:nvSpPr')}/{qn('p:nvPr')}/{qn('p:ph')}")
    return found.get("type", "") if found is not None else None


def _is_hidden(shape: Any) -> bool:
    properties = shape.find(f"{qn('p:nvSpPr')}/{qn('p:cNvPr')}")
    return properties is not None and properties.get("hidden") in ("1", "true")


def _area(shape: Any) -> slides.Area | None:
    """Where a shape stands; places inside groups count from elsewhere and are not followed."""
    place = next(
        (found for found in (shape.find(f".//{qn('a:xfrm')}"), shape.find(qn("p:xfrm"))) if found is not None), None
    )
    if place is None or _name(shape.getparent()) != "spTree":
        return None
    corner, extent = place.find(qn("a:off")), place.find(qn("a:ext"))
    if corner is None or extent is None:
        return None
    left, top = _number(corner.get("x")), _number(corner.get("y"))
    return slides.Area(left, top, left + _number(extent.get("cx")), top + _number(extent.get("cy")))


def _is_off(area: slides.Area | None, size: tuple[int, int]) -> bool:
    """Whether a shape stands wholly outside of the slide."""
    if area is None or not all(size):
        return False
    return area.left >= size[0] or area.top >= size[1] or area.right < 0 or area.bottom < 0


def _is_item(paragraph: Any, expected: bool) -> bool:
    """Whether a paragraph has a bullet or number of its own, or one is expected and not taken away."""
    properties = paragraph.find(qn("a:pPr"))
    names = {_name(child) for child in properties} if properties is not None else set()
    return bool(names & {"buChar", "buAutoNum", "buBlip"}) or (expected and "buNone" not in names)


def _words(element: Any, *, tiny: bool = False) -> Iterator[str]:
    """The text in its order: of letters that can be read, or of those too small for it."""
    for child in element:
        name = _name(child)
        if name == "fld" and child.get("type") == "slidenum":
            continue
        if name in ("r", "fld") and _is_tiny(child) is not tiny:
            continue
        if name == "t":
            yield child.text or ""
        elif name == "br" and not tiny:
            yield "\n"
        elif name not in _UNSEEN:
            yield from _words(child, tiny=tiny)


def _is_tiny(run: Any) -> bool:
    properties = run.find(qn("a:rPr"))
    return properties is not None and 0 < _number(properties.get("sz")) < _LEGIBLE_SIZE


def _cell(cell: Any) -> str:
    lines = ("".join(_words(paragraph)) for paragraph in cell.iter(qn("a:p")))
    return " ".join(" ".join(lines).split())


def _points(series: Any, *names: str) -> dict[str, str]:
    """The first values of a row of a chart, by their places."""
    points = (
        point
        for child in series
        if _name(child) in names
        for point in (*child.iter(f"{_CHART}pt"), *(value for value in child.iterchildren(f"{_CHART}v")))
    )
    found: dict[str, str] = {}
    for point in points:
        value = point if _name(point) == "v" else point.find(f"{_CHART}v")
        if value is not None and len(found) < _CHART_POINTS:
            found.setdefault(point.get("idx", ""), _short(" ".join((value.text or "").split())))
    return found


def _short(value: str) -> str:
    """A number without the rest that computing leaves: 4.4 is kept as 4.4000000000000004."""
    try:
        return f"{float(value):.12g}" if "." in value else value
    except ValueError:
        return value
