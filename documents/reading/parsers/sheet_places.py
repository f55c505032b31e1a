"""The places of cells as spreadsheets name them: Budget!A5:F5."""

import re

_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384


def anchor(sheet: str, row: int, first: int, last: int) -> str:
    """Row 1 is the first, column 0 is A."""
    start = f"{_quoted(sheet)}!{place(row, first)}"
    return start if first == last else f"{start}:{place(row, last)}"


def place(row: int, column: int) -> str:
    """Row 3 and column 1 are B3."""
    return f"{_letters(column)}{row}"


def cell(reference: str) -> tuple[int, int] | None:
    """The row and column of "B3", counted as in `anchor`; None when no sheet has such a cell."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(found.group(2))
    return (row, column - 1) if row <= _MOST_ROWS and column <= _MOST_COLUMNS else None


def _quoted(sheet: str) -> str:
    return sheet if _PLAIN_NAME.fullmatch(sheet) else "'" + sheet.replace("'", "''") + "'"


def _letters(column: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
