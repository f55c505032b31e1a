"""Cells of a workbook (XLSX) that the library gives as empty: formulas nobody has worked out yet, and errors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from documents.reading.draft import one_line
from documents.reading.parsers import sheet_places
from documents.reading.parsers.workbook_parts import BROKEN, WorkbookParts

_PIECE_BYTES = 1_048_576
_LONGEST_SEAM_BYTES = 200
_MOST_SHOWN = 1_000_000
_LONGEST_FORMULA = 300
_LONGEST_ERROR = 30
# A formula that its cell ends behind, with an empty value at most, or an error.
_SIGN = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\s[^<>]*/>)\s*(?:<(?:\w+:)?v(?:\s*/>|>\s*</[^<>]*>)\s*)?</|\st=[\"']e[\"']"
)
# An empty value is saved as such when it is said to be text.
_CELLS = etree.XPath(
    '*[@t="e" or *[local-name()="f"][not(../*[local-name()="v"][text() or ../@t="str"])]]', smart_strings=False
)
_BEFORE = etree.XPath("count(preceding-sibling::*)")


@dataclass(slots=True)
class Unsaved:
    """What such cells show, by row (the first is 1) and column (the first is 0), and how many formulas there are.

    When there is no `room` for more, the rest stay empty and are counted in `left_out`.
    """

    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    formulas: int = 0
    left_out: int = 0
    room: int = _MOST_SHOWN
    # Formulas that others repeat, by their number.
    _shared: dict[str, str] = field(default_factory=dict)

    def take(self, place: tuple[int, int], cell: etree._Element) -> None:
        shown, value = self._formula(cell), cell.findtext("{*}v") or ""
        self.formulas += bool(shown and not value)
        if not self.room:
            self.left_out += 1
            return
        self.room -= 1
        row, column = place
        self.cells.setdefault(row, {})[column] = one_line(value, _LONGEST_ERROR) or shown

    def _formula(self, cell: etree._Element) -> str:
        formula = cell.find("{*}f")
        if formula is None:
            return ""
        text, number = one_line(formula.text or "", _LONGEST_FORMULA), formula.get("si", "")
        if text and number:
            self._shared[number] = f"={text} (as in {cell.get('r', 'another cell')})"
        return f"={text}" if text else self._shared.get(number, "=(a formula)")


def unsaved(parts: WorkbookParts, sheet: str) -> Unsaved:
    """The cells of the sheet; of a torn one, those before the tear."""
    found = Unsaved()
    try:
        if _has_any(parts, parts.sheets.get(sheet, "")):
            for place, cell in _cells(parts, parts.sheets[sheet]):
                found.take(place, cell)
    except BROKEN:
        return found
    return found


def _has_any(parts: WorkbookParts, member: str) -> bool:
    """Whether it is worth reading the sheet a second time: most have no such cell."""
    rest = b""
    with parts.archive.open(member) as file:
        while piece := file.read(_PIECE_BYTES):
            if _SIGN.search(rest + piece):
                return True
            rest = piece[-_LONGEST_SEAM_BYTES:]
    return False


def _cells(parts: WorkbookParts, member: str) -> Iterator[tuple[tuple[int, int], etree._Element]]:
    """Rows and cells need not say where they are; then they follow those before them."""
    number = 0
    for row in parts.elements(member, "row"):
        said = row.get("r", "")
        number = int(said) if said.isdecimal() else number + 1
        for cell in _CELLS(row):
            place = sheet_places.cell(cell.get("r", "")) or (number, int(_BEFORE(cell)))
            yield place, cell
