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
    ],
    ids=["invisible", "white on white", "nearly white", "tiny", "above the page", "left of the page"],
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
