from pathlib import Path

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.parsers.registry import (
    CSV,
    DOC,
    DOCX,
    EML,
    EPUB,
    HTML,
    JPEG,
    MARKDOWN,
    MSG,
    ODP,
    ODS,
    ODT,
    PDF,
    PLAIN,
    PNG,
    PPT,
    PPTX,
    RTF,
    TIFF,
    WEBP,
    XLS,
    XLSX,
    ZIP,
    Format,
    supported_list,
)
from documents.reading.sniffing import sniff, sniff_bytes, without_list
from tests.reading import files
from tests.reading.files_compound import compound, msg
from tests.reading.files_packed import epub, ods, open_document, packed, xlsx

MAIL = b"Received: from a\r\n by b\r\nFrom: alice@example.org\r\nSubject: Rent\r\n\r\nIt is due."
CONTENT_TYPES = (
    '<Types><Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/>'
    '<Override PartName="/x.xml" ContentType="application/vnd.openxmlformats-officedocument.{}.main+xml"/></Types>'
)
PAGE = b"<!doctype html><title>Hello</title><p>Hello."
BITMAP = b"BM\x36\xf9\x15\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00" + bytes(36) + b"\xff" * 9_000


def sniffed(folder: Path, data: bytes, filename: str) -> Format:
    path = folder / "stored"
    path.write_bytes(data)
    return sniff(path, filename).format


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
        ("Мама мыла раму.".encode("utf-16-be"), "note.txt", PLAIN),
        (b"BMW builds cars, and BM begins bitmaps.", "note.txt", PLAIN),
        (b"A PDF begins with %PDF-1.7, says the norm.", "note.txt", PLAIN),
        (b"from os import path", "tool.py", PLAIN),
        (b"a\x00b " * 3 + b"words " * 200, "nul.txt", PLAIN),
        (b'{"a": 1}', "data.json", PLAIN),
        (b'<?xml version="1.0"?><feed/>', "feed.xml", PLAIN),
        (b"a,b\n1,2\n", "sums.csv", CSV),
        (b"a\tb\n1\t2\n", "sums.TSV", CSV),
        (b"a,b\n1,2\n", "sums.txt", PLAIN),
        (b"{\\rtf1 Hello}", "letter.rtf", RTF),
        (b"{\\rtf1 Hello}", "letter.doc", RTF),
        (files.PNG, "photo.png", PNG),
        (files.PNG, "photo", PNG),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(60), "photo.jpg", JPEG),
        (b"II*\x00" + bytes(60), "scan.tif", TIFF),
        (b"MM\x00*" + bytes(60), "scan.tiff", TIFF),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(60), "photo.webp", WEBP),
    ],
)
def test_bytes_say_what_a_file_is(tmp_path: Path, data: bytes, filename: str, expected: Format) -> None:
    assert sniffed(tmp_path, data, filename) is expected


@pytest.mark.parametrize(
    ("data", "filename", "expected"),
    [
        (xlsx({"A": {"A1": 1}}), "sums.xlsx", XLSX),
        (xlsx({"A": {"A1": 1}}), "sums.xlsm", XLSX),
        (packed({"xl/workbook.bin": b"x"}), "sums.xlsb", XLSX),
        (packed({"ppt/presentation.xml": b"<p/>"}), "talk.pptx", PPTX),
        (packed({"[Content_Types].xml": CONTENT_TYPES.format("presentationml.slideshow")}), "talk.ppsx", PPTX),
        (packed({"[Content_Types].xml": CONTENT_TYPES.format("wordprocessingml.document")}), "odd.docx", DOCX),
        (ods("A", [["words"]]), "sums.ods", ODS),
        (open_document("text", ""), "letter.odt", ODT),
        (open_document("text-template", ""), "letter.ott", ODT),
        (open_document("presentation", ""), "talk.odp", ODP),
        (epub({"a.xhtml": "<p>words"}), "book.epub", EPUB),
        (epub({"a.xhtml": "<p>words"}), "book.zip", EPUB),
        (packed({"a.txt": b"words"}), "all.zip", ZIP),
        (packed({"site/word/document.xml": b"words"}), "all.zip", ZIP),
        (packed({}), "none.zip", ZIP),
        (packed({"a.txt": b"words"})[:40], "torn.xlsx", XLSX),
        (packed({"a.txt": b"words"})[:40], "torn", ZIP),
        (compound({"WordDocument": b"x"}), "old.doc", DOC),
        (compound({"Workbook": b"x"}), "old.xls", XLS),
        (compound({"Book": b"x"}), "older", XLS),
        (compound({"PowerPoint Document": b"x"}), "old.ppt", PPT),
        (compound({"MBD0001": {"WordDocument": b"x"}, "Workbook": b"x"}), "holds a letter.xls", XLS),
        (msg(subject="Rent"), "mail.msg", MSG),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "torn.doc", DOC),
    ],
)
def test_packed_and_compound_files_are_told_apart_by_what_is_in_them(
    tmp_path: Path, data: bytes, filename: str, expected: Format
) -> None:
    assert sniffed(tmp_path, data, filename) is expected


@pytest.mark.parametrize(
    ("data", "filename", "expected"),
    [
        (MAIL, "mail.eml", EML),
        (MAIL, "mail", EML),
        (MAIL, "saved.mht", EML),
        (MAIL, "mail.msg", EML),
        (MAIL, "mail.txt", PLAIN),
        (MAIL, "mail.md", MARKDOWN),
        (MAIL.decode().encode("utf-16"), "mail.eml", EML),
        (MAIL + bytes(range(256)) * 40, "raw.eml", EML),
        (b"From alice Mon May 6 10:00:00 2024\n" + MAIL, "mail", EML),
        (b"just words, and no header", "mail.eml", EML),
        (b"Subject: a list of dates\nDate: 6 May\n", "note", PLAIN),
        (b"Note: this is no mail\nFrom: nobody\n", "note", PLAIN),
        (PAGE, "mail.eml", HTML),
        (b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>1", "sums.xls", HTML),
    ],
)
def test_mails_are_known_by_their_header(tmp_path: Path, data: bytes, filename: str, expected: Format) -> None:
    assert sniffed(tmp_path, data, filename) is expected


def test_a_file_in_memory_is_known_as_one_on_disk() -> None:
    assert [sniff_bytes(data, "file").format for data in (files.letter(), msg(subject="Rent"), MAIL)] == [
        DOCX,
        MSG,
        EML,
    ]


def test_a_name_that_promises_another_format_is_told(tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_bytes(xlsx({"A": {"A1": 1}}))

    assert sniff(path, "letter.pdf").note == "Its name ends in .pdf, but its bytes are XLSX: it was read as XLSX."
    assert sniff(path, "sums.xlsx").note == ""


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\x00" * 100, b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused_with_words(tmp_path: Path, data: bytes) -> None:
    error = refusal(tmp_path, data, "letter.pdf")

    assert error.code == Code.EMPTY_FILE
    assert "empty" in str(error)


@pytest.mark.parametrize(
    ("data", "filename", "words"),
    [
        (b"GIF89a" + bytes(60), "photo.gif", "This file looks like a picture (GIF)."),
        (b"GIF89a" + bytes(60), "letter.pdf", "The file is called .pdf, but it looks like a picture (GIF)."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg", "an SVG picture"),
        (b"%!PS-Adobe-3.0\n", "page.ps", "a PostScript file"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(60), "all.rar", "an archive (RAR)"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(60), "all.7z", "an archive (7Z)"),
        (b"\x78\x9f\x3e\x22" + bytes(60), "winmail.dat", "only Outlook opens"),
        (packed({"Index/Document.iwa": b"x"}), "letter.pages", "Apple Pages, Numbers or Keynote"),
        (packed({"META-INF/MANIFEST.MF": b"x"}), "tool.jar", "a Java program"),
        (open_document("graphics", ""), "plan.odg", "an OpenDocument file of another kind"),
        (compound({"VisioDocument": b"x"}), "plan.vsd", "a Visio drawing"),
        (compound({"Whatever": b"x"}), "odd.doc2", "an Office file of a kind that is not known here"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(60), "talk.wav", "a sound recording (WAV)"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(60), "talk.mp4", "a video (MP4)"),
        (b"\x1f\x8b\x08" + bytes(60), "all.gz", "an archive (GZ)"),
        (b"MZ\x90\x00\x03" + bytes(60), "setup.exe", "a program"),
        (b"a\x00b words " * 200, "note.txt", "holds NUL bytes, so it is not plain text; save it again as UTF-8 text"),
        (BITMAP, "photo.bmp", "This file looks like a picture (BMP)."),
        (BITMAP, "photo", "This file looks like a picture (BMP)."),
        (BITMAP, "photo.txt", "The file is called .txt, but it looks like a picture (BMP)."),
        (b"\x00\x01" + b"\xff" * 9_000, "pixels", "This file is of a kind that is not known here."),
        (bytes(range(256)) * 40, "noise", "of a kind that is not known here"),
    ],
)
def test_what_is_not_read_is_refused_by_name(tmp_path: Path, data: bytes, filename: str, words: str) -> None:
    error = refusal(tmp_path, data, filename)

    assert error.code == Code.UNSUPPORTED_TYPE
    assert words in str(error)
    assert supported_list() in str(error)
    assert "Convert it to one of these" in str(error)


@pytest.mark.parametrize(
    ("data", "filename", "words"),
    [
        (b"Just words.", "letter.pdf", "called .pdf but holds plain text"),
        (PAGE, "letter.pdf", "called .pdf but holds a web page"),
        (b"Just words.", "letter.docx", "called .docx but holds plain text"),
        (b"Just words.", "photo.bmp", "called .bmp but holds plain text"),
    ],
)
def test_text_under_the_name_of_another_format_is_refused(
    tmp_path: Path, data: bytes, filename: str, words: str
) -> None:
    error = refusal(tmp_path, data, filename)

    assert error.code == Code.UNSUPPORTED_TYPE
    assert words in str(error)


def test_an_office_file_with_a_password_is_refused_as_locked(tmp_path: Path) -> None:
    data = compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})

    assert refusal(tmp_path, data, "letter.docx").code == Code.ENCRYPTED


def test_a_refusal_can_be_told_in_few_words(tmp_path: Path) -> None:
    error = refusal(tmp_path, b"GIF89a" + bytes(60), "photo.gif")

    assert without_list(error) == "This file looks like a picture (GIF)."


def test_the_list_of_formats_reads_as_a_sentence() -> None:
    assert supported_list().startswith("PDF, ")
    assert supported_list().endswith(" and plain text")
