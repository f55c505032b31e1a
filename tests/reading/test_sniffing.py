from pathlib import Path

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.parsers.registry import DOCX, HTML, MARKDOWN, PDF, PLAIN, Format, supported_list
from documents.reading.sniffing import sniff
from tests.reading import files

PAGE = b"<!doctype html><title>Hello</title><p>Hello."


def sniffed(folder: Path, data: bytes, filename: str) -> Format:
    path = folder / "stored"
    path.write_bytes(data)
    return sniff(path, filename)


def refusal(folder: Path, data: bytes, filename: str) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        sniffed(folder, data, filename)
    return refused.value


@pytest.mark.parametrize(
    ("data", "filename", "expected"),
    [
        (files.pdf(files.Sheet()), "letter.pdf", PDF),
        (files.pdf(files.Sheet()), "letter.txt", PDF),
        (b"HTTP/1.1 200 OK\r\n\r\n" + files.pdf(files.Sheet()), "letter.pdf", PDF),
        (files.letter(), "letter.docx", DOCX),
        (files.letter(), "letter", DOCX),
        (files.letter(), "letter.pdf", DOCX),
        (files.pdf(files.Sheet()), "letter.docx", PDF),
        (PAGE, "page.html", HTML),
        (PAGE, "page.txt", HTML),
        (b"\xef\xbb\xbf <!-- saved --> <HTML lang=en>", "", HTML),
        (b"<p>A part of a page", "part.htm", HTML),
        (b"# Title\n\nWords.", "notes.md", MARKDOWN),
        (b"# Title\n\nWords.", "notes.MARKDOWN", MARKDOWN),
        (b"# Title\n\nWords.", "notes.txt", PLAIN),
        (b"<div align=center>A readme</div>", "readme.md", MARKDOWN),
        ("Grüße".encode("cp1252"), "note.txt", PLAIN),
        ("Grüße an alle".encode("utf-16"), "note.txt", PLAIN),
        (b"A PDF begins with %PDF-1.7, says the norm.", "note.txt", PLAIN),
        (b"from os import path", "tool.py", PLAIN),
        (b"a\x00b " * 3 + b"words " * 200, "nul.txt", PLAIN),
    ],
)
def test_bytes_say_what_a_file_is(tmp_path: Path, data: bytes, filename: str, expected: Format) -> None:
    assert sniffed(tmp_path, data, filename) is expected


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\x00" * 100, b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused_with_words(tmp_path: Path, data: bytes) -> None:
    error = refusal(tmp_path, data, "letter.pdf")

    assert error.code == Code.EMPTY_FILE
    assert "empty" in str(error)


@pytest.mark.parametrize(
    ("data", "filename", "words"),
    [
        (files.PNG, "photo.png", "This file looks like a picture (PNG)."),
        (files.PNG, "letter.pdf", "The file is called .pdf, but it looks like a picture (PNG)."),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(60), "photo.jpg", "a picture (JPEG)"),
        (b"GIF89a" + bytes(60), "photo.gif", "a picture (GIF)"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(60), "talk.wav", "a sound recording (WAV)"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(60), "talk.mp4", "a video (MP4)"),
        (b"\x1f\x8b\x08" + bytes(60), "all.gz", "an archive (GZ)"),
        (b"MZ\x90\x00\x03" + bytes(60), "setup.exe", "a program"),
        (b"a\x00b words " * 200, "note.txt", "holds NUL bytes, so it is not plain text; save it again as UTF-8 text"),
        (files.archive(a_txt=b"words"), "all.zip", "a ZIP archive"),
        (files.archive(ppt__presentation_xml=b"<p/>"), "talk.pptx", "a PowerPoint presentation"),
        (
            files.archive(xl__workbook_xml=b"<p/>"),
            "sums.docx",
            "The file is called .docx, but it looks like an Excel workbook",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.doc", "an older Office file"),
        (b"a,b\n1,2\n", "sums.csv", "a CSV table"),
        (b"{\\rtf1 Hello}", "letter.rtf", "an RTF document"),
        (b'<?xml version="1.0"?><feed/>', "feed.xml", "an XML file"),
        (bytes(range(256)) * 40, "noise", "of a kind that is not known here"),
    ],
)
def test_what_is_not_read_is_refused_by_name(tmp_path: Path, data: bytes, filename: str, words: str) -> None:
    error = refusal(tmp_path, data, filename)

    assert error.code == Code.UNSUPPORTED_TYPE
    assert words in str(error)
    assert supported_list() in str(error)


@pytest.mark.parametrize(
    ("data", "filename", "words"),
    [
        (b"Just words.", "letter.pdf", "called .pdf but holds plain text"),
        (PAGE, "letter.pdf", "called .pdf but holds a web page"),
        (b"Just words.", "letter.docx", "called .docx but holds plain text"),
    ],
)
def test_text_under_the_name_of_another_format_is_refused(
    tmp_path: Path, data: bytes, filename: str, words: str
) -> None:
    error = refusal(tmp_path, data, filename)

    assert error.code == Code.UNSUPPORTED_TYPE
    assert words in str(error)


def test_an_office_file_with_a_password_is_refused_as_locked(tmp_path: Path) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")

    assert refusal(tmp_path, data, "letter.docx").code == Code.ENCRYPTED


def test_the_list_of_formats_reads_as_a_sentence() -> None:
    assert supported_list() == "PDF, Word (DOCX), web pages (HTML), Markdown and plain text"
