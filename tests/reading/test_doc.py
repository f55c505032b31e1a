from pathlib import Path

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import DEFAULT, Limits
from documents.reading.parsers import doc as parser
from documents.values import BlockKind, PageKind, ReadDocument
from tests.reading.files_compound import compound
from tests.reading.files_office import (
    BOLD,
    DELETED,
    IN_TABLE,
    LISTED,
    VANISH,
    WHITE,
    Line,
    Run,
    doc,
    line,
    row,
)
from tests.reading.reading import blocks, read_with


def parsed(folder: Path, data: bytes, limits: Limits = DEFAULT) -> ReadDocument:
    path = folder / "file.doc"
    path.write_bytes(data)
    return read_with(parser.parse, path, limits)


def test_headings_paragraphs_and_lists_are_told_apart(tmp_path: Path) -> None:
    data = doc(line("Rent", style=2), line("It is 900 €. 𝄞"), line("Heating", setting=LISTED), line(""))

    document = parsed(tmp_path, data)

    assert blocks(document) == ["Rent", "It is 900 €. 𝄞", "Heating"]
    assert [(block.kind, block.level) for block in document.blocks] == [
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.LIST_ITEM, 0),
    ]


def test_rows_of_tables_carry_the_names_of_bold_columns(tmp_path: Path) -> None:
    data = doc(
        *row(Run("Month", BOLD), Run("Amount", BOLD)),
        *row("May", "900"),
        line("After."),
        *row("plain", "first"),
        *row("plain", ""),
    )

    assert blocks(parsed(tmp_path, data)) == [
        "Month | Amount",
        "Month: May; Amount: 900",
        "After.",
        "plain | first",
        "plain | –",
    ]


def test_a_cell_may_hold_several_lines(tmp_path: Path) -> None:
    data = doc(line("First", setting=IN_TABLE), *row("second", "other"))

    assert blocks(parsed(tmp_path, data)) == ["First second | other"]


def test_a_row_of_one_cell_is_text(tmp_path: Path) -> None:
    document = parsed(tmp_path, doc(*row("Framed.")))

    assert [block.kind for block in document.blocks] == [BlockKind.PARAGRAPH]


def test_fields_keep_their_words_and_lose_their_instructions(tmp_path: Path) -> None:
    data = doc(
        line('See \x13 HYPERLINK "https://example.org" \x14the \x13 PAGEREF a \x14third\x15 page\x15.'),
        line("\x13 TOC \\o \x15Open \x13 end"),
    )

    assert blocks(parsed(tmp_path, data)) == ["See the third page.", "Open  end"]


def test_hidden_and_white_words_stand_apart_and_deleted_ones_are_gone(tmp_path: Path) -> None:
    runs = (Run("Seen"), Run(" vanished", VANISH), Run(" white", WHITE), Run(" gone", DELETED), Run(" too."))

    document = parsed(tmp_path, doc(Line(runs)))

    assert blocks(document) == ["Seen too.", "vanished white"]
    assert document.blocks[1].kind is BlockKind.HIDDEN


def test_white_words_in_a_table_are_seen(tmp_path: Path) -> None:
    document = parsed(tmp_path, doc(*row(Run("Month", WHITE), "Amount")))

    assert (document.text, document.hidden_text) == ("Month | Amount", False)


def test_letterheads_stand_first_and_notes_last(tmp_path: Path) -> None:
    data = doc(line("Dear Bob,"), header=[line("Harbour Library"), line("3")], footnotes=[line("\x02 See above.")])

    assert blocks(parsed(tmp_path, data)) == ["Harbour Library", "Dear Bob,", "See above."]


def test_a_document_without_words_is_an_empty_page(tmp_path: Path) -> None:
    assert parsed(tmp_path, doc(line(""))).pages[0].kind is PageKind.EMPTY


def test_a_document_from_before_word_97_is_read_as_plain_paragraphs(tmp_path: Path) -> None:
    text = "Grüße\rBye\r".encode("cp1252")
    head = bytearray(doc_head(magic=0xA5DC))
    head[0x18:0x20] = (0x300).to_bytes(4, "little") + (0x300 + len(text)).to_bytes(4, "little")

    document = parsed(tmp_path, compound({"WordDocument": bytes(head) + text}))

    assert blocks(document) == ["Grüße", "Bye"]


def doc_head(magic: int) -> bytes:
    return magic.to_bytes(2, "little").ljust(0x300, b"\0")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (doc(line("Secret"), flags=0x0100), Code.ENCRYPTED),
        (doc(line("Words"))[:2_000], Code.DAMAGED),
        (doc(line("Words"), magic=0x1234), Code.DAMAGED),
        (b"no compound file at all", Code.DAMAGED),
        (compound({"Other": b"x"}), Code.DAMAGED),
        (compound({"WordDocument": doc_head(0xA5EC) + b"\xff" * 600}), Code.DAMAGED),
    ],
)
def test_locked_and_broken_files_are_refused(tmp_path: Path, data: bytes, code: Code) -> None:
    with pytest.raises(UnreadableFile) as refused:
        parsed(tmp_path, data)

    assert refused.value.code == code


def test_a_text_longer_than_a_document_may_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="more than 100 characters"):
        parsed(tmp_path, doc(line("word " * 30)), Limits(text_chars=100))
