"""Workbooks: XLSX, XLS and ODS."""

from io import BytesIO
from pathlib import Path
from struct import pack
from zipfile import ZipFile

import pytest
from lxml import etree

from documents.reading import boxes
from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.parsers import sheet_unsaved, sheets
from documents.values import PageKind, ReadDocument
from tests.reading.files_compound import compound
from tests.reading.files_packed import Cell, ods, packed, xlsx
from tests.reading.reading import blocks, read_with

RENTS: dict[str, Cell | tuple[str, str]] = {
    "A1": "Month",
    "B1": "Rent",
    "A2": "May",
    "B2": 900,
    "A3": "June",
    "B3": 950.5,
}
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_THREADS = "http://schemas.microsoft.com/office/2017/10/relationships"


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


def with_members(data: bytes, members: dict[str, str]) -> bytes:
    """The workbook with these members too."""
    with ZipFile(BytesIO(data)) as archive:
        return packed({**{name: archive.read(name) for name in archive.namelist()}, **members})


def with_formula(formula: str) -> bytes:
    """The rents, and below them the sum as most libraries write it: without its result."""
    data = xlsx({"Budget": RENTS | {"A4": "Sum", "B4": ("f", "")}})
    with ZipFile(BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    return with_members(data, {"xl/worksheets/sheet1.xml": sheet.replace("<f>SUM(A1:A2)</f><v></v>", formula)})


def relations(*kinds_and_targets: tuple[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(kinds_and_targets)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}</Relationships>'
    )


def commented(comments: str, authors: str = "<author>Ada</author>") -> dict[str, str]:
    """The members that hold the comments of the first sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return {
        "xl/worksheets/_rels/sheet1.xml.rels": relations((f"{_OFFICE}/comments", "../comments1.xml")),
        "xl/comments1.xml": f'<comments xmlns="{main}"><authors>{authors}</authors>'
        f"<commentList>{comments}</commentList></comments>",
    }


def comment(cell: str, words: str, author: int = 0) -> str:
    return f'<comment ref="{cell}" authorId="{author}"><text><r><t>{words}</t></r></text></comment>'


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


@pytest.mark.parametrize(
    "formula", ["<f>SUM(B2:B3)</f>", "<f>SUM(B2:B3)</f><v></v>", "<f>SUM(B2:B3)</f><v/>", '<f t="array">SUM(B2:B3)</f>']
)
def test_a_formula_without_its_result_is_shown_and_told_of(tmp_path: Path, formula: str) -> None:
    document = parsed(tmp_path, with_formula(formula))

    assert blocks(document)[-1] == "Month: Sum; Rent: =SUM(B2:B3)"
    assert "no result for 1 formula:" in document.notes[0]
    assert "save it and upload it again" in document.notes[0]


@pytest.mark.parametrize("formula", ["<f>SUM(B2:B3)</f><v>1850</v>", "<f>SUM(B2:B3)</f><v> 1850 </v>"])
def test_a_formula_with_its_result_is_that_result(tmp_path: Path, formula: str) -> None:
    document = parsed(tmp_path, with_formula(formula))

    assert (blocks(document)[-1], document.notes) == ("Month: Sum; Rent: 1850", ())


def test_a_formula_whose_result_is_an_empty_text_is_empty(tmp_path: Path) -> None:
    data = with_formula('</c><c r="C4" t="str"><f>IF(A1=1,1,&quot;&quot;)</f><v></v>')

    document = parsed(tmp_path, data)

    assert (blocks(document)[-1], document.notes) == ("Month: Sum; Rent: –", ())


def test_a_formula_that_is_repeated_says_where_it_is_from(tmp_path: Path) -> None:
    formula = '<f t="shared" ref="B4:C4" si="0">B3*2</f></c><c r="C4"><f t="shared" si="0"/>'

    assert blocks(parsed(tmp_path, with_formula(formula)))[-1] == "Month: Sum; Rent: =B3*2; =B3*2 (as in B4)"


def test_a_sheet_of_formulas_alone_is_read_at_its_place(tmp_path: Path) -> None:
    document = parsed(tmp_path, xlsx({"Sums": {"C5": ("f", ""), "D5": ("f", ""), "C9": ("f", "")}}))

    assert blocks(document) == ["=SUM(A1:A2) | =SUM(A1:A2)", "=SUM(A1:A2)"]
    assert anchors(document) == ["Sums!C5:D5", "Sums!C9"]


def test_formulas_left_of_and_below_all_values_keep_their_place(tmp_path: Path) -> None:
    document = parsed(tmp_path, xlsx({"Sums": {"A2": ("f", ""), "C2": 5, "D4": ("f", "")}}))

    assert blocks(document) == ["=SUM(A1:A2) | 5", "=SUM(A1:A2)"]
    assert anchors(document) == ["Sums!A2:C2", "Sums!D4"]


def test_cells_beyond_what_can_be_shown_are_counted() -> None:
    found = sheet_unsaved.Unsaved(room=1)

    for row in (1, 2, 3):
        found.take((row, 0), etree.fromstring("<c><f>A9</f></c>"))

    assert (found.cells, found.formulas, found.left_out) == ({1: {0: "=A9"}}, 3, 2)


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_is_shown_as_its_word(tmp_path: Path, error: str) -> None:
    document = parsed(tmp_path, xlsx({"Budget": RENTS | {"A4": "Sum", "B4": ("e", error)}}))

    assert (blocks(document)[-1], document.notes) == (f"Month: Sum; Rent: {error}", ())


def test_rows_of_formulas_name_no_columns(tmp_path: Path) -> None:
    cells: dict[str, Cell | tuple[str, str]] = {"A1": "Sum", "B1": ("f", "")}
    cells.update({f"A{row}": row for row in range(2, 9)})

    assert blocks(parsed(tmp_path, xlsx({"Sums": cells})))[:2] == ["Sum | =SUM(A1:A2)", "2"]


def test_comments_stand_after_the_rows_with_the_place_of_their_cell(tmp_path: Path) -> None:
    comments = comment("B3", "Ada:\nToo much; ask Bob.") + comment("$A$2", "Which year?", author=1)
    data = with_members(xlsx({"Budget": RENTS}), commented(comments, "<author>Ada</author><author/>"))

    document = parsed(tmp_path, data)

    assert blocks(document)[3:] == ["Comment on A2: Which year?", "Comment on B3 by Ada: Too much; ask Bob."]
    assert anchors(document)[3:] == ["Budget!A2", "Budget!B3"]


def test_a_thread_takes_the_place_of_the_comment_that_stands_for_it(tmp_path: Path) -> None:
    thread = '<threadedComment ref="B3" personId="p{}"><text>{}</text></threadedComment>'
    members = commented(comment("B3", "[Threaded comment]") + comment("A2", "Plain", author=1), "<author>tc=1</author>")
    members["xl/worksheets/_rels/sheet1.xml.rels"] = relations(
        (f"{_OFFICE}/comments", "../comments1.xml"), (f"{_THREADS}/threadedComment", "/xl/threads/t1.xml")
    )
    members["xl/threads/t1.xml"] = (
        f"<ThreadedComments>{thread.format(1, 'Why?')}{thread.format(2, 'Rain.')}</ThreadedComments>"
    )
    members["xl/_rels/workbook.xml.rels"] = relations(
        (f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"), (f"{_THREADS}/person", "persons/person.xml")
    ).replace("r0", "rId1")
    members["xl/persons/person.xml"] = '<l><person id="p1" displayName="Ada"/><person id="p2" displayName="Bob"/></l>'

    document = parsed(tmp_path, with_members(xlsx({"Budget": RENTS}), members))

    assert blocks(document)[3:] == ["Comment on A2: Plain", "Comment on B3 by Ada: Why?", "Comment on B3 by Bob: Rain."]


def test_comments_are_cut_and_counted(tmp_path: Path) -> None:
    comments = "".join(comment(f"A{row}", "x" * 3_000 if row == 1 else "y") for row in range(1, 2_003))

    document = parsed(tmp_path, with_members(xlsx({"Budget": RENTS}), commented(comments)))

    assert blocks(document)[3] == f"Comment on A1 by Ada: {'x' * 2_000}…"
    assert len(document.blocks) == 2_003
    assert "more comments than are read" in document.notes[0]


@pytest.mark.parametrize("torn", ["", "<comments><commentList><comment ref=", "words"])
def test_torn_comments_cost_no_rows(tmp_path: Path, torn: str) -> None:
    members = commented("") | {"xl/comments1.xml": torn}

    assert len(blocks(parsed(tmp_path, with_members(xlsx({"Budget": RENTS}), members)))) == 3


@pytest.mark.parametrize(
    ("first", "last", "place"),
    [
        ("May", "June", "Budget!A2:B3"),
        ("May", "Paint", "Budget!A2:B3 – 'Other costs'!A1:C1"),
        ("Paint", "Brush", "'Other costs'!A1:C3"),
        ("June", "Closed", "Budget!A3:B3 – '2024'!A1"),
    ],
)
def test_a_stretch_over_cells_names_both_its_ends(tmp_path: Path, first: str, last: str, place: str) -> None:
    costs: dict[str, Cell | tuple[str, str]] = {"A1": "Paint", "C1": 5, "B3": "Brush"}
    document = parsed(tmp_path, xlsx({"Budget": RENTS, "Other costs": costs, "2024": {"A1": "Closed"}}))

    start, end = document.text.index(first), document.text.index(last) + len(last)

    assert boxes.place(document.pages, document.blocks, start, end).anchor == place
