from collections.abc import Callable
from pathlib import Path

import pytest

from documents.reading.parsers import pdf
from documents.values import BlockKind, PageKind, ReadDocument
from tests.reading.files_pdf import drawn, words
from tests.reading.reading import blocks, place, read_with

SEEN = words("Everybody sees this line")


Parsed = Callable[[bytes], ReadDocument]


@pytest.fixture
def parsed(tmp_path: Path) -> Parsed:
    def parse(data: bytes) -> ReadDocument:
        path = tmp_path / "file.pdf"
        path.write_bytes(data)
        return read_with(pdf.parse, path)

    return parse


def hidden(document: ReadDocument) -> list[str]:
    kinds = [block.kind for block in document.blocks]
    return [text for text, kind in zip(blocks(document), kinds, strict=True) if kind is BlockKind.HIDDEN]


@pytest.mark.parametrize(
    "secret",
    [
        words("Secret words", y=600, before="3 Tr"),
        words("Secret words", y=600, before="1 1 1 rg"),
        words("Secret words", y=600, before="0.97 0.98 0.99 rg"),
        words("Secret words", y=600, size=1),
        words("Secret words", y=900),
        words("Secret words", x=-300, y=600),
        words("Secret words", y=600, size=1.9),
        words("Secret words", y=600, before="1 Tr 1 1 1 RG"),
        words("Secret words", y=600, before="2 Tr 1 1 1 RG 1 1 1 rg"),
        f"q 0 0 10 10 re W n {words('Secret words', y=600)} Q ",
        f"q 60 590 300 11 re W n {words('Secret words', y=600)} Q ",
        f"/OC /Off BDC {words('Secret words', y=600)} EMC ",
        f"0 0 1 rg 60 590 200 30 re f {words('Secret words', y=600)} 0 g ",
        f"{words('Secret words', y=600)} q 0 g 60 590 200 30 re f Q ",
        f"{words('Secret words', y=600)} q 200 0 0 30 60 590 cm /Im Do Q ",
        f"1 0 0 RG 60 603 m 400 603 l S {words('Secret words', y=600, before='1 1 1 rg')}",
    ],
    ids=[
        "invisible",
        "white on white",
        "nearly white",
        "tiny",
        "above the page",
        "left of the page",
        "nearly 2 points",
        "white outlines",
        "white with white outlines",
        "cut away",
        "cut to its lowest edge",
        "in a layer that is off",
        "in the colour of its ground",
        "under a black bar",
        "under a picture",
        "white on a rule",
    ],
)
def test_words_nobody_sees_are_kept_apart_at_the_end(parsed: Parsed, secret: str) -> None:
    document = parsed(drawn(secret + SEEN))

    assert blocks(document) == ["Everybody sees this line", "Secret words"]
    assert hidden(document) == ["Secret words"]


def test_hidden_words_have_their_place_on_the_page(parsed: Parsed) -> None:
    document = parsed(drawn(SEEN + words("Secret", x=300, y=400, before="3 Tr")))

    assert place(document, "Secret").x0 == pytest.approx(0.5, abs=0.01)


def test_white_words_on_a_dark_ground_are_seen(parsed: Parsed) -> None:
    document = parsed(drawn("0 0 0.5 rg 60 690 400 50 re f " + words("White on blue", before="1 1 1 rg")))

    assert blocks(document) == ["White on blue"]
    assert not hidden(document)


def test_white_words_on_top_of_seen_words_are_hidden(parsed: Parsed) -> None:
    document = parsed(drawn(SEEN + words("Secret words", before="1 1 1 rg")))

    assert hidden(document) == ["Secret words"]


def test_a_layer_that_is_off_is_hidden_where_one_that_is_on_says_something_else(parsed: Parsed) -> None:
    layers = f"/OC /On BDC {SEEN} EMC /OC /Off BDC {words('Secret words')} EMC "

    document = parsed(drawn(layers))

    assert blocks(document) == ["Everybody sees this line", "Secret words"]
    assert hidden(document) == ["Secret words"]


def test_tiny_words_are_hidden_letter_by_letter(parsed: Parsed) -> None:
    document = parsed(drawn(SEEN + words("s p a c e d", y=600, size=1)))

    assert hidden(document) == ["s p a c e d"]


@pytest.mark.parametrize(
    "drawing",
    [
        SEEN + "/Clear gs 1 1 0 rg 60 715 300 20 re f ",
        "0.9 g 60 715 300 20 re f " + words("Everybody sees this line", before="1 1 1 rg"),
        "0 g 60 715 300 20 re f " + words("Everybody sees this line", before="1 Tr 1 1 1 RG"),
        words("Everybody sees this line", before="1 Tr 0 0 1 RG 1 1 1 rg"),
        f"q 60 710 300 30 re W n {SEEN} Q ",
        f"q 60 710 m 400 710 l 200 900 l h W n {SEEN} Q ",
        f"/OC /On BDC {SEEN} EMC ",
        SEEN + "0 g 60 716 300 1 re f 60 722 300 1 re f ",
        SEEN + "0 g 60 700 300 17.5 re f ",
        "0 g 60 732 300 30 re f 60 690 300 27 re f " + SEEN,
        words("Everybody sees this line", size=5),
        words("Everybody sees this line", size=5, before="0.9 g"),
    ],
    ids=[
        "highlighted",
        "white on light gray",
        "white outlines on black",
        "blue outlines of white",
        "inside of a frame",
        "mostly inside of a triangle",
        "in a layer that is on",
        "struck through and underlined",
        "standing on a black bar",
        "between black bars",
        "small",
        "small and light",
    ],
)
def test_words_everybody_sees_are_not_hidden(parsed: Parsed, drawing: str) -> None:
    document = parsed(drawn(drawing))

    assert blocks(document) == ["Everybody sees this line"]
    assert not hidden(document)


def test_words_beneath_a_scan_are_its_text(parsed: Parsed) -> None:
    scan = "q 560 0 0 760 20 20 cm /Im Do Q 0 g 72 720 130 9 re f "

    document = parsed(drawn(SEEN + scan))

    assert blocks(document) == ["Everybody sees this line"]
    assert not hidden(document)


def test_a_ticked_box_drawn_twice_is_seen(parsed: Parsed) -> None:
    document = parsed(drawn(SEEN + "0 g 72 600 10 4 re f 72 604 4 4 re f " + words("-", x=72, y=600)))

    assert not hidden(document)


def test_small_print_is_seen(parsed: Parsed) -> None:
    assert not hidden(parsed(drawn(SEEN + words("Small print", y=600, size=4))))


def test_an_invisible_layer_over_a_scan_is_its_text_where_there_is_ink(parsed: Parsed) -> None:
    ink = "0 g 72 720 130 9 re f "
    layer = words("Everybody sees this line", before="3 Tr") + words("Not there", y=300, before="3 Tr")

    document = parsed(drawn(ink + layer, picture=True))

    assert document.pages[0].kind is PageKind.OCR
    assert document.pages[0].confidence is None
    assert blocks(document) == ["Everybody sees this line", "Not there"]
    assert hidden(document) == ["Not there"]


def test_an_invisible_layer_without_a_scan_is_hidden(parsed: Parsed) -> None:
    document = parsed(drawn(words("Secret words", before="3 Tr")))

    assert hidden(document) == ["Secret words"]
