"""Tables as files that spreadsheet programs open, and words as Markdown shows them: nothing in them is carried out."""

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

_WIDTHS = {"document": 40, "statement": 60, "quote": 80, "reason": 40}
_MOST_IN_A_CELL = 32_767
# What a spreadsheet program would take for a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    """With a mark at the beginning, so that spreadsheet programs read it as UTF-8."""
    text = StringIO()
    csv.writer(text).writerows([_harmless(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A sheet for each table, whose first row is its head."""
    file = BytesIO()
    options = {
        "in_memory": True,
        "default_date_format": "yyyy-mm-dd",
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for name, (head, *rows) in sheets.items():
            sheet = book.add_worksheet(name)
            for at, heading in enumerate(head):
                sheet.set_column(at, at, _WIDTHS.get(heading, 16), wrapped)
            sheet.write_row(0, 0, head, bold)
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number, 0, [_fitting(value) for value in row])
            sheet.freeze_panes(1, 0)
    return file.getvalue()


def plain(text: str) -> str:
    """On one line, with nothing that Markdown would take for markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|!" else sign for sign in " ".join(text.split()))


def _fitting(value: Any) -> Any:
    return value[:_MOST_IN_A_CELL] if isinstance(value, str) else value


def _harmless(value: Any) -> Any:
    """A text that no spreadsheet program takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_SIGNS) else value
