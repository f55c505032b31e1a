"""Plain text: paragraphs stand between blank lines, and a line with tabs in it is a row of a table."""

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from documents.reading.decoding import decode
from documents.reading.draft import Draft, clean, table_row
from documents.reading.limits import Limits
from documents.reading.plain_text import is_table_row
from documents.reading.progress import Progress, unheard
from documents.values import BlockKind, ReadDocument

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def parse(path: Path, limits: Limits, progress: Progress = unheard) -> ReadDocument:
    draft = Draft(limits)
    for paragraph in _BLANK_LINES.split(clean(decode(path.read_bytes()))):
        for is_row, lines in groupby(paragraph.split("\n"), key=is_table_row):
            if is_row:
                _add_rows(draft, lines)
            else:
                draft.add("\n".join(lines))
    progress(1, 1)
    return draft.document()


def _add_rows(draft: Draft, lines: Iterable[str]) -> None:
    for line in lines:
        draft.add(table_row((), [" ".join(cell.split()) for cell in line.split("\t")]), BlockKind.TABLE_ROW)
