"""Words and their boxes, packed: a long book has half a million of them.

A packed table is bytes of rows: start and end of the word in its page's text, its box in 65,535ths of the page, and how
sure text recognition is of it in hundredths (255: it was text already).
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from documents.values import Word

ROW = np.dtype(
    [
        ("start", "<u4"),
        ("end", "<u4"),
        ("x0", "<u2"),
        ("y0", "<u2"),
        ("x1", "<u2"),
        ("y1", "<u2"),
        ("confidence", "u1"),
    ]
)
_WHOLE = 65_535
_NOT_RECOGNISED = 255


def pack(words: Iterable[Word]) -> bytes:
    """The table of these words; edges beyond the page are cut off."""
    # A page in one go: word by word it took a tenth of all reading.
    columns = [(word.start, word.end, word.x0, word.y0, word.x1, word.y1, _percent(word.confidence)) for word in words]
    if not columns:
        return b""
    values = np.array(columns, dtype=np.float64)
    values[:, 2:6] = np.rint(np.clip(values[:, 2:6], 0.0, 1.0) * _WHOLE)
    table = np.empty(len(values), dtype=ROW)
    for place, name in enumerate(ROW.names or ()):
        table[name] = values[:, place]
    return table.tobytes()


def unpack(table: bytes) -> list[Word]:
    """The words of the table, in its order."""
    return _words(np.frombuffer(table, dtype=ROW))


def between(table: bytes, start: int, end: int) -> list[Word]:
    """The words that text[start:end) of the page touches."""
    rows = np.frombuffer(table, dtype=ROW)
    return _words(rows[(rows["start"] < end) & (rows["end"] > start)])


def is_sound(table: bytes, length: int) -> bool:
    """Whether the bytes are a table of words in order within a text of this length, their boxes the right way round."""
    if len(table) % ROW.itemsize:
        return False
    rows = np.frombuffer(table, dtype=ROW)
    placed = (rows["start"] < rows["end"]).all() and (rows["end"] <= length).all()
    ordered = (rows["end"][:-1] <= rows["start"][1:]).all()
    upright = (rows["x0"] <= rows["x1"]).all() and (rows["y0"] <= rows["y1"]).all()
    sure = ((rows["confidence"] <= 100) | (rows["confidence"] == _NOT_RECOGNISED)).all()
    return bool(placed and ordered and upright and sure)


def _percent(confidence: float | None) -> int:
    return _NOT_RECOGNISED if confidence is None else round(min(max(confidence, 0.0), 1.0) * 100)


def _words(rows: "np.ndarray[Any, Any]") -> list[Word]:
    return [
        Word(
            *(start, end),
            *(x0 / _WHOLE, y0 / _WHOLE, x1 / _WHOLE, y1 / _WHOLE),
            confidence=None if percent == _NOT_RECOGNISED else percent / 100,
        )
        for start, end, x0, y0, x1, y1, percent in map(tuple, rows.tolist())
    ]
