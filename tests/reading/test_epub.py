"""E-books."""

from pathlib import Path

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.parsers import epub
from documents.values import PageKind, ReadDocument
from tests.reading import files_packed
from tests.reading.reading import blocks, read_with

CHAPTERS = {
    "b.xhtml": "<html><body><h2>The end</h2><p>It was late.</p></body></html>",
    "a.xhtml": "<html><body><h2>The beginning</h2><p>It was early.</p></body></html>",
    "c.xhtml": "<html><body><p>Printed by hand.</p></body></html>",
}


def parsed(folder: Path, data: bytes) -> ReadDocument:
    path = folder / "stored"
    path.write_bytes(data)
    return read_with(epub.parse, path)


def test_chapters_are_read_in_the_order_of_the_book(tmp_path: Path) -> None:
    book = files_packed.epub(CHAPTERS, order=["a.xhtml", "b.xhtml", "c.xhtml"], title="A day")

    document = parsed(tmp_path, book)

    assert document.title == "A day"
    assert [page.label for page in document.pages] == ["The beginning", "The end", "Chapter 3"]
    assert blocks(document) == ["The beginning", "It was early.", "The end", "It was late.", "Printed by hand."]


def test_a_book_that_lost_its_order_is_read_by_name(tmp_path: Path) -> None:
    document = parsed(tmp_path, files_packed.epub(CHAPTERS, spine=False))

    assert [page.label for page in document.pages] == ["The beginning", "The end", "Chapter 3"]


def test_a_chapter_the_book_lacks_is_passed_over(tmp_path: Path) -> None:
    book = files_packed.epub(CHAPTERS).replace(b"OEBPS/b.xhtml", b"OEBPS/x.xhtml")

    assert [page.label for page in parsed(tmp_path, book).pages] == ["The beginning", "Chapter 2"]


def test_empty_elements_closed_as_xml_does_swallow_nothing(tmp_path: Path) -> None:
    chapter = '<?xml version="1.0"?><head><title/></head><body><a id="x"/><p>It was early.<br/>Not late.</p></body>'

    assert blocks(parsed(tmp_path, files_packed.epub({"a.xhtml": chapter}))) == ["It was early.\nNot late."]


def test_a_damaged_chapter_does_not_cost_the_others(tmp_path: Path) -> None:
    plain = files_packed.packed({"a.xhtml": CHAPTERS["a.xhtml"], "b.xhtml": "<p>It was late.</p>"}, stored=True)

    document = parsed(tmp_path, plain.replace(b"It was late", b"It was lost"))

    assert [page.kind for page in document.pages] == [PageKind.TEXT, PageKind.UNREADABLE]
    assert "damaged" in document.pages[1].reason


def test_a_copy_protected_book_is_refused(tmp_path: Path) -> None:
    book = files_packed.epub(CHAPTERS, locked_with="http://www.w3.org/2001/04/xmlenc#aes128-cbc")

    with pytest.raises(UnreadableFile) as refused:
        parsed(tmp_path, book)

    assert refused.value.code == Code.ENCRYPTED


def test_scrambled_fonts_do_not_lock_a_book(tmp_path: Path) -> None:
    book = files_packed.epub(CHAPTERS, locked_with="http://www.idpf.org/2008/embedding")

    assert len(parsed(tmp_path, book).pages) == 3


def test_a_book_without_chapters_is_refused_with_words(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        parsed(tmp_path, files_packed.epub({}))

    assert "no chapters" in str(refused.value)
