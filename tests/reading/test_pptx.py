from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches, Pt

from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import DEFAULT, Limits
from documents.reading.parsers import pptx as parser
from documents.values import BlockKind, PageKind, ReadDocument
from tests.reading import files
from tests.reading.files_office import changed, pptx_bytes, slide_with, talk, text_box
from tests.reading.reading import blocks, read_with

TITLED, BULLETED, BARE = 5, 1, 6


def parsed(folder: Path, data: bytes, limits: Limits = DEFAULT) -> ReadDocument:
    path = folder / "file.pptx"
    path.write_bytes(data)
    return read_with(parser.parse, path, limits)


@pytest.fixture
def presentation() -> Any:
    return pptx.Presentation()


def test_slides_are_pages_with_headings_lists_and_notes(tmp_path: Path) -> None:
    document = parsed(tmp_path, talk())

    assert [page.label for page in document.pages] == ["Slide 1", "Slide 2"]
    assert blocks(document) == [
        "Our harbour", "A talk", "Ships", "Sailing boats", "Ferries", "Notes", "Speak slowly here.",
    ]  # fmt: skip
    assert [(block.kind, block.level) for block in document.blocks] == [
        (BlockKind.HEADING, 1),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.HEADING, 2),
        (BlockKind.LIST_ITEM, 0),
        (BlockKind.LIST_ITEM, 0),
        (BlockKind.HEADING, 3),
        (BlockKind.PARAGRAPH, 0),
    ]


def test_a_title_nobody_gave_is_not_the_title(tmp_path: Path) -> None:
    assert parsed(tmp_path, talk()).title == "Our harbour"


def test_the_title_stands_first_wherever_it_was_drawn(tmp_path: Path, presentation: Any) -> None:
    slide = slide_with(presentation, TITLED, "Ships")
    text_box(slide, "Drawn before")
    slide.shapes._spTree.append(slide.shapes.title._element)

    assert blocks(parsed(tmp_path, pptx_bytes(presentation))) == ["Ships", "Drawn before"]


def test_shapes_are_read_from_the_top_down_where_their_places_say_so(tmp_path: Path, presentation: Any) -> None:
    slide = slide_with(presentation, BARE)
    text_box(slide, "A remark below", top=5)
    text_box(slide, "What it is about", top=1)

    assert blocks(parsed(tmp_path, pptx_bytes(presentation))) == ["What it is about", "A remark below"]


def test_rows_carry_the_names_of_their_columns(tmp_path: Path, presentation: Any) -> None:
    slide = slide_with(presentation, BARE)
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(2)).table
    for place, words in enumerate(("Month", "Amount", "May", "900")):
        table.cell(place // 2, place % 2).text = words

    document = parsed(tmp_path, pptx_bytes(presentation))

    assert blocks(document) == ["Month | Amount", "Month: May; Amount: 900"]


def test_a_chart_is_read_as_a_row_for_each_series(tmp_path: Path, presentation: Any) -> None:
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["2023", "2024"]
    data.add_series("Boats", (4.4000000000000004, 5))
    slide = slide_with(presentation, BARE)
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data).chart
    chart.chart_title.text_frame.text = "Harbour traffic"

    assert blocks(parsed(tmp_path, pptx_bytes(presentation))) == ["Harbour traffic", "Boats: 2023: 4.4; 2024: 5"]


def test_shapes_in_groups_are_read(tmp_path: Path, presentation: Any) -> None:
    group = slide_with(presentation, BARE).shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "Inside"

    assert blocks(parsed(tmp_path, pptx_bytes(presentation))) == ["Inside"]


def test_hidden_slides_are_read_and_named(tmp_path: Path, presentation: Any) -> None:
    for number in range(3):
        slide = slide_with(presentation, TITLED, f"Number {number}")
        slide._element.set("show", "0" if number else "1")

    document = parsed(tmp_path, pptx_bytes(presentation))

    assert "Number 2" in document.text
    assert document.notes == ("Slides 2 and 3 are hidden in the presentation; they were read like the others.",)


def test_words_nobody_sees_are_marked_as_hidden(tmp_path: Path, presentation: Any) -> None:
    slide = slide_with(presentation, BARE)
    text_box(slide, "Seen")
    text_box(slide, "Beside the slide", left=11)
    text_box(slide, "Switched off", top=3)._element.nvSpPr.cNvPr.set("hidden", "1")
    run = text_box(slide, "Large", top=5).text_frame.paragraphs[0].add_run()
    run.text, run.font.size = " and tiny", Pt(1)

    document = parsed(tmp_path, pptx_bytes(presentation))

    assert blocks(document) == ["Seen", "Beside the slide", "Switched off", "Large", "and tiny"]
    assert [block.kind is BlockKind.HIDDEN for block in document.blocks] == [False, True, True, False, True]


def test_footers_are_read_once_and_numbers_of_slides_never(tmp_path: Path, presentation: Any) -> None:
    for number in range(2):
        slide = slide_with(presentation, TITLED, f"Slide with {number}")
        for kind, words in (("ftr", "Harbour Library"), ("sldNum", str(number))):
            text_box(slide, words)._element.nvSpPr.nvPr.append(parse_xml(f'<p:ph {nsdecls("p")} type="{kind}"/>'))

    assert blocks(parsed(tmp_path, pptx_bytes(presentation))) == ["Slide with 0", "Harbour Library", "Slide with 1"]


def test_a_slide_without_words_is_an_empty_page(tmp_path: Path, presentation: Any) -> None:
    slide_with(presentation, BARE)

    assert parsed(tmp_path, pptx_bytes(presentation)).pages[0].kind is PageKind.EMPTY


def test_a_slide_that_is_missing_is_unreadable_and_the_others_are_read(tmp_path: Path, presentation: Any) -> None:
    slide_with(presentation, TITLED, "There")
    lost = presentation.slides._sldIdLst.add_sldId("rId999")

    document = parsed(tmp_path, pptx_bytes(presentation))

    assert lost.rId == "rId999"
    assert [page.kind for page in document.pages] == [PageKind.TEXT, PageKind.UNREADABLE]
    assert "damaged" in document.pages[1].reason


@pytest.mark.parametrize("kind", [b"template", b"slideshow"])
def test_templates_and_shows_are_read_too(tmp_path: Path, kind: bytes) -> None:
    data = changed(talk(), "[Content_Types].xml", b"presentationml.presentation.main", b"presentationml.%s.main" % kind)

    assert "Ferries" in parsed(tmp_path, data).text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (talk()[:5_000], Code.DAMAGED),
        (files.archive(ppt__presentation_xml=b"<a/>"), Code.DAMAGED),
        (pptx_bytes(pptx.Presentation()), Code.NO_TEXT),
        (files.letter(), Code.UNSUPPORTED_TYPE),
        (files.archive(ppt__presentation_xml=b" " * 30_000_000), Code.TOO_LARGE),
    ],
)
def test_broken_and_other_files_are_refused(tmp_path: Path, data: bytes, code: Code) -> None:
    with pytest.raises(UnreadableFile) as refused:
        parsed(tmp_path, data)

    assert refused.value.code == code


def test_more_slides_than_a_document_may_have_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="has 2 slides; up to 1 are read"):
        parsed(tmp_path, talk(), Limits(pages=1))
