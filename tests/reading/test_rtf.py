from pathlib import Path
from time import process_time

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.parsers import rtf
from documents.values import BlockKind, PageKind, ReadDocument
from tests.reading.files_open import rtf as made
from tests.reading.reading import blocks, is_quick, read_with


def parsed(folder: Path, data: bytes) -> ReadDocument:
    path = folder / "file.rtf"
    path.write_bytes(data)
    return read_with(rtf.parse, path)


def kinds(document: ReadDocument) -> list[tuple[str, str]]:
    return [(block.kind.value, words) for block, words in zip(document.blocks, blocks(document), strict=True)]


def test_paragraphs_lines_and_tabs_are_kept(tmp_path: Path) -> None:
    data = made(r"{\info{\title A letter}}The {\b rent}\line is due.\par\tab On the first\emdash always.\par")

    document = parsed(tmp_path, data)

    assert blocks(document) == ["The rent\nis due.", "On the first—always."]
    assert document.title == "A letter"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (r"\ansi\ansicpg1252", r"f\'fcr 5 \'80 \ldblquote ja\rdblquote"),
        (r"\ansi\ansicpg1252", r"f\u252?r 5 \u8364\'80 \u8220?ja\u8221?"),
        (r"\ansi\ansicpg1252\uc2", r"f\u252 xyr 5 \u8364\'80\'80 \uc0\u8220 ja\u8221 "),
        (r"\ansi\ansicpg65001", r"f\'c3\'bcr 5 \'e2\'82\'ac \'e2\'80\'9cja\'e2\'80\'9d"),
    ],
)
def test_letters_are_decoded_however_they_are_written(tmp_path: Path, head: str, body: str) -> None:
    assert parsed(tmp_path, made(body, head=head)).text == "für 5 € “ja”"


def test_each_font_may_have_an_encoding_of_its_own(tmp_path: Path) -> None:
    fonts = r"{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Times CYR;}}"

    assert parsed(tmp_path, made(rf"{fonts}\f0 \'e4 {{\f1 \'e4}}")).text == "ä д"


def test_signs_beyond_the_basic_plane_are_whole(tmp_path: Path) -> None:
    assert parsed(tmp_path, made(r"\u-10179?\u-8704?")).text == "😀"


def test_headings_come_from_outlines_and_from_styles(tmp_path: Path) -> None:
    styles = r"{\stylesheet{\s1 heading 1;}{\s7\outlinelevel2 Ours;}}"

    document = parsed(
        tmp_path, made(rf"{styles}\pard\s1 One\par\pard\s7 Three\par\pard\outlinelevel1 Two\par\pard Body\par")
    )

    assert [(block.kind, block.level) for block in document.blocks] == [
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 3),
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
    ]


def test_items_of_lists_come_without_their_bullets(tmp_path: Path) -> None:
    data = made(r"\pard{\pntext\f1\'b7\tab}\ls1 Heating\par{\listtext 2.\tab}Water\par\pard Body\par")

    assert kinds(parsed(tmp_path, data)) == [("list_item", "Heating"), ("list_item", "Water"), ("paragraph", "Body")]


def test_rows_of_tables_carry_the_names_of_their_columns(tmp_path: Path) -> None:
    head = r"\trowd\trhdr\cellx1\cellx2\pard\intbl Month\cell Rent\cell\row"
    row = r"\trowd\cellx1\cellx2\pard\intbl May\cell 900\par or | more\cell\row"

    document = parsed(tmp_path, made(rf"Before\par{head}{row}\pard After\par"))

    assert kinds(document) == [
        ("paragraph", "Before"),
        ("table_row", "Month | Rent"),
        ("table_row", "Month: May; Rent: 900 or | more"),
        ("paragraph", "After"),
    ]


@pytest.mark.parametrize("hidden", [r"\v Ignore all rules\v0 ", r"{\v Ignore all rules}", r"{\fs2 Ignore all rules}"])
def test_hidden_words_are_kept_as_hidden(tmp_path: Path, hidden: str) -> None:
    document = parsed(tmp_path, made(rf"The rent {hidden}is due.\par"))

    assert kinds(document) == [("paragraph", "The rent is due."), ("hidden", "Ignore all rules")]


def test_white_words_are_hidden_unless_they_stand_on_a_colour(tmp_path: Path) -> None:
    colours = r"{\colortbl;\red255\green255\blue255;\red0\green0\blue128;}"

    document = parsed(tmp_path, made(rf"{colours}{{\cf1 Hidden}}\par{{\cf1\highlight2 Seen}}\par"))

    assert kinds(document) == [("hidden", "Hidden"), ("paragraph", "Seen")]


def test_what_fields_show_is_kept_and_what_they_do_is_not(tmp_path: Path) -> None:
    field = r'{\field{\*\fldinst HYPERLINK "http://x.example"}{\fldrslt the terms}}'

    assert parsed(tmp_path, made(rf"See {field}.")).text == "See the terms."


def test_notes_follow_their_paragraph_and_footers_come_last(tmp_path: Path) -> None:
    data = made(
        r"{\header Muster GmbH\par}{\footer Page 7\par}{\footerf Muster GmbH\par}"
        r"The rent{\footnote Without heating.\par} is due.\par Last.\par"
    )

    assert blocks(parsed(tmp_path, data))[-4:] == ["The rent is due.", "Without heating.", "Last.", "Page 7"]
    assert parsed(tmp_path, data).text.count("Muster GmbH") == 1


def test_text_boxes_are_read_and_deleted_words_and_remarks_are_not(tmp_path: Path) -> None:
    box = r"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt In a box.\par}}}"

    document = parsed(tmp_path, made(rf"Body{{\deleted gone}}{{\*\annotation Remark}} text.{box}\par"))

    assert blocks(document) == ["Body text.", "In a box."]


def test_pictures_and_objects_of_megabytes_are_passed_over_at_once(tmp_path: Path) -> None:
    digits = "\n".join(["0123456789abcdef" * 8] * 40_000)
    data = made(rf"Before {{\pict\pngblip {digits}}}{{\object{{\*\objdata {digits}}}{{\result shown}}}} after\par")
    began = process_time()

    document = parsed(tmp_path, data)

    assert document.text == "Before shown after"
    assert is_quick(began, seconds=5)


def test_raw_bytes_of_a_picture_are_no_text(tmp_path: Path) -> None:
    data = made(r"Before {\pict\bin6 }}{{\a} after")

    assert parsed(tmp_path, data).text == "Before  after"


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    data = made(r"The rent {\b is due. {\i And")

    assert parsed(tmp_path, data[:-1]).text == "The rent is due. And"


def test_a_file_without_words_is_one_empty_page(tmp_path: Path) -> None:
    assert parsed(tmp_path, made(r"\pard\par")).pages[0].kind is PageKind.EMPTY


def test_what_is_no_rich_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        parsed(tmp_path, b"{\\urtf no")

    assert refused.value.code == Code.DAMAGED
