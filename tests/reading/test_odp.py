from dataclasses import replace
from pathlib import Path

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import DEFAULT, Limits
from documents.reading.parsers import odp
from documents.values import PageKind, ReadDocument
from tests.reading import files_open
from tests.reading.files_open import frame, slide
from tests.reading.reading import blocks, read_with


def parsed(folder: Path, data: bytes, limits: Limits = DEFAULT) -> ReadDocument:
    path = folder / "file.odp"
    path.write_bytes(data)
    return read_with(odp.parse, path, limits)


def test_every_slide_is_a_page_with_its_title_first(tmp_path: Path) -> None:
    first = slide(frame("For tenants", kind="subtitle", y=5), frame("The lease", kind="title", y=9))
    second = slide(frame("Rent", kind="title"), frame("900 euros", kind="outline", y=5))

    document = parsed(tmp_path, files_open.odp(first, second))

    assert [(page.label, page.kind) for page in document.pages] == [("Slide 1", "text"), ("Slide 2", "text")]
    assert blocks(document) == ["The lease", "For tenants", "Rent", "900 euros"]
    assert [block.level for block in document.blocks] == [1, 0, 2, 0]
    assert document.title == "The lease"


def test_what_the_speaker_noted_follows_its_slide(tmp_path: Path) -> None:
    notes = f"<presentation:notes>{frame('Say it slowly', kind='notes')}</presentation:notes>"
    empty = f"<presentation:notes>{frame('', kind='notes')}</presentation:notes>"

    document = parsed(tmp_path, files_open.odp(slide(frame("Rent"), notes), slide(frame("Heating"), empty)))

    assert blocks(document) == ["Rent", "Notes", "Say it slowly", "Heating"]
    assert document.title == "Rent"


def test_shapes_are_read_from_top_to_bottom_of_their_column(tmp_path: Path) -> None:
    shapes = frame("third", y=9), frame("right", x=15, y=9), frame("first", y=1), frame("second", y=5)

    assert blocks(parsed(tmp_path, files_open.odp(slide(*shapes)))) == ["first", "second", "third", "right"]


def test_groups_and_tables_are_read(tmp_path: Path) -> None:
    rows = "".join(
        f"<table:table-row>{''.join(f'<table:table-cell><text:p>{cell}</text:p></table:table-cell>' for cell in row)}"
        "</table:table-row>"
        for row in (("Month", "Rent"), ("May", "900"))
    )
    table = f'<draw:frame><table:table table:use-first-row-styles="true">{rows}</table:table></draw:frame>'

    document = parsed(tmp_path, files_open.odp(slide(f"<draw:g>{frame('In a group')}{table}</draw:g>")))

    assert blocks(document) == ["In a group", "Month | Rent", "Month: May; Rent: 900"]


def test_frames_that_only_ask_for_words_are_left_out(tmp_path: Path) -> None:
    asking = frame("Click to add a title", kind="title", more='presentation:placeholder="true"')

    assert parsed(tmp_path, files_open.odp(slide(asking))).pages[0].kind is PageKind.EMPTY


def test_footers_are_told_once_and_numbers_of_slides_never(tmp_path: Path) -> None:
    declared = '<presentation:footer-decl presentation:name="f1">Muster GmbH</presentation:footer-decl>'
    used = 'presentation:use-footer-name="f1"'
    behind = frame("Confidential", kind="footer") + frame("<text:page-number>1</text:page-number>")
    made = files_open.odp(
        slide(frame("One"), more=used), slide(frame("Two"), more=used), before=declared, master=behind
    )

    assert blocks(parsed(tmp_path, made)) == ["One", "Muster GmbH", "Confidential", "Two"]


def test_hidden_slides_are_read_and_named(tmp_path: Path) -> None:
    properties = '<style:drawing-page-properties presentation:visibility="hidden"/>'
    hidden = f'<style:style style:name="dp1" style:family="drawing-page">{properties}</style:style>'
    made = files_open.odp(slide(frame("One")), slide(frame("Two"), more='draw:style-name="dp1"'), styles=hidden)

    document = parsed(tmp_path, made)

    assert blocks(document) == ["One", "Two"]
    assert document.notes == ("Slide 2 is hidden in the presentation; it was read like the others.",)


def test_more_slides_than_allowed_are_refused(tmp_path: Path) -> None:
    data = files_open.odp(slide(frame("One")), slide(frame("Two")))

    with pytest.raises(UnreadableFile, match="2 slides") as refused:
        parsed(tmp_path, data, replace(DEFAULT, pages=1))

    assert refused.value.code == Code.TOO_MANY_PAGES


def test_a_presentation_without_slides_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        parsed(tmp_path, files_open.odp())

    assert refused.value.code == Code.NO_TEXT
