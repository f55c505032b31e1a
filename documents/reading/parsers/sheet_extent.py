"""How far apart the cells of a workbook (XLSX) lie, looked at before a library makes room for all between them."""

import posixpath
import re
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

from documents.reading import archives

_PIECE_BYTES = 1_048_576
_LONGEST_REFERENCE = 40
_CELL = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def wide_sheets(path: Path, most_cells: int) -> dict[str, str]:
    """The sheets that span more cells than so many, each with its last cell: {"Budget": "XFD1048576"}."""
    found = {}
    with ZipFile(path) as archive:
        for name, part in _parts(archive).items():
            try:
                last = _last_cell(archive, part, most_cells)
            except archives.BROKEN:
                continue
            if last:
                found[name] = last
    return found


def _parts(archive: ZipFile) -> dict[str, str]:
    """The members that hold the sheets, by the names of the sheets."""
    try:
        relations = _parsed(archive, "xl/_rels/workbook.xml.rels")
        workbook = _parsed(archive, "xl/workbook.xml")
    except (*archives.BROKEN, etree.XMLSyntaxError):
        return {}
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in relations.iter("{*}Relationship")}
    return {
        sheet.get("name", ""): posixpath.normpath(posixpath.join("/xl", targets.get(_relation(sheet), "")))[1:]
        for sheet in workbook.iter("{*}sheet")
    }


def _relation(sheet: etree._Element) -> str:
    return sheet.get(_RELATION_ID) or sheet.get(_STRICT_RELATION_ID) or ""


def _parsed(archive: ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(archive.read(name), parser)
    if root is None:
        raise ValueError(name)
    return root


def _last_cell(archive: ZipFile, part: str, most_cells: int) -> str:
    """The corner of the sheet, when it spans too much; the references of its cells are all that is looked at."""
    columns: set[bytes] = set()
    first, last = 1 << 30, 0
    rest = b""
    with archive.open(part) as file:
        while piece := file.read(_PIECE_BYTES):
            for column, row in _CELL.findall(rest + piece):
                columns.add(column)
                number = int(row)
                first, last = min(first, number), max(last, number)
            rest = piece[-_LONGEST_REFERENCE:]
    if not columns:
        return ""
    left, *_, right = sorted([*columns, *columns], key=_column)
    cells = (last - first + 1) * (_column(right) - _column(left) + 1)
    return f"{right.decode()}{last}" if cells > most_cells else ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
