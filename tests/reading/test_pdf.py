from pathlib import Path

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.items import Expected
from documents.reading.limits import DEFAULT, Limits
from documents.reading.parsers import pdf
from documents.values import BlockKind, PageKind, ReadDocument
from tests.reading.files import Sheet, Text, paragraph
from tests.reading.files import pdf as made
from tests.reading.reading import blocks, place, read_with


def parsed(folder: Path, data: bytes, limits: Limits = DEFAULT) -> ReadDocument:
    path = folder / "file.pdf"
    path.write_bytes(data)
    return read_with(pdf.parse, path, limits)


def refused(folder: Path, data: bytes, limits: Limits = DEFAULT) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as error:
        parsed(folder, data, limits)
    return error.value


def test_every_page_is_there_with_its_words_and_boxes(tmp_path: Path) -> None:
    document = parsed(tmp_path, made(Sheet([Text("First page")]), Sheet([Text("Second page")])))

    assert document.text == "First page\n\nSecond page"
    assert [(page.number, page.start, page.end, page.kind) for page in document.pages] == [
        (1, 0, 10, PageKind.TEXT),
        (2, 12, 23, PageKind.TEXT),
    ]
    assert (document.pages[0].width, document.pages[0].height) == (600, 800)


def test_boxes_are_fractions_from_the_top_left(tmp_path: Path) -> None:
    document = parsed(tmp_path, made(Sheet([Text("Here", x=60, y=720, size=20)])))

    word = place(document, "Here")
    assert word.x0 == pytest.approx(0.1, abs=0.01)
    assert word.y1 == pytest.approx(0.1, abs=0.01)
    assert 0.07 < word.y0 < word.y1


@pytest.mark.parametrize(
    ("turned", "corner"), [(0, (0.1, 0.1)), (90, (0.9, 0.1)), (180, (0.9, 0.9)), (270, (0.1, 0.9))]
)
def test_boxes_turn_with_their_page(tmp_path: Path, turned: int, corner: tuple[float, float]) -> None:
    document = parsed(tmp_path, made(Sheet([Text("H", x=60, y=720, size=8)], turned=turned)))

    word = place(document, "H")
    assert ((word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2) == pytest.approx(corner, abs=0.02)
    assert (document.pages[0].width > document.pages[0].height) is (turned in (90, 270))


def test_boxes_count_from_what_is_shown_of_a_page(tmp_path: Path) -> None:
    shown = Sheet([Text("Seen", x=150, y=600), Text("Unseen", x=20, y=40)], crop=(100, 200, 500, 700))

    document = parsed(tmp_path, made(shown))

    assert place(document, "Seen").x0 == pytest.approx(50 / 400, abs=0.01)
    assert "Unseen" in document.text
    assert document.hidden_text


def test_lines_become_paragraphs(tmp_path: Path) -> None:
    first = paragraph("The rent is nine hundred euros and it is", "due on the first day of every month.")
    second = paragraph("The deposit is paid back when the tenant", "has left.", y=670)

    document = parsed(tmp_path, made(Sheet([*first, *second])))

    assert blocks(document) == [
        "The rent is nine hundred euros and it is due on the first day of every month.",
        "The deposit is paid back when the tenant has left.",
    ]


def test_a_word_divided_at_the_end_of_a_line_is_one_word_in_two_places(tmp_path: Path) -> None:
    document = parsed(tmp_path, made(Sheet(paragraph("The tenant pays the main-", "tenance of the house."))))

    assert document.text == "The tenant pays the maintenance of the house."
    upper, lower = place(document, "main"), place(document, "tenance")
    assert upper.end == lower.start
    # Boxes hold the whole height of the type, which reaches a hair into the next line where lines stand close.
    assert upper.y1 == pytest.approx(lower.y0, abs=0.001)
    assert upper.y0 < lower.y0


def test_a_hyphen_before_a_capital_stays(tmp_path: Path) -> None:
    document = parsed(tmp_path, made(Sheet(paragraph("It was signed by Ms Sachs-", "Hombach in person."))))

    assert "Sachs-Hombach" in document.text


def test_large_and_bold_lines_are_headings(tmp_path: Path) -> None:
    body = paragraph("The rent is nine hundred euros and it is", "due on the first day of every month.", y=640)
    sheet = Sheet([Text("Lease", size=24), Text("Rent", y=670, bold=True), *body])

    document = parsed(tmp_path, made(sheet))

    assert [(block.kind, block.level) for block in document.blocks] == [
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
    ]
    assert document.title == "Lease"


def test_cells_far_apart_are_rows_of_a_table(tmp_path: Path) -> None:
    rows = [("Month", "Amount"), ("May", "900"), ("June", "950")]
    texts = [Text(words, x=72 + 200 * c, y=700 - 14 * r) for r, row in enumerate(rows) for c, words in enumerate(row)]

    document = parsed(tmp_path, made(Sheet(texts)))

    assert blocks(document) == ["Month | Amount", "Month: May; Amount: 900", "Month: June; Amount: 950"]
    assert {block.kind for block in document.blocks} == {BlockKind.TABLE_ROW}


def test_a_bullet_begins_a_list_item(tmp_path: Path) -> None:
    document = parsed(tmp_path, made(Sheet(paragraph("• Heating and hot water", "• Cleaning of the stairs"))))

    assert [block.kind for block in document.blocks] == [BlockKind.LIST_ITEM, BlockKind.LIST_ITEM]


def test_pages_without_text_are_counted_by_what_is_on_them(tmp_path: Path) -> None:
    document = parsed(tmp_path, made(Sheet(), Sheet([Text("Words")])))

    assert [page.kind for page in document.pages] == [PageKind.EMPTY, PageKind.TEXT]


def test_the_title_is_the_files_own(tmp_path: Path) -> None:
    assert parsed(tmp_path, made(Sheet([Text("Words")]), title="Lease of 2024")).title == "Lease of 2024"
    assert parsed(tmp_path, made(Sheet([Text("Words")]), title="Microsoft Word - x")).title == ""


def test_a_locked_pdf_is_refused_with_words(tmp_path: Path) -> None:
    error = refused(tmp_path, made(Sheet([Text("Secret")]), locked=True))

    assert error.code == Code.ENCRYPTED
    assert "password" in str(error)


def test_a_truncated_pdf_is_refused_with_words(tmp_path: Path) -> None:
    error = refused(tmp_path, made(Sheet([Text("Words")]))[:60])

    assert error.code == Code.DAMAGED
    assert "damaged" in str(error)


def test_too_many_pages_are_refused_with_the_limit(tmp_path: Path) -> None:
    error = refused(tmp_path, made(Sheet(), Sheet(), Sheet()), Limits(pages=2))

    assert error.code == Code.TOO_MANY_PAGES
    assert "3 pages; up to 2" in str(error)


def test_too_much_text_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, made(Sheet([Text("Words")])), Limits(text_chars=3)).code == Code.TOO_LARGE


def test_the_number_of_pages_is_told_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(made(Sheet(), Sheet()))

    assert next(iter(pdf.parse(path, DEFAULT))) == Expected(2)
