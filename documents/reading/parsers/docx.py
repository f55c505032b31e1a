"""Word documents: the body in its order, with the text of controls, links, text boxes and notes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.part import PartFactory
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.package import Package
from docx.parts.document import DocumentPart

from documents.reading import archives
from documents.reading.draft import Draft, one_line, table_row
from documents.reading.errors import Code, UnreadableFile
from documents.reading.items import Item, Note, Title
from documents.reading.limits import Limits
from documents.values import BlockKind

_NOTES = {
    "footnote": RELATIONSHIP_TYPE.FOOTNOTES,
    "endnote": RELATIONSHIP_TYPE.ENDNOTES,
    "comment": RELATIONSHIP_TYPE.COMMENTS,
}
_REFERENCES = {f"{kind}Reference": kind for kind in _NOTES}
_MOST_COMMENTS = 2_000
_LONGEST_COMMENT = 2_000
_LONGEST_NAME = 100
_MORE_COMMENTS = f"This document has more comments than are read of one: the first {_MOST_COMMENTS:,} are shown."
_HEADING_NAME = re.compile(r"heading (\d)", re.IGNORECASE)
_OFF = ("0", "false", "off")
# Stand for characters in a run.
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Hold paragraphs and tables, not words: read as if they were not there.
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice"})
# Fallback repeats what stands beside it for older programs; the others hold no words a reader sees.
_UNSEEN = frozenset({"pPr", "rPr", "sdtPr", "Fallback", "del", "moveFrom", "instrText", "rt"})
_WHITE = "FFFFFF"
# Sizes are in half points; nobody reads letters below 2 points.
_TINY = ("0", "1", "2", "3")
# Templates and documents with macros, which python-docx knows only as files. Nothing in them is run.
_ALSO_WORD = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
PartFactory.part_type_for.update(dict.fromkeys(_ALSO_WORD, DocumentPart))


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    archives.check(path, limits)
    part = _open(path)
    writer = _Writer(part, Draft(limits))
    for header in _margins(part, "header"):
        writer.write(header)
    writer.write(part.element.body)
    writer.write_other_comments()
    for footer in _margins(part, "footer"):
        writer.write(footer)
    yield writer.draft.leaf()
    if writer.comments > _MOST_COMMENTS:
        yield Note(_MORE_COMMENTS)
    yield Title(part.core_properties.title or "")


def _open(path: Path) -> Any:
    try:
        part = Package.open(str(path)).main_document_part
        assert not isinstance(part, DocumentPart) or part.element.body is not None
    # Broken XML is a SyntaxError to lxml.
    except (OpcError, BadZipFile, SyntaxError, KeyError, ValueError, AttributeError, AssertionError) as error:
        raise UnreadableFile(
            Code.DAMAGED,
            "This Word document is damaged and cannot be opened. Open it in Word or LibreOffice, save it again as "
            ".docx and upload that.",
            detail=type(error).__name__,
        ) from error
    if not isinstance(part, DocumentPart):
        raise UnreadableFile(
            Code.UNSUPPORTED_TYPE,
            "This file is packed like a Word document but is not one. Open it in the program it comes from, save it as "
            ".docx and upload that.",
            detail="content type",
        )
    return part


def _margins(part: Any, kind: str) -> Iterator[Any]:
    """The headers or footers in use, each once: a letterhead is the same for every section."""
    told = set()
    for reference in part.element.body.iter(qn(f"w:{kind}Reference")):
        element = getattr(_target(part, reference.get(qn("r:id"))), "element", None)
        words = "".join(element.itertext()).strip() if element is not None else ""
        # The number of a page alone says nothing.
        if words not in told and any(map(str.isalpha, words)):
            told.add(words)
            yield element


def _target(part: Any, relation_id: str | None) -> Any:
    """The part a relation leads to, None when it leads nowhere or out of the file."""
    relation = part.rels.get(relation_id)
    return relation.target_part if relation is not None and not relation.is_external else None


@dataclass(frozen=True, slots=True)
class _Styles:
    """The ids of styles that matter: of headings with their levels, of lists, of what hides words or colours paper."""

    levels: dict[str, int]
    lists: frozenset[str]
    hiding: frozenset[str]
    shading: frozenset[str]

    def hide(self, run: Any) -> bool:
        """Whether a reader cannot see the run: marked as hidden, tiny, or white on white."""
        properties = run.find(qn("w:rPr"))
        if properties is None:
            return False
        return (
            any(map(_is_on, properties.iterchildren(qn("w:vanish"))))
            or _value(properties, "w:rStyle") in self.hiding
            or _value(properties, "w:sz") in _TINY
            or (_value(properties, "w:color").upper() == _WHITE and self._stands_on_paper(run))
        )

    def _stands_on_paper(self, run: Any) -> bool:
        if run.find(f"{qn('w:rPr')}/{qn('w:highlight')}") is not None:
            return False
        return not any(self._is_coloured(element) for element in (run, *run.iterancestors()))

    def _is_coloured(self, element: Any) -> bool:
        """Whether this is, or may be, white letters' ground: what is drawn below a text box is not known."""
        name = _name(element)
        if name in ("txbxContent", "document"):
            return name == "txbxContent" or element.find(qn("w:background")) is not None
        properties = element.find(qn(f"w:{name}Pr"))
        if properties is None:
            return False
        named = {child.get(qn("w:val")) for child in properties if _name(child) in ("rStyle", "pStyle", "tblStyle")}
        return bool(named & self.shading) or any(map(_is_ground, properties.iterchildren(qn("w:shd"))))


@dataclass(slots=True)
class _Words:
    """The words of a paragraph in their order, those nobody sees apart."""

    styles: _Styles
    seen: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def read(self, element: Any, *, hidden: bool = False) -> "_Words":
        """Text boxes inside of it are not part of its sentence."""
        for child in element:
            name = _name(child)
            if name == "t" or name in _MARKS:
                words = (child.text or "") if name == "t" else _MARKS[name]
                (self.hidden if hidden else self.seen).append(words)
            elif name not in _UNSEEN and name != "txbxContent":
                self.read(child, hidden=hidden or (name == "r" and self.styles.hide(child)))
        return self


class _Writer:
    """Writes the body into the draft, block after block."""

    def __init__(self, part: Any, draft: Draft) -> None:
        self.draft = draft
        self.comments = 0
        self._part = part
        self._styles = _styles(part)
        self._notes = {kind: _notes(part, kind) for kind in _NOTES}

    def write(self, container: Any) -> None:
        for element in container:
            name = _name(element)
            if name == "p":
                self._write_paragraph(element)
            elif name == "tbl":
                self._write_table(element)
            elif name in _WRAPPERS:
                self.write(element)

    def _write_paragraph(self, paragraph: Any) -> None:
        """The paragraph, then what hangs on it: its hidden words, text boxes, diagrams and notes."""
        kind, level = self._kind(paragraph)
        words = _Words(self._styles).read(paragraph)
        self.draft.add("".join(words.seen), kind, level)
        self.draft.add("".join(words.hidden), BlockKind.HIDDEN)
        for element in paragraph.iter():
            name = _name(element)
            if name == "txbxContent" and not _is_repeated(element):
                self.write(element)
            elif name == "relIds":
                self._write_diagram(_target(self._part, element.get(qn("r:dm"))))
            elif name in _REFERENCES:
                self._write_note(_REFERENCES[name], element.get(qn("w:id")))

    def _write_note(self, kind: str, note_id: str) -> None:
        """The foot- or endnote or comment, at the first place that refers to it."""
        note = self._notes[kind].pop(note_id, None)
        if note is not None and kind == "comment":
            self._write_comment(note)
        elif note is not None:
            self.write(note)

    def write_other_comments(self) -> None:
        """Those that nothing in the text refers to."""
        for comment_id in list(self._notes["comment"]):
            self._write_note("comment", comment_id)

    def _write_comment(self, comment: Any) -> None:
        paragraphs = [_Words(self._styles).read(paragraph) for paragraph in comment.iter(qn("w:p"))]
        seen = "\n".join("".join(words.seen) for words in paragraphs).strip()
        hidden = "\n".join("".join(words.hidden) for words in paragraphs).strip()
        self.comments += bool(seen or hidden)
        if self.comments > _MOST_COMMENTS:
            return
        author = one_line(comment.get(qn("w:author")) or "", _LONGEST_NAME)
        by = f" by {author}" if author else ""
        self.draft.add(f"Comment{by}: {_cut(seen)}" if seen else "")
        self.draft.add(_cut(hidden), BlockKind.HIDDEN)

    def _write_diagram(self, data: Any) -> None:
        for paragraph in parse_xml(data.blob).iter(qn("a:p")) if data is not None else ():
            self.draft.add("".join(text.text or "" for text in paragraph.iter(qn("a:t"))), BlockKind.LIST_ITEM)

    def _kind(self, paragraph: Any) -> tuple[BlockKind, int]:
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style_id = style.get(qn("w:val")) if style is not None else ""
        if style_id in self._styles.levels:
            return BlockKind.HEADING, self._styles.levels[style_id]
        numbered = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
        return (BlockKind.LIST_ITEM if numbered or style_id in self._styles.lists else BlockKind.PARAGRAPH), 0

    def _write_table(self, table: Any) -> None:
        rows = list(table.iter(qn("w:tr")))
        if _lays_out(table, rows):
            for row in table.iterchildren(qn("w:tr")):
                for cell in _cells(row):
                    self.write(cell)
            return
        header: list[str] = []
        for number, row in enumerate(rows):
            hidden: list[str] = []
            lines = [self._cell_lines(cell, hidden) for cell in _cells(row)]
            for cells in _as_rows(lines):
                self.draft.add(table_row(header, cells), BlockKind.TABLE_ROW)
            self.draft.add("\n".join(hidden), BlockKind.HIDDEN)
            if number == 0 and _is_header(row):
                header = [_one_line(cell) for cell in lines]
        for reference in table.iter(qn("w:commentReference")):
            self._write_note("comment", reference.get(qn("w:id")))

    def _cell_lines(self, cell: Any, hidden: list[str]) -> list[str]:
        """The lines of a cell, without the empty ones at its end; what nobody sees of it goes to `hidden`."""
        paragraphs = [_Words(self._styles).read(paragraph) for paragraph in cell.iter(qn("w:p"))]
        hidden += filter(None, ("".join(words.hidden).strip() for words in paragraphs))
        text = "\n".join("".join(words.seen) for words in paragraphs).rstrip()
        return [" ".join(line.split()) for line in text.split("\n")]


def _name(element: Any) -> str:
    """The name without its namespace; comments and instructions have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST_COMMENT else f"{words[:_LONGEST_COMMENT]}…"


def _value(properties: Any, name: str) -> str:
    found = properties.find(qn(name))
    return (found.get(qn("w:val")) or "") if found is not None else ""


def _is_repeated(element: Any) -> bool:
    return any(_name(parent) == "Fallback" for parent in element.iterancestors())


def _lays_out(table: Any, rows: Sequence[Any]) -> bool:
    """A table that holds tables, or has one column, lays out the page."""
    holds_tables = next(table.iterdescendants(qn("w:tbl")), None) is not None
    return holds_tables or all(len(list(_cells(row))) == 1 for row in rows)


def _cells(row: Any) -> Iterator[Any]:
    """The cells of one row, also those inside content controls."""
    for child in row:
        if _name(child) == "tc":
            yield child
        elif _name(child) in _WRAPPERS:
            yield from _cells(child)


def _one_line(lines: Sequence[str]) -> str:
    return " ".join(line for line in lines if line)


def _as_rows(cells: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """A row whose cells all hold as many lines is really as many rows, set as one."""
    if len(cells) > 1 and len({len(lines) for lines in cells}) == 1:
        yield from zip(*cells, strict=True)
    else:
        yield [_one_line(lines) for lines in cells]


def _is_header(row: Any) -> bool:
    """Marked as repeated on every page, or set in bold throughout."""
    if next(row.iter(qn("w:tblHeader")), None) is not None:
        return True
    runs = [run for run in row.iter(qn("w:r")) if run.find(qn("w:t")) is not None]
    return bool(runs) and all(any(map(_is_on, run.iter(qn("w:b")))) for run in runs)


def _is_on(switch: Any) -> bool:
    return switch.get(qn("w:val")) not in _OFF


def _is_ground(shading: Any) -> bool:
    return (shading.get(qn("w:fill")) or "auto").upper() not in ("AUTO", _WHITE)


def _styles(part: Any) -> _Styles:
    styles = list(part.styles)
    return _Styles(
        levels=dict(_heading_levels(styles)),
        lists=frozenset(style.style_id for style in styles if (style.name or "").startswith("List ")),
        hiding=frozenset(style.style_id for style in styles if any(map(_is_on, style.element.iter(qn("w:vanish"))))),
        shading=frozenset(style.style_id for style in styles if any(map(_is_ground, style.element.iter(qn("w:shd"))))),
    )


def _heading_levels(styles: Iterable[Any]) -> Iterator[tuple[str, int]]:
    """The ids of the heading styles, also those made from them, with their levels."""
    for style in styles:
        ancestor, steps = style, 0
        while ancestor is not None and steps < 10:
            name = ancestor.name or ""
            found = _HEADING_NAME.match(name)
            if found or name == "Title":
                yield style.style_id, min(max(int(found.group(1)), 1), 6) if found else 1
                break
            ancestor, steps = getattr(ancestor, "base_style", None), steps + 1


def _notes(part: Any, kind: str) -> dict[str, Any]:
    """Foot- or endnotes or comments by their ids."""
    for relation in part.rels.values():
        if relation.reltype == _NOTES[kind] and not relation.is_external:
            notes = parse_xml(relation.target_part.blob)
            return {note.get(qn("w:id")): note for note in notes.iter(qn(f"w:{kind}"))}
    return {}
