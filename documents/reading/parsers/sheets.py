"""Workbooks (XLSX, XLSB, XLS, ODS): the values of their cells, row by row, each row with its place."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from struct import unpack_from
from typing import Any

from olefile import OleFileIO
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from documents.reading import archives
from documents.reading.draft import Draft, one_line
from documents.reading.errors import Code, UnreadableFile
from documents.reading.items import Expected, Item, Note
from documents.reading.limits import Limits
from documents.reading.parsers import grid, sheet_extent
from documents.reading.parsers.grid import Row
from documents.values import Leaf, PageKind

# The library makes room for every cell between the first and the last, filled or not.
_MOST_CELLS = 15_000_000
_TOO_WIDE = (
    "This sheet has cells as far away as {cell}, with more empty ones between them than can be read. Delete what is "
    "far off the table, or copy the table to a new sheet, and upload that."
)
_PASSWORD_RECORD = 0x2F
_FIRST_RECORDS_BYTES = 4_096
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_MIDNIGHT = time()


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    wide: dict[str, str] = {}
    if _is_packed(path):
        archives.check(path, limits)
        wide = sheet_extent.wide_sheets(path, _MOST_CELLS)
    workbook = _open(path)
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
    _check_number(len(sheets), limits)
    yield Expected(len(sheets))
    for number, sheet in enumerate(sheets, start=1):
        if sheet.name in wide:
            reason = _TOO_WIDE.format(cell=wide[sheet.name])
            yield Leaf(number, PageKind.TOO_LARGE, label=one_line(sheet.name), reason=reason)
        else:
            yield _leaf(workbook, sheet.name, number, limits)
    hidden = [sheet.name for sheet in sheets if sheet.visible is not SheetVisibleEnum.Visible]
    if hidden:
        yield Note(f"Hidden in the workbook, and read all the same: {', '.join(f'“{name}”' for name in hidden[:20])}.")


def _check_number(sheets: int, limits: Limits) -> None:
    if not sheets:
        raise UnreadableFile(
            Code.NO_TEXT, "There is no sheet with cells in this workbook. Check that it is the right one."
        )
    if sheets > limits.pages:
        raise UnreadableFile(
            Code.TOO_MANY_PAGES,
            f"This workbook has {sheets:,} sheets; a document may have {limits.pages:,}. Split it and upload the "
            "parts.",
        )


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _open(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise _locked() from error
    except (CalamineError, XmlError, ZipError, ValueError, OSError) as error:
        raise _refusal(path, error) from error


def _refusal(path: Path, error: Exception) -> UnreadableFile:
    words = str(error).lower()
    if "password" in words or "encrypt" in words or _asks_for_password(path):
        return _locked()
    if "unrecognized sheet" in words:
        return UnreadableFile(
            Code.UNSUPPORTED_TYPE,
            "This workbook holds a sheet of an old kind, such as a sheet of macros. Delete that sheet, save the "
            "workbook as .xlsx and upload that.",
            detail=type(error).__name__,
        )
    return UnreadableFile(
        Code.DAMAGED,
        "This workbook is damaged and cannot be opened. Open it in Excel or LibreOffice, save it again as .xlsx "
        "and upload that.",
        detail=type(error).__name__,
    )


def _asks_for_password(path: Path) -> bool:
    """Whether an old workbook says so among its first records."""
    try:
        with OleFileIO(path) as ole:
            name = next((name for name in ("Workbook", "Book") if ole.exists(name)), "")
            records = ole.openstream(name).read(_FIRST_RECORDS_BYTES)
    except (OSError, ValueError, IndexError):
        return False
    position = 0
    while position + 4 <= len(records):
        kind, length = unpack_from("<HH", records, position)
        if kind == _PASSWORD_RECORD:
            return True
        position += 4 + length
    return False


def _locked() -> UnreadableFile:
    return UnreadableFile(
        Code.ENCRYPTED, "This workbook is locked with a password. Save a copy without the password and upload that."
    )


def _leaf(workbook: CalamineWorkbook, name: str, number: int, limits: Limits) -> Leaf:
    draft = Draft(limits)
    sheet = workbook.get_sheet_by_name(name)
    across = (sheet.start or (0, 0))[1]
    columns = sorted({index for cells in sheet.iter_rows() for index, cell in enumerate(cells) if cell != ""})
    # The library begins at the first row of the sheet, but at the first column in use.
    rows = (Row(row, [_shown(cell) for cell in cells]) for row, cells in enumerate(sheet.iter_rows(), start=1))
    grid.write(rows, columns, draft, lambda row, first, last: _anchor(name, row, across + first, across + last))
    return draft.leaf(number, label=name)


def _shown(cell: Any) -> str:
    """A value as people read it."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.12g}"
        case datetime():
            return str(cell.date()) if cell.time() == _MIDNIGHT else cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat("minutes")
        case timedelta():
            return str(cell)
        case _:
            return " ".join(str(cell).split())


def _anchor(sheet: str, row: int, first: int, last: int) -> str:
    """The cells as spreadsheets name them: Budget!A5:F5."""
    name = sheet if _PLAIN_NAME.fullmatch(sheet) else "'" + sheet.replace("'", "''") + "'"
    place = f"{_letters(first)}{row}"
    return f"{name}!{place}" if first == last else f"{name}!{place}:{_letters(last)}{row}"


def _letters(column: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
