"""Outlook messages."""

from pathlib import Path
from struct import pack

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.parsers import msg
from documents.values import Part, ReadDocument
from tests.reading import files, files_compound
from tests.reading.reading import contents, read_with

NOTE = "__substg1.0_1000001F"
SUBJECT = "__substg1.0_0037001F"
LETTERS = "__substg1.0_1000001E"


def kept(folder: Path, data: bytes) -> Path:
    path = folder / "stored"
    path.write_bytes(data)
    return path


def parsed(folder: Path, data: bytes) -> ReadDocument:
    return read_with(msg.parse, kept(folder, data))


def pages(document: ReadDocument) -> list[tuple[str, str]]:
    return [(page.label, document.text[page.start : page.end]) for page in document.pages]


def test_the_header_and_the_text_are_pages(tmp_path: Path) -> None:
    data = files_compound.msg(subject="Rent", body="The rent is 900.\r\n\r\nBest, Alice", to="bob@example.org")

    document = parsed(tmp_path, data)

    assert document.title == "Rent"
    assert pages(document) == [
        (
            "Header",
            "From: Alice <alice@example.org>\nTo: Bob <bob@example.org>\nDate: 2024-05-01 12:00 UTC\nSubject: Rent",
        ),
        ("Message", "The rent is 900.\n\nBest, Alice"),
    ]


def test_a_page_that_says_no_more_than_the_text_is_left_out(tmp_path: Path) -> None:
    data = files_compound.msg(body="The rent is 900.", page="<p>The rent is <b>900</b>.</p>")

    assert pages(parsed(tmp_path, data))[1:] == [("Message", "The rent is 900.")]


def test_a_page_takes_the_place_of_a_text_that_is_not_there(tmp_path: Path) -> None:
    data = files_compound.msg(page="<p>The rent is <b>900</b>.</p>")

    assert pages(parsed(tmp_path, data))[1:] == [("Message", "The rent is 900.")]


def test_attachments_come_with_their_bytes_or_a_reason(tmp_path: Path) -> None:
    letter = files.pdf(files.Sheet())
    data = files_compound.msg(
        body="See.", attachments={"lease.pdf": letter, "setup.exe": b"MZ\x90\x00\x03" + bytes(60)}
    )

    document = parsed(tmp_path, data)

    assert document.parts == (
        Part("lease.pdf", len(letter), "application/pdf"),
        Part("setup.exe", 65, reason="This file looks like a program."),
    )
    assert contents(msg.parse, kept(tmp_path, data)) == {"lease.pdf": letter}


def test_a_message_inside_is_read_where_it_stands(tmp_path: Path) -> None:
    inner = {"__properties_version1.0": bytes(24), SUBJECT: "Keys".encode("utf-16-le"), NOTE: "Hi".encode("utf-16-le")}
    data = files_compound.compound(
        {
            "__properties_version1.0": bytes(32),
            NOTE: "For you.".encode("utf-16-le"),
            "__attach_version1.0_#00000000": {"__properties_version1.0": bytes(8), "__substg1.0_3701000D": inner},
        }
    )

    assert pages(parsed(tmp_path, data))[1:] == [("Message", "For you."), ("Message inside", "Subject: Keys\n\nHi")]


def test_letters_of_an_old_code_page_are_made_out(tmp_path: Path) -> None:
    words = "Мы получили ваше письмо и ответим на него завтра."
    properties = bytes(32) + pack("<HHIQ", 0x0003, 0x3FFD, 6, 1251)
    data = files_compound.compound({"__properties_version1.0": properties, LETTERS: words.encode("cp1251")})

    assert pages(parsed(tmp_path, data))[1:] == [("Message", words)]


def test_one_broken_property_costs_no_other(tmp_path: Path) -> None:
    properties = b"\x40\x00\x39\x00" + bytes(4) + b"\xff" * 8 + b"\xff" * 40
    streams = {NOTE: "The rent is 900.".encode("utf-16-le") + b"\x00", SUBJECT: b"\x00\xd8\x00"}
    data = files_compound.compound({"__properties_version1.0": bytes(32) + properties, **streams})

    assert "The rent is 900." in parsed(tmp_path, data).text


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"", b"words"])
def test_a_damaged_message_is_refused_with_words(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        parsed(tmp_path, data)

    assert refused.value.code == Code.DAMAGED
    assert "Outlook" in str(refused.value)
