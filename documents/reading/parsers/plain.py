"""Plain text: paragraphs stand between blank lines, and a line with tabs in it is a row of a table."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from documents.reading.decoding import decode
from documents.reading.draft import Draft, clean, table_row
from documents.reading.items import Item
from documents.reading.limits import Limits
from documents.reading.plain_text import is_table_row
from documents.values import BlockKind

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    draft = Draft(limits)
    write(decode(path.read_bytes()), draft)
    yield draft.leaf()


def write(text: str, draft: Draft) -> None:
    """Writes the paragraphs and rows of the text into the draft."""
    for paragraph in _BLANK_LINES.split(clean(text)):
        for is_row, lines in groupby(paragraph.split("\n"), key=is_table_row):
            if is_row:
                _add_rows(draft, lines)
            else:
                draft.add("\n".join(lines))


def _add_rows(draft: Draft, lines: Iterable[str]) -> None:
    for line in lines:
        draft.add(table_row((), [" ".join(cell.split()) for cell in line.split("\t")]), BlockKind.TABLE_ROW)
