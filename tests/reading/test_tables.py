from collections.abc import Callable
from pathlib import Path

import pytest

from documents.reading.parsers import pdf
from documents.values import BlockKind, PageKind, ReadDocument
from tests.reading.files import Sheet, Text, paragraph
from tests.reading.files import pdf as made
from tests.reading.files_pdf import grid
from tests.reading.reading import blocks, place, placed, read_with

Parsed = Callable[..., ReadDocument]


@pytest.fixture
def parsed(tmp_path: Path) -> Parsed:
    def parse(*texts: Text) -> ReadDocument:
        path = tmp_path / "file.pdf"
        path.write_bytes(made(Sheet(texts)))
        return read_with(pdf.parse, path)

    return parse


def test_the_names_of_the_columns_go_into_every_row(parsed: Parsed) -> None:
    document = parsed(*grid(("Month", "Amount"), ("May", "900"), ("June", "950")))

    assert blocks(document) == ["Month | Amount", "Month: May; Amount: 900", "Month: June; Amount: 950"]
    assert {block.kind for block in document.blocks} == {BlockKind.TABLE_ROW}
    assert document.pages[0].kind is PageKind.TABLE


def test_words_of_a_row_keep_their_places_and_repeated_names_have_none(parsed: Parsed) -> None:
    document = parsed(*grid(("Month", "Amount due"), ("May", "900"), ("June", "950")))

    assert [letters for letters, _ in placed(document)] == ["Month", "Amount", "due", "May", "900", "June", "950"]
    assert place(document, "950").y0 > place(document, "900").y0
    assert place(document, "950").x0 == pytest.approx(192 / 600, abs=0.01)


def test_an_empty_cell_keeps_its_place(parsed: Parsed) -> None:
    document = parsed(
        *grid(("Month", "Rent", "Heating"), ("May", "900", ""), ("June", "", "80"), ("July", "900", "75"))
    )

    assert blocks(document)[1:] == [
        "Month: May; Rent: 900; Heating: –",
        "Month: June; Rent: –; Heating: 80",
        "Month: July; Rent: 900; Heating: 75",
    ]


def test_rows_without_names_of_columns_stand_between_bars(parsed: Parsed) -> None:
    document = parsed(*grid(("Landlord", "Alice"), ("Tenant", "Bob"), ("Witness", "Carol")))

    assert blocks(document) == ["Landlord | Alice", "Tenant | Bob", "Witness | Carol"]


def test_a_first_column_without_a_name_names_its_rows(parsed: Parsed) -> None:
    document = parsed(*grid(("", "2022", "2021"), ("Sales", "5,100", "4,900"), ("Costs", "3,000", "2,800")))

    assert blocks(document)[1:] == ["Sales; 2022: 5,100; 2021: 4,900", "Costs; 2022: 3,000; 2021: 2,800"]


def test_a_currency_sign_belongs_to_its_amount(parsed: Parsed) -> None:
    rows = (("Sales", "$", "5,100"), ("Costs", "$", "3,000"), ("Profit", "$", "2,100"))

    document = parsed(*grid(*rows))

    assert blocks(document) == ["Sales | $ 5,100", "Costs | $ 3,000", "Profit | $ 2,100"]


def test_lines_of_one_cell_are_joined_into_its_row(parsed: Parsed) -> None:
    first = grid(("Item", "What it is", "Price"), ("Key", "A key for", "5"), y=700, step=30)
    more = grid(("", "the cellar", ""), y=656)
    rest = grid(("Lamp", "A lamp", "9"), ("Door", "A door", "90"), y=626, step=30)

    document = parsed(*first, *more, *rest)

    assert "Item: Key; What it is: A key for the cellar; Price: 5" in blocks(document)


def test_a_bullet_far_from_its_words_makes_no_table(parsed: Parsed) -> None:
    items = [("•", "Heating and water"), ("•", "Cleaning of stairs"), ("•", "Light in the yard")]

    document = parsed(*grid(*items, width=40))

    assert [block.kind for block in document.blocks] == [BlockKind.LIST_ITEM] * 3


def test_numbers_of_lines_make_no_table(parsed: Parsed) -> None:
    lines = ["The court heard the case", "on the first of May and", "gave judgment in June."]

    document = parsed(*grid(*((str(number), words) for number, words in enumerate(lines, start=1)), width=40))

    assert BlockKind.TABLE_ROW not in {block.kind for block in document.blocks}


def test_text_around_a_table_stays_text(parsed: Parsed) -> None:
    before = paragraph("The rent is nine hundred euros and it is", "due on the first day of every month.", y=760)

    document = parsed(*before, *grid(("Month", "Amount"), ("May", "900"), ("June", "950"), y=690))

    assert [block.kind for block in document.blocks] == [BlockKind.PARAGRAPH, *[BlockKind.TABLE_ROW] * 3]
