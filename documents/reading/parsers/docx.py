"""Word documents: the body in its order, with the text of controls, links, text boxes and notes."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from documents.reading import archives
from documents.reading.draft import Draft, table_row
from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.progress import Progress, unheard
from documents.values import BlockKind, ReadDocument

_NOTES = {"footnote": RELATIONSHIP_TYPE.FOOTNOTES, "endnote": RELATIONSHIP_TYPE.ENDNOTES}
_HEADING_NAME = re.compile(r"heading (\d)", re.IGNORECASE)
_OFF = ("0", "false", "off")
# Stand for characters in a run.
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Hold paragraphs and tables, not words: read as if they were not there.
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice"})
# Fallback repeats what stands beside it for older programs; the others hold no words a reader sees.
_UNSEEN = frozenset({"pPr", "rPr", "sdtPr", "Fallback", "del", "moveFrom", "instrText"})


def parse(path: Path, limits: Limits, progress: Progress = unheard) -> ReadDocument:
    archives.check(path, limits)
    source = _open(path)
    body = source.element.body
    writer = _Writer(source, Draft(limits))
    writer.write(body)
    progress(1, 1)
    draft = writer.draft
    title = source.core_properties.title or draft.first_heading()
    return draft.document(title=title, hidden_text=any(map(_is_on, body.iter(qn("w:vanish")))))


def _open(path: Path) -> Any:
    try:
        source = docx.Document(str(path))
        assert source.element.body is not None
    except ValueError as error:
        # What python-docx says of other contents: templates, macros, strict variants.
        raise UnreadableFile(
            Code.UNSUPPORTED_TYPE,
            "This is a Word template or a document with macros. Save it as a plain Word document (.docx) first.",
            detail="content type",
        ) from error
    # Broken XML is a SyntaxError to lxml.
    except (OpcError, BadZipFile, SyntaxError, KeyError, AttributeError, AssertionError) as error:
        raise UnreadableFile(
            Code.DAMAGED,
            "This Word document is damaged and cannot be opened. Open it in Word or LibreOffice, save it again as "
            ".docx and upload that.",
            detail=type(error).__name__,
        ) from error
    return source


class _Writer:
    """Writes the body into the draft, block after block."""

    def __init__(self, source: Any, draft: Draft) -> None:
        self.draft = draft
        self._levels = dict(_heading_levels(source))
        self._lists = {style.style_id for style in source.styles if (style.name or "").startswith("List ")}
        self._notes = {kind: _notes(source, kind) for kind in _NOTES}

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
        """The paragraph, then what hangs on it: its text boxes and notes."""
        kind, level = self._kind(paragraph)
        self.draft.add("".join(_words(paragraph)), kind, level)
        for element in paragraph.iter():
            name = _name(element)
            if name == "txbxContent" and not _is_repeated(element):
                self.write(element)
            elif name in ("footnoteReference", "endnoteReference"):
                note = self._notes[name.removesuffix("Reference")].pop(element.get(qn("w:id")), None)
                self.write(note if note is not None else ())

    def _kind(self, paragraph: Any) -> tuple[BlockKind, int]:
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style_id = style.get(qn("w:val")) if style is not None else ""
        if style_id in self._levels:
            return BlockKind.HEADING, self._levels[style_id]
        numbered = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
        return (BlockKind.LIST_ITEM if numbered or style_id in self._lists else BlockKind.PARAGRAPH), 0

    def _write_table(self, table: Any) -> None:
        rows = list(table.iter(qn("w:tr")))
        if next(table.iterdescendants(qn("w:tbl")), None) is not None or all(
            len(list(_cells(row))) == 1 for row in rows
        ):
            # A table that holds tables, or has one column, lays out the page.
            for cell in table.iterchildren(qn("w:tr")):
                for part in _cells(cell):
                    self.write(part)
            return
        header: list[str] = []
        for number, row in enumerate(rows):
            lines = [_cell_lines(cell) for cell in _cells(row)]
            for cells in _as_rows(lines):
                self.draft.add(table_row(header, cells), BlockKind.TABLE_ROW)
            if number == 0 and _is_header(row):
                header = [_one_line(cell) for cell in lines]


def _name(element: Any) -> str:
    """The name without its namespace; comments and instructions have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _words(element: Any) -> Iterator[str]:
    """The text of a paragraph in its order; text boxes inside of it are not part of its sentence."""
    for child in element:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in _MARKS:
            yield _MARKS[name]
        elif name not in _UNSEEN and name != "txbxContent":
            yield from _words(child)


def _is_repeated(element: Any) -> bool:
    return any(_name(parent) == "Fallback" for parent in element.iterancestors())


def _cells(row: Any) -> Iterator[Any]:
    """The cells of one row, also those inside content controls."""
    for child in row:
        if _name(child) == "tc":
            yield child
        elif _name(child) in _WRAPPERS:
            yield from _cells(child)


def _cell_lines(cell: Any) -> list[str]:
    """The lines of a cell, without the empty ones at its end."""
    text = "\n".join("".join(_words(paragraph)) for paragraph in cell.iter(qn("w:p"))).rstrip()
    return [" ".join(line.split()) for line in text.split("\n")]


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


def _heading_levels(source: Any) -> Iterator[tuple[str, int]]:
    """The ids of the heading styles, also those made from them, with their levels."""
    for style in source.styles:
        ancestor, steps = style, 0
        while ancestor is not None and steps < 10:
            name = ancestor.name or ""
            found = _HEADING_NAME.match(name)
            if found or name == "Title":
                yield style.style_id, min(max(int(found.group(1)), 1), 6) if found else 1
                break
            ancestor, steps = getattr(ancestor, "base_style", None), steps + 1


def _notes(source: Any, kind: str) -> dict[str, Any]:
    """Foot- or endnotes by their ids."""
    for relation in source.part.rels.values():
        if relation.reltype == _NOTES[kind] and not relation.is_external:
            notes = parse_xml(relation.target_part.blob)
            return {note.get(qn("w:id")): note for note in notes.iter(qn(f"w:{kind}"))}
    return {}
