"""Tables of office files: their rows as blocks, each to be read alone."""

from collections.abc import Sequence

from documents.reading.draft import Draft, table_row
from documents.values import BlockKind


def one_line(words: str) -> str:
    return " ".join(words.split())


def add(draft: Draft, rows: Sequence[Sequence[str]], headers: int = 0) -> None:
    """Writes the rows; the first `headers` of them name the columns. A table of one column holds running text."""
    if all(len(row) < 2 for row in rows):
        for row in rows:
            draft.add("".join(row))
        return
    names: Sequence[str] = ()
    for number, row in enumerate(rows):
        cells = [one_line(cell) for cell in row]
        draft.add(table_row(() if number < headers else names, cells), BlockKind.TABLE_ROW)
        if number < headers:
            names = _joined(names, cells)


def _joined(above: Sequence[str], below: Sequence[str]) -> Sequence[str]:
    """Names set in several rows are one name: "2024" over "May" is "2024 May"."""
    if len(above) != len(below):
        return below
    return [
        first if first == second else f"{first} {second}".strip() for first, second in zip(above, below, strict=True)
    ]
