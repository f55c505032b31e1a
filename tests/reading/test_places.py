"""Any words quoted from a text stand in the boxes that are given for them, whatever page they are on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from documents.reading import boxes
from documents.reading.parsers import pdf
from documents.values import Box, ReadDocument
from tests.reading.files import Sheet, Text
from tests.reading.files import pdf as made
from tests.reading.reading import read_with

WIDE, TALL = 600, 800
WORD = re.compile(r"w\d+")
CROPS = (None, (0, 0, 300, 800), (100, 200, 500, 700))

# A page's number, and a place on it in fractions from its top left.
Point = tuple[int, float, float]
Layout = tuple[list[Sheet], dict[str, Point]]


@dataclass(frozen=True)
class Drawn:
    """A word of a page: no other word is spelt the same. `x` and `y` stand inside its first letter."""

    letters: str
    x: float
    y: float


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Pages turned and cropped at will, and for each word its page and a point inside it as fractions."""
    numbers = count(draw(st.integers(100, 900)))
    sheets: list[Sheet] = []
    points: dict[str, Point] = {}
    for page in range(1, draw(st.integers(1, 3)) + 1):
        words = draw(_words(numbers))
        texts = [Text(word.letters, word.x, word.y) for word in words]
        sheet = Sheet(texts, draw(st.sampled_from((0, 90, 180, 270))), draw(st.sampled_from(CROPS)))
        sheets.append(sheet)
        points |= {word.letters: (page, *_shown(sheet, word.x + 2, word.y + 3)) for word in words}
    return sheets, points


@st.composite
def _words(draw: st.DrawFn, numbers: Iterator[int]) -> list[Drawn]:
    """Lines of words from the top down, one or more to a line."""
    words = []
    y = 770
    for _ in range(draw(st.integers(1, 8))):
        x = draw(st.integers(20, 120))
        y -= draw(st.integers(14, 60))
        for _ in range(draw(st.integers(1, 5))):
            words.append(Drawn(f"w{next(numbers)}", x, y))
            x += draw(st.integers(45, 120))
    return words


def _shown(sheet: Sheet, x: float, y: float) -> tuple[float, float]:
    """The point in fractions from the top left of the page as it is shown."""
    left, bottom, right, top = sheet.crop or (0, 0, WIDE, TALL)
    across, down = (x - left) / (right - left), (top - y) / (top - bottom)
    turned = {0: (across, down), 90: (1 - down, across), 180: (1 - across, 1 - down), 270: (down, 1 - across)}
    return turned[sheet.turned]


def read(sheets: list[Sheet]) -> ReadDocument:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file.pdf"
        path.write_bytes(made(*sheets))
        return read_with(pdf.parse, path)


def is_on_the_page(point: Point) -> bool:
    return 0 <= point[1] <= 1 and 0 <= point[2] <= 1


def _nearest_on_the_page(point: Point) -> Point:
    """For words that the edge of the page cuts in two."""
    page, x, y = point
    return page, min(max(x, 0), 1), min(max(y, 0), 1)


def holds(box: Box, point: Point) -> bool:
    page, x, y = point
    return box.page == page and box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1


@settings(max_examples=60)
@given(layouts(), st.data())
def test_a_quotes_boxes_hold_each_of_its_words_and_no_box_is_without_one(layout: Layout, data: st.DataObject) -> None:
    sheets, points = layout
    document = read(sheets)
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, len(document.text)))

    found = boxes.place(document.pages, document.blocks, start, end).boxes

    words = list(WORD.finditer(document.text))
    whole = [points[word[0]] for word in words if start <= word.start() and word.end() <= end]
    touched = [points[word[0]] for word in words if start < word.end() and word.start() < end]
    assert all(any(holds(box, point) for box in found) for point in whole if is_on_the_page(point))
    assert all(any(holds(box, _nearest_on_the_page(point)) for point in touched) for box in found)


@settings(max_examples=60)
@given(layouts())
def test_the_box_of_a_word_holds_no_other(layout: Layout) -> None:
    sheets, points = layout
    document = read(sheets)

    for word in WORD.finditer(document.text):
        found = boxes.place(document.pages, document.blocks, *word.span()).boxes
        inside = [other for other, point in points.items() if any(holds(box, point) for box in found)]
        assert inside == [word[0]] * is_on_the_page(points[word[0]])
