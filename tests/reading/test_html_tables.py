"""Tables of data in web pages: each row can be read alone."""

import time
from pathlib import Path

import pytest

from documents.reading.parsers import html
from tests.reading.reading import blocks, is_quick, read_with


def rows(folder: Path, table: str) -> list[str]:
    path = folder / "file"
    path.write_text(f"<table>{table}</table>", encoding="utf-8")
    return blocks(read_with(html.parse, path))


HEADER = "<tr><th>City<th>Year<th>Rate"


def test_a_cell_that_spans_rows_is_said_in_each_of_them(tmp_path: Path) -> None:
    table = f"{HEADER}<tr><td rowspan=2>Bern<td>2023<td>4%<tr><td>2024<td>5%<tr><td>Basel<td>2024<td>6%"

    assert rows(tmp_path, table) == [
        "City | Year | Rate",
        "City: Bern; Year: 2023; Rate: 4%",
        "City: Bern; Year: 2024; Rate: 5%",
        "City: Basel; Year: 2024; Rate: 6%",
    ]


def test_a_cell_that_spans_columns_is_said_in_each_of_them(tmp_path: Path) -> None:
    table = f"{HEADER}<tr><td>Bern<td>2023<td>4%<tr><td colspan=2>Total<td>9%"

    assert rows(tmp_path, table)[2] == "City: Total; Year: Total; Rate: 9%"


def test_a_cell_may_span_both_ways(tmp_path: Path) -> None:
    table = f"{HEADER}<tr><td rowspan=2 colspan=2>All<td>1%<tr><td>2%<tr><td>Bern<td>2024<td>3%"

    assert rows(tmp_path, table)[1:] == [
        "City: All; Year: All; Rate: 1%",
        "City: All; Year: All; Rate: 2%",
        "City: Bern; Year: 2024; Rate: 3%",
    ]


def test_names_in_several_rows_are_one_name(tmp_path: Path) -> None:
    table = (
        "<thead><tr><th rowspan=2>City<th colspan=2>2024<tr><th>May<th>June</thead>"
        "<tbody><tr><td>Bern<td>4%<td>5%</tbody>"
    )

    assert rows(tmp_path, table) == ["City | 2024", "May | June", "City: Bern; 2024 May: 4%; 2024 June: 5%"]


def test_a_row_of_one_cell_stands_alone_and_names_nothing(tmp_path: Path) -> None:
    table = f"<tr><th colspan=3>Rates{HEADER}<tr><td colspan=3>North<tr><td>Bern<td>2023<td>4%"

    assert rows(tmp_path, table) == ["Rates", "City | Year | Rate", "North", "City: Bern; Year: 2023; Rate: 4%"]


def test_a_header_after_such_a_row_begins_anew(tmp_path: Path) -> None:
    table = f"{HEADER}<tr><td>Bern<td>2023<td>4%<tr><th colspan=3>Heat<tr><th>Place<th>Month<th>Cost<tr><td>a<td>b<td>c"

    assert rows(tmp_path, table)[-2:] == ["Place | Month | Cost", "Place: a; Month: b; Cost: c"]


def test_a_last_row_set_like_a_header_is_data(tmp_path: Path) -> None:
    table = f"{HEADER}<tr><td>Bern<td>2023<td>4%<tr><th>Total<th>–<th>9%"

    assert rows(tmp_path, table)[-1] == "City: Total; Year: –; Rate: 9%"


def test_columns_that_share_a_name_and_a_cell_say_it_once(tmp_path: Path) -> None:
    table = "<tr><th>City<th colspan=2>Rate<tr><td>Bern<td colspan=2>4%"

    assert rows(tmp_path, table)[1] == "City: Bern; Rate: 4%"


def test_no_cell_reaches_out_of_its_part_of_the_table(tmp_path: Path) -> None:
    table = "<thead><tr><th rowspan=9>City<th>Rate</thead><tbody><tr><td rowspan=0>Bern<td>4%<tr><td>5%</tbody>"

    assert rows(tmp_path, table) == ["City | Rate", "City: Bern; Rate: 4%", "City: Bern; Rate: 5%"]


def test_without_names_a_wide_cell_is_said_once(tmp_path: Path) -> None:
    table = "<tr><td rowspan=2>Bern<td colspan=2>4%<td>x<tr><td>5%<td>6%<td>y"

    assert rows(tmp_path, table) == ["Bern | 4% | x", "Bern | 5% | 6% | y"]


@pytest.mark.parametrize("span", ["x", "-2", "", "1.5", "²", "00"])
def test_a_span_that_is_no_number_is_none(tmp_path: Path, span: str) -> None:
    table = f"{HEADER}<tr><td colspan='{span}'>Bern<td>2023<td>4%"

    assert rows(tmp_path, table)[1] == "City: Bern; Year: 2023; Rate: 4%"


def test_short_rows_leave_gaps_under_wide_ones(tmp_path: Path) -> None:
    table = f"{HEADER}<tr><td>Bern<td>2023<td rowspan=2>4%<tr><td>Basel"

    assert rows(tmp_path, table)[2] == "City: Basel; Year: –; Rate: 4%"


HOSTILE = {
    "wide": "<tr><td colspan=99999999>a<td>b" * 5_000,
    "tall": "<tr>" + "<td rowspan=9999>abc" * 900 + "<tr><td>d<td>e" * 5_000,
    "both": "<tr><td rowspan=9999 colspan=9999>abc<td>b" * 5_000,
    "long": "<tr><td rowspan=999>" + "word " * 20_000 + "<td>b" + "<tr><td>c" * 5_000,
    "named": "<tr><th colspan=500>"
    + "name " * 50
    + "<th colspan=500>b"
    + "<tr><td colspan=500>c<td colspan=500>d" * 5_000,
    "headers": "<thead>" + "<tr><th>a<th>b" * 20_000 + "</thead>",
}


@pytest.mark.parametrize("table", HOSTILE.values(), ids=HOSTILE.keys())
def test_spans_made_to_be_endless_end(tmp_path: Path, table: str) -> None:
    began = time.process_time()

    found = rows(tmp_path, table)

    assert found
    assert sum(map(len, found)) < 8_000_000
    assert is_quick(began, seconds=10)
