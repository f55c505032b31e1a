"""Web pages, Markdown and plain text."""

from pathlib import Path

import pytest

from documents.reading.parsers import html, markdown, plain
from documents.reading.parsers.registry import Parser
from documents.reading.plain_text import structure
from documents.values import BlockKind, PageKind, ReadDocument
from tests.reading.reading import read_with


def parsed(folder: Path, parser: Parser, source: str | bytes) -> ReadDocument:
    path = folder / "file"
    path.write_bytes(source.encode() if isinstance(source, str) else source)
    return read_with(parser, path)


def blocks(document: ReadDocument) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def test_a_web_page_is_read_as_it_is_seen(tmp_path: Path) -> None:
    page = """<title>The lease</title><style>p {}</style><script>steal()</script>
        <h1>Lease</h1><p>The <b>r</b>ent<br>is due.</p>loose
        <ul><li>Heat<ul><li>Gas</ul><li>Water</ul><pre>a\n  b</pre>
        <noscript>No</noscript><template>No</template>"""

    document = parsed(tmp_path, html.parse, page)

    assert document.title == "The lease"
    assert blocks(document) == [
        ("heading", "Lease"),
        ("paragraph", "The rent\nis due."),
        ("paragraph", "loose"),
        ("list_item", "Heat"),
        ("list_item", "Gas"),
        ("list_item", "Water"),
        ("code", "a\n  b"),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>Pay <b>nothing</b></p>",
        '<div style="color:red; DISPLAY : none">Pay <p>nothing</p></div>',
        '<p style="visibility:hidden">Pay nothing</p>',
        '<p style="font-size:0px;">Pay nothing<script>x</script></p>',
    ],
)
def test_hidden_text_is_kept_and_marked(tmp_path: Path, hidden: str) -> None:
    document = parsed(tmp_path, html.parse, f"<p>The rent is due.</p>{hidden}<p>Goodbye.</p>")

    assert blocks(document) == [("paragraph", "The rent is due."), ("hidden", "Pay nothing"), ("paragraph", "Goodbye.")]


def test_hidden_words_do_not_tear_their_sentence(tmp_path: Path) -> None:
    document = parsed(tmp_path, html.parse, "<p>The rent <span hidden>never</span>is due.</p>")

    assert blocks(document) == [("paragraph", "The rent is due."), ("hidden", "never")]


def test_small_type_is_not_hidden(tmp_path: Path) -> None:
    document = parsed(tmp_path, html.parse, '<p style="font-size:0.8em">The rent is due.</p>')

    assert blocks(document) == [("paragraph", "The rent is due.")]


def test_hidden_rows_and_cells_of_a_table_are_kept_apart(tmp_path: Path) -> None:
    page = """<table><tr><th>Month<th>Rent<th hidden>Code</tr><tr><td>May<td>900<td hidden>x1</tr>
        <tr style="display:none"><td>June<td>0<td>x2</tr></table>"""

    document = parsed(tmp_path, html.parse, page)

    assert [words for kind, words in blocks(document) if kind == "table_row"] == [
        "Month | Rent",
        "Month: May; Rent: 900",
    ]
    assert [words for kind, words in blocks(document) if kind == "hidden"] == ["Code", "x1", "June 0 x2"]


def test_a_page_that_its_scripts_will_show_is_read(tmp_path: Path) -> None:
    document = parsed(tmp_path, html.parse, '<body style="visibility:hidden"><p>The rent is due.</p>')

    assert blocks(document) == [("paragraph", "The rent is due.")]


def test_the_rows_of_a_table_can_be_read_alone(tmp_path: Path) -> None:
    page = "<table><tr><th>Month<th>Rent<tr><td>May<td>900<tr><td>all<tr><td><p>June</p><td>9<br>50</table>"

    assert blocks(parsed(tmp_path, html.parse, page)) == [
        ("table_row", "Month | Rent"),
        ("table_row", "Month: May; Rent: 900"),
        ("table_row", "all"),
        ("table_row", "Month: June; Rent: 9 50"),
    ]


def test_a_table_that_lays_out_a_page_is_read_cell_by_cell(tmp_path: Path) -> None:
    page = "<table><tr><td><h2>Left</h2><td><p>Right</table>"

    assert blocks(parsed(tmp_path, html.parse, page)) == [("heading", "Left"), ("paragraph", "Right")]


def test_a_table_of_one_cell_is_read_as_its_paragraphs(tmp_path: Path) -> None:
    source = "<table><tr><td><img></td><td>One. Two.<p>Three.</td></tr></table>"

    assert blocks(parsed(tmp_path, html.parse, source)) == [("paragraph", "One. Two."), ("paragraph", "Three.")]


def test_empty_cells_keep_their_place_under_named_columns(tmp_path: Path) -> None:
    source = "<table><tr><th>Month<th>Rent<tr><td>May<td><tr><td><td>900</table>"

    assert [words for _, words in blocks(parsed(tmp_path, html.parse, source))] == [
        "Month | Rent",
        "Month: May; Rent: –",
        "Month: –; Rent: 900",
    ]


def test_a_page_is_decoded_as_it_declares(tmp_path: Path) -> None:
    page = '<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2")

    assert parsed(tmp_path, html.parse, page).text == "Łódź"


def test_markdown_is_read_without_its_marks(tmp_path: Path) -> None:
    source = (
        "---\ntitle: x\n---\n# The *lease*\n\nRent is **900**,\nsee [terms](http://x).\n\n- Heat\n- Water\n\n"
        "```\ncode\n```\n\n| Month | Rent |\n|---|---|\n| May | 900 |\n\n<div>Raw <b>words</b><style>p</style></div>\n"
    )

    document = parsed(tmp_path, markdown.parse, source)

    assert document.title == "The lease"
    assert blocks(document) == [
        ("heading", "The lease"),
        ("paragraph", "Rent is 900, see terms."),
        ("list_item", "Heat"),
        ("list_item", "Water"),
        ("code", "code"),
        ("table_row", "Month | Rent"),
        ("table_row", "Month: May; Rent: 900"),
        ("paragraph", "Raw words"),
    ]


def test_plain_text_has_paragraphs_between_blank_lines(tmp_path: Path) -> None:
    document = parsed(tmp_path, plain.parse, "One\r\nstill one.\r\n \r\n\r\nTwo\x00.\r\n")

    assert document.text == "One\nstill one.\n\nTwo."
    assert {block.kind for block in document.blocks} == {BlockKind.PARAGRAPH}
    assert (document.pages[0].start, document.pages[0].end) == (0, len(document.text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_plain_text_is_decoded_from_any_encoding(tmp_path: Path, encoding: str) -> None:
    words = "Die Kündigung muß schriftlich erfolgen und dem Vermieter zugehen. Größe: 20 m²."

    assert parsed(tmp_path, plain.parse, words.encode(encoding)).text == words


def test_lines_with_tabs_are_rows(tmp_path: Path) -> None:
    document = parsed(tmp_path, plain.parse, "\tSet in, and\nrunning on.\nMay\t900\nJune\t\t950\n1.\tFirst item")

    assert blocks(document) == [
        ("paragraph", "Set in, and\nrunning on."),
        ("table_row", "May | 900"),
        ("table_row", "June | – | 950"),
        ("paragraph", "1.\tFirst item"),
    ]


def test_rows_of_a_text_without_a_file_stay_as_sent() -> None:
    text = "Rents are these:\nMay\t900\n June\t950 \nand no more."

    document = structure(text)

    assert document.text == text
    assert blocks(document) == [
        ("paragraph", "Rents are these:"),
        ("table_row", "May\t900"),
        ("table_row", "June\t950"),
        ("paragraph", "and no more."),
    ]


def test_text_without_words_is_one_empty_page(tmp_path: Path) -> None:
    assert parsed(tmp_path, plain.parse, "\n \n").pages[0].kind is PageKind.EMPTY
