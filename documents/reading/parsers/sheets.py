"""Workbooks (XLSX, XLSB, XLS, ODS): the values of their cells, row by row, each row with its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from struct import unpack_from
from typing import Any
from zipfile import ZipFile

from olefile import OleFileIO
from python_calamine import (
    CalamineError,
    CalamineSheet,
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
from documents.reading.parsers import grid, sheet_comments, sheet_extent, sheet_places, sheet_unsaved
from documents.reading.parsers.grid import Row
from documents.reading.parsers.sheet_comments import Comment
from documents.reading.parsers.workbook_parts import WorkbookParts
from documents.values import BlockKind, Leaf, PageKind

# The library makes room for every cell between the first and the last, filled or not.
_MOST_CELLS = 15_000_000
_TOO_WIDE = (
    "This sheet has cells as far away as {cell}, with more empty ones between them than can be read. Delete what is "
    "far off the table, or copy the table to a new sheet, and upload that."
)
_UNSAVED = (
    "The file holds no result for {formulas}: what is shown is the formula itself. Open the workbook in Excel or "
    "LibreOffice, save it and upload it again to have the results."
)
_MORE_UNSAVED = "Sheet “{sheet}” has more formulas and errors than can be shown: {left_out:,} cells are left empty."
_MORE_COMMENTS = "Sheet “{sheet}” has more comments than are read of one sheet: the first {most:,} are shown."
_PASSWORD_RECORD = 0x2F
_FIRST_RECORDS_BYTES = 4_096
_MIDNIGHT = time()


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    packed = _is_packed(path)
    if packed:
        archives.check(path, limits)
    with ZipFile(path) if packed else nullcontext() as archive:
        yield from _Workbook(_open(path), WorkbookParts(archive) if archive else None, limits).items()


@dataclass(slots=True)
class _Workbook:
    """An open workbook; an XLSX one with its members."""

    library: CalamineWorkbook
    parts: WorkbookParts | None
    limits: Limits
    formulas: int = 0

    def items(self) -> Iterator[Item]:
        sheets = [sheet for sheet in self.library.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
        _check_number(len(sheets), self.limits)
        wide = sheet_extent.wide_sheets(self.parts, _MOST_CELLS) if self.parts else {}
        yield Expected(len(sheets))
        for number, sheet in enumerate(sheets, start=1):
            if sheet.name in wide:
                reason = _TOO_WIDE.format(cell=wide[sheet.name])
                yield Leaf(number, PageKind.TOO_LARGE, label=one_line(sheet.name), reason=reason)
            else:
                yield from self._sheet(number, sheet.name)
        yield from self._notes([sheet.name for sheet in sheets if sheet.visible is not SheetVisibleEnum.Visible])

    def _sheet(self, number: int, name: str) -> Iterator[Item]:
        draft = Draft(self.limits)
        unsaved = sheet_unsaved.unsaved(self.parts, name) if self.parts else sheet_unsaved.Unsaved()
        comments = sheet_comments.comments(self.parts, name) if self.parts else []
        _write_cells(self.library.get_sheet_by_name(name), unsaved.cells, draft, name)
        _write_comments(comments[: sheet_comments.MOST_COMMENTS], draft, name)
        self.formulas += unsaved.formulas
        yield draft.leaf(number, label=name)
        if unsaved.left_out:
            yield Note(_MORE_UNSAVED.format(sheet=one_line(name), left_out=unsaved.left_out))
        if len(comments) > sheet_comments.MOST_COMMENTS:
            yield Note(_MORE_COMMENTS.format(sheet=one_line(name), most=sheet_comments.MOST_COMMENTS))

    def _notes(self, hidden: Sequence[str]) -> Iterator[Note]:
        if hidden:
            names = ", ".join(f"“{name}”" for name in hidden[:20])
            yield Note(f"Hidden in the workbook, and read all the same: {names}.")
        if self.formulas:
            some = "1 formula" if self.formulas == 1 else f"{self.formulas:,} formulas"
            yield Note(_UNSAVED.format(formulas=some))


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


def _write_cells(sheet: CalamineSheet, unsaved: Mapping[int, Mapping[int, str]], draft: Draft, name: str) -> None:
    # The library begins at the first row of the sheet, but at the first column in use.
    across = sheet.start[1] if sheet.start else None
    columns = {column for cells in unsaved.values() for column in cells}
    left = min(columns if across is None else {across, *columns}, default=0)
    for cells in sheet.iter_rows():
        columns.update(index + (across or 0) for index, cell in enumerate(cells) if cell != "")
    rows = _rows(sheet, unsaved, (across or 0) - left, left)
    shown = sorted(column - left for column in columns)
    grid.write(rows, shown, draft, lambda row, first, last: sheet_places.anchor(name, row, left + first, left + last))


def _rows(sheet: CalamineSheet, unsaved: Mapping[int, Mapping[int, str]], missing: int, left: int) -> Iterator[Row]:
    """The rows of the library, `missing` cells at the left of each, with what it leaves empty; then those it lacks."""
    number = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        shown = [""] * missing + [_shown(cell) for cell in cells]
        yield Row(number, _completed(shown, unsaved.get(number, {}), left))
    for below in sorted(row for row in unsaved if row > number):
        yield Row(below, _completed([], unsaved[below], left))


def _completed(cells: list[str], unsaved: Mapping[int, str], left: int) -> list[str]:
    for column, shown in unsaved.items():
        cells += [""] * (column - left + 1 - len(cells))
        cells[column - left] = cells[column - left] or shown
    return cells


def _write_comments(comments: Iterable[Comment], draft: Draft, name: str) -> None:
    for comment in comments:
        place = sheet_places.anchor(name, comment.row, comment.column, comment.column)
        draft.add(comment.in_words, BlockKind.PARAGRAPH, anchor=place)


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
