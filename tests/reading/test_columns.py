from collections.abc import Callable
from pathlib import Path

import pytest

from documents.reading.parsers import pdf
from tests.reading.files import Sheet, Text, paragraph
from tests.reading.files import pdf as made
from tests.reading.reading import read_with

LEFT = [f"Left line number {number} of the story" for number in range(8)]
RIGHT = [f"Right line number {number} of the story" for number in range(8)]


Read = Callable[..., str]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def parse(*texts: Text) -> str:
        path = tmp_path / "file.pdf"
        path.write_bytes(made(Sheet(texts)))
        return " ".join(read_with(pdf.parse, path).text.split())

    return parse


def test_two_columns_drawn_one_after_the_other_are_read_so(read: Read) -> None:
    text = read(*paragraph(*LEFT), *paragraph(*RIGHT, x=330))

    assert text == " ".join(LEFT + RIGHT)


def test_two_columns_drawn_line_by_line_are_read_one_after_the_other(read: Read) -> None:
    sides = zip(paragraph(*LEFT), paragraph(*RIGHT, x=330), strict=True)

    text = read(*(part for pair in sides for part in pair))

    assert text == " ".join(LEFT + RIGHT)


def test_a_right_column_drawn_first_is_read_last(read: Read) -> None:
    text = read(*paragraph(*RIGHT, x=330), *paragraph(*LEFT))

    assert text == " ".join(LEFT + RIGHT)


def test_a_heading_over_both_columns_is_read_before_them(read: Read) -> None:
    heading = Text("A heading that stands over the whole of the page as it is", y=760, size=18)

    text = read(*paragraph(*LEFT), *paragraph(*RIGHT, x=330), heading)

    assert text == " ".join([heading.words, *LEFT, *RIGHT])


def test_a_footnote_drawn_first_is_read_last(read: Read) -> None:
    note = Text("1 This is a note at the foot of the page.", y=60, size=9)

    text = read(note, *paragraph(*LEFT))

    assert text == " ".join([*LEFT, note.words])


def test_three_columns_are_read_from_left_to_right(read: Read) -> None:
    columns = [[f"{name} column line {number}" for number in range(6)] for name in ("First", "Second", "Third")]
    drawn = [paragraph(*lines, x=50 + 180 * place) for place, lines in enumerate(columns)]

    text = read(*drawn[2], *drawn[0], *drawn[1])

    assert text == " ".join(line for column in columns for line in column)


def test_numbers_of_lines_drawn_first_stand_before_their_lines(read: Read) -> None:
    numbers = [Text(str(number), x=50, y=720 - 14 * number) for number in range(1, 6)]
    lines = [
        Text(f"Words of the witness in line {name}", x=90, y=720 - 14 * n) for n, name in enumerate("abcde", start=1)
    ]

    text = read(*numbers, *lines)

    assert text.startswith("1 Words of the witness in line a 2 Words")


def test_labels_and_their_values_stay_together(read: Read) -> None:
    labels = [("Name", "Alice of the first house"), ("Street", "High Street 5"), ("City", "Springfield")]
    rows = [(Text(a, y=700 - 14 * n), Text(b, x=250, y=700 - 14 * n)) for n, (a, b) in enumerate(labels)]

    text = read(*(part for row in rows for part in row))

    assert text == "Name | Alice of the first house Street | High Street 5 City | Springfield"
