from pathlib import Path

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import DEFAULT, Limits
from documents.reading.parsers import ppt as parser
from documents.values import BlockKind, PageKind, ReadDocument
from tests.reading.files_compound import compound
from tests.reading.files_office import Box, Slide, ppt
from tests.reading.reading import blocks, read_with


def parsed(folder: Path, data: bytes, limits: Limits = DEFAULT) -> ReadDocument:
    path = folder / "file.ppt"
    path.write_bytes(data)
    return read_with(parser.parse, path, limits)


def test_every_slide_is_a_page_by_its_name(tmp_path: Path) -> None:
    document = parsed(tmp_path, ppt(Slide((Box("One"),)), Slide(), Slide((Box("Three"),))))

    assert [(page.label, page.kind) for page in document.pages] == [
        ("Slide 1", PageKind.TEXT),
        ("Slide 2", PageKind.EMPTY),
        ("Slide 3", PageKind.TEXT),
    ]


def test_titles_are_headings_and_bodies_lists(tmp_path: Path) -> None:
    data = ppt(
        Slide((Box("Our\x0bharbour", 6),)),
        Slide((Box("A side remark"), Box("Sailing boats\rFerries €", 1), Box("Ships", 0))),
    )

    document = parsed(tmp_path, data)

    assert blocks(document) == ["Our harbour", "Ships", "A side remark", "Sailing boats", "Ferries €"]
    assert [(block.kind, block.level) for block in document.blocks] == [
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.LIST_ITEM, 0),
        (BlockKind.LIST_ITEM, 0),
    ]


def test_words_kept_in_the_list_of_slides_are_read_once(tmp_path: Path) -> None:
    data = ppt(Slide((Box("Title", 0, listed=True), Box("Own"), Box("Listed", 1, listed=True))))

    assert blocks(parsed(tmp_path, data)) == ["Title", "Own", "Listed"]


def test_the_cells_of_a_table_are_put_in_rows_by_their_places(tmp_path: Path) -> None:
    cells = [Box("900", corner=(50, 20)), Box("Month", corner=(0, 0)), Box("May", corner=(0, 20))]

    document = parsed(tmp_path, ppt(Slide(table=[*cells, Box("Rent", corner=(50, 0)), Box("Sum", corner=(0, 40))])))

    assert blocks(document) == ["Month | Rent", "May | 900", "Sum"]
    assert [block.kind for block in document.blocks] == [BlockKind.TABLE_ROW, BlockKind.TABLE_ROW, BlockKind.PARAGRAPH]


def test_notes_stand_after_their_slide(tmp_path: Path) -> None:
    data = ppt(Slide((Box("One", 0),)), Slide((Box("Two", 0),), notes="Speak slowly.\r*"))

    assert blocks(parsed(tmp_path, data)) == ["One", "Two", "Notes", "Speak slowly."]


def test_hidden_slides_are_read_and_named(tmp_path: Path) -> None:
    document = parsed(tmp_path, ppt(Slide((Box("One"),)), Slide((Box("Two"),), hidden=True)))

    assert "Two" in document.text
    assert document.notes == ("Slide 2 is hidden in the presentation; it was read like the others.",)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ppt(Slide((Box("Secret"),)), locked=True), Code.ENCRYPTED),
        (ppt(Slide((Box("Words"),)))[:2_000], Code.DAMAGED),
        (ppt(), Code.NO_TEXT),
        (b"no compound file at all", Code.DAMAGED),
        (compound({"PowerPoint Document": b"x" * 100, "Current User": bytes(20)}), Code.DAMAGED),
        (compound({"PowerPoint Document": b"x" * 100, "Current User": b"\xff" * 20}), Code.DAMAGED),
    ],
)
def test_locked_and_broken_files_are_refused(tmp_path: Path, data: bytes, code: Code) -> None:
    with pytest.raises(UnreadableFile) as refused:
        parsed(tmp_path, data)

    assert refused.value.code == code


def test_more_slides_than_a_document_may_have_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="has 3 slides; up to 2 are read"):
        parsed(tmp_path, ppt(Slide(), Slide(), Slide()), Limits(pages=2))
