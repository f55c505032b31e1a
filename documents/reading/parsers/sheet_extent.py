"""How far apart the cells of a workbook (XLSX) lie, looked at before a library makes room for all between them."""

import re
from zipfile import ZipFile

from documents.reading import archives
from documents.reading.parsers.workbook_parts import WorkbookParts

_PIECE_BYTES = 1_048_576
_LONGEST_REFERENCE = 40
_CELL = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')


def wide_sheets(parts: WorkbookParts, most_cells: int) -> dict[str, str]:
    """The sheets that span more cells than so many, each with its last cell: {"Budget": "XFD1048576"}."""
    found = {}
    for name, part in parts.sheets.items():
        try:
            last = _last_cell(parts.archive, part, most_cells)
        except archives.BROKEN:
            continue
        if last:
            found[name] = last
    return found


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
