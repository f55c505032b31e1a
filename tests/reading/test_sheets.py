"""Workbooks: XLSX, XLS and ODS."""

from pathlib import Path
from struct import pack

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.parsers import sheets
from documents.values import PageKind, ReadDocument
from tests.reading.files_compound import compound
from tests.reading.files_packed import Cell, ods, xlsx
from tests.reading.reading import blocks, read_with

RENTS: dict[str, Cell | tuple[str, str]] = {
    "A1": "Month",
    "B1": "Rent",
    "A2": "May",
    "B2": 900,
    "A3": "June",
    "B3": 950.5,
}


def parsed(folder: Path, data: bytes) -> ReadDocument:
    path = folder / "stored"
    path.write_bytes(data)
    return read_with(sheets.parse, path)


def refusal(folder: Path, data: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        parsed(folder, data)
    return refused.value


def anchors(document: ReadDocument) -> list[str]:
    return [block.anchor for block in document.blocks]


def test_each_row_can_be_read_alone_and_found_in_its_sheet(tmp_path: Path) -> None:
    document = parsed(tmp_path, xlsx({"Budget": RENTS}))

    assert blocks(document) == ["Month | Rent", "Month: May; Rent: 900", "Month: June; Rent: 950.5"]
    assert anchors(document) == ["Budget!A1:B1", "Budget!A2:B2", "Budget!A3:B3"]
    assert {block.kind.value for block in document.blocks} == {"table_row"}


def test_each_sheet_is_a_page_under_its_name(tmp_path: Path) -> None:
    document = parsed(tmp_path, xlsx({"Budget": RENTS, "Notes": {}, "2024": {"A1": "Closed"}}))

    assert [(page.number, page.label) for page in document.pages] == [(1, "Budget"), (2, "Notes"), (3, "2024")]
    assert [page.kind for page in document.pages] == [PageKind.TEXT, PageKind.EMPTY, PageKind.TEXT]


def test_places_are_counted_from_the_corner_of_the_sheet(tmp_path: Path) -> None:
    document = parsed(tmp_path, xlsx({"Far": {"AB7": "Month", "AD7": "Rent", "AB9": "May", "AD9": 900}}))

    assert anchors(document) == ["Far!AB7:AD7", "Far!AB9:AD9"]
    assert blocks(document) == ["Month | Rent", "Month: May; Rent: 900"]


@pytest.mark.parametrize(
    ("name", "anchor"),
    [
        ("My sheet", "'My sheet'!A1"),
        ("Q1!", "'Q1!'!A1"),
        ("Bob's", "'Bob''s'!A1"),
        ("2024", "'2024'!A1"),
        ("Größe", "Größe!A1"),
    ],
)
def test_names_of_sheets_are_quoted_as_excel_does(tmp_path: Path, name: str, anchor: str) -> None:
    assert anchors(parsed(tmp_path, xlsx({name: {"A1": "words"}}))) == [anchor]


def test_values_are_shown_as_people_read_them(tmp_path: Path) -> None:
    cells: dict[str, Cell | tuple[str, str]] = {
        "A1": 1200.0,
        "A2": 0.1 + 0.2,
        "A3": True,
        "A4": ("d", "45413"),
        "A5": ("d", "45413.5"),
        "A6": ("f", "12.5"),
        "A7": "two\nlines",
        "A8": 12345678901234,
    }

    document = parsed(tmp_path, xlsx({"All": cells}))

    expected = ["1200", "0.3", "TRUE", "2024-05-01", "2024-05-01 12:00", "12.5", "two lines", "12345678901234"]
    assert blocks(document) == expected


def test_a_title_above_the_header_does_not_hide_it(tmp_path: Path) -> None:
    cells = {"A1": "Rents of the house"} | {f"{place[0]}{int(place[1]) + 2}": cell for place, cell in RENTS.items()}

    document = parsed(tmp_path, xlsx({"Budget": cells}))

    assert blocks(document)[0] == "Rents of the house"
    assert blocks(document)[2] == "Month: May; Rent: 900"


def test_numbers_above_numbers_are_no_header(tmp_path: Path) -> None:
    document = parsed(tmp_path, xlsx({"Sums": {"A1": 1, "B1": 2, "A2": 3, "B2": 4}}))

    assert blocks(document) == ["1 | 2", "3 | 4"]


def test_a_hidden_sheet_is_read_and_named(tmp_path: Path) -> None:
    document = parsed(tmp_path, xlsx({"Open": RENTS, "Secret": {"A1": "Hush"}}, hidden=["Secret"]))

    assert "Hush" in document.text
    assert any("“Secret”" in note for note in document.notes)


def test_a_sheet_with_a_cell_in_the_last_corner_is_left_out_with_the_reason(tmp_path: Path) -> None:
    document = parsed(tmp_path, xlsx({"Vast": {"A1": "first", "XFD1048576": "last"}, "Budget": RENTS}))

    assert [page.kind for page in document.pages] == [PageKind.TOO_LARGE, PageKind.TEXT]
    assert "XFD1048576" in document.pages[0].reason
    assert blocks(document)[1] == "Month: May; Rent: 900"


def test_a_tall_sheet_of_few_cells_is_read_whole(tmp_path: Path) -> None:
    document = parsed(tmp_path, xlsx({"Tall": {"A1": "first", "C100000": "last"}}))

    assert [block.anchor for block in document.blocks] == ["Tall!A1", "Tall!C100000"]


def test_a_second_table_below_a_gap_has_names_of_its_own(tmp_path: Path) -> None:
    below: dict[str, Cell | tuple[str, str]] = {"A6": "Name", "B6": "Age", "A7": "Alice", "B7": 40}

    document = parsed(tmp_path, xlsx({"Budget": RENTS | below}))

    assert blocks(document)[-1] == "Name: Alice; Age: 40"


def test_columns_without_a_name_keep_their_words(tmp_path: Path) -> None:
    cells: dict[str, Cell | tuple[str, str]] = {"B1": "May", "C1": "June", "A2": "Rent", "B2": 900, "C2": 950}

    assert blocks(parsed(tmp_path, xlsx({"Budget": cells})))[1] == "Rent; May: 900; June: 950"


def test_open_document_sheets_are_read_alike(tmp_path: Path) -> None:
    document = parsed(tmp_path, ods("Budget", [["Month", "Rent"], ["May", "900 euros"], ["June", "950 euros"]]))

    assert blocks(document)[:2] == ["Month | Rent", "Month: May; Rent: 900 euros"]
    assert anchors(document)[1] == "Budget!A2:B2"


@pytest.mark.parametrize("data", [xlsx({"A": RENTS})[:900], compound({"Other": b"\x09"}), b"PK\x03\x04"])
def test_a_damaged_workbook_is_refused_with_words(tmp_path: Path, data: bytes) -> None:
    error = refusal(tmp_path, data)

    assert error.code in (Code.DAMAGED, Code.NO_TEXT)
    assert "." in str(error)


def test_an_old_workbook_with_a_password_is_refused_as_locked(tmp_path: Path) -> None:
    asks = pack("<HH", 0x0809, 16) + bytes(16) + pack("<HH", 0x2F, 6) + bytes(6)

    assert refusal(tmp_path, compound({"Workbook": asks.ljust(5_000, b"\0")})).code == Code.ENCRYPTED


def test_a_workbook_longer_than_a_document_may_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_bytes(xlsx({"Budget": RENTS}))

    with pytest.raises(UnreadableFile) as refused:
        read_with(sheets.parse, path, Limits(text_chars=20))

    assert refused.value.code == Code.TOO_LARGE
