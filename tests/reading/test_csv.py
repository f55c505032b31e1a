"""Tables as text."""

from pathlib import Path

import pytest

from documents.reading.parsers import csv
from documents.values import ReadDocument
from tests.reading.reading import blocks, read_with


def parsed(folder: Path, source: str | bytes) -> ReadDocument:
    path = folder / "stored"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return read_with(csv.parse, path)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_rows_are_read_under_their_header_whatever_parts_them(tmp_path: Path, mark: str) -> None:
    rows = [["Month", "Rent"], ["May", "900"], ["June", "950"]]

    document = parsed(tmp_path, "\r\n".join(mark.join(row) for row in rows))

    assert blocks(document) == ["Month | Rent", "Month: May; Rent: 900", "Month: June; Rent: 950"]
    assert [block.anchor for block in document.blocks] == ["Row 1", "Row 2", "Row 3"]


def test_a_field_may_run_over_lines_and_hold_marks(tmp_path: Path) -> None:
    document = parsed(tmp_path, 'Name,Words\nAlice,"Hello, ""Bob"".\nHow are you?"\nBob,Fine\n')

    assert blocks(document)[1] == 'Name: Alice; Words: Hello, "Bob". How are you?'
    assert document.blocks[2].anchor == "Row 3"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    words = "Straße;Größe\nMühlenweg über der Brücke;zwanzig\nAm Fährhafen;dreißig\n"

    document = parsed(tmp_path, words.encode(encoding))

    assert "Straße: Mühlenweg über der Brücke; Größe: zwanzig" in blocks(document)


def test_rows_without_names_are_read_between_bars(tmp_path: Path) -> None:
    assert blocks(parsed(tmp_path, "1,2\n3,4\n5,6\n")) == ["1 | 2", "3 | 4", "5 | 6"]


def test_empty_rows_are_left_out_and_still_counted(tmp_path: Path) -> None:
    document = parsed(tmp_path, "Month,Rent\n\n,\nMay,900\nJune,950\n")

    assert blocks(document)[1] == "Month: May; Rent: 900"
    assert document.blocks[1].anchor == "Row 4"


def test_rows_of_unequal_length_keep_every_word(tmp_path: Path) -> None:
    document = parsed(tmp_path, "Month,Rent\nMay,900,late\nJune\nJuly,950\n")

    assert all(word in document.text for word in ("late", "June", "July", "950"))


def test_an_open_quotation_mark_loses_nothing(tmp_path: Path) -> None:
    document = parsed(tmp_path, 'Month,Rent\nMay,"900\nJune,950\n')

    assert "900" in document.text
    assert "950" in document.text


@pytest.mark.parametrize(
    "source", [",".join("a" for _ in range(300_000)), '"' + "word " * 300_000, "\x00a,b\n" * 50, ","]
)
def test_odd_tables_are_read_at_once(tmp_path: Path, source: str) -> None:
    assert len(parsed(tmp_path, source).pages) == 1
