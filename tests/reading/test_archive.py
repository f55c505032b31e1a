"""ZIP archives: each file in them becomes a document."""

import stat
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.items import PIECE_BYTES
from documents.reading.limits import DEFAULT, Limits
from documents.reading.parsers import archive
from documents.values import Part, ReadDocument
from tests.reading import files
from tests.reading.files_packed import packed
from tests.reading.reading import blocks, contents, read_with

NESTED = "An archive inside an archive is not opened. Unpack it and upload what is in it."


def kept(folder: Path, data: bytes) -> Path:
    path = folder / "stored"
    path.write_bytes(data)
    return path


def parsed(folder: Path, data: bytes, limits: Limits = DEFAULT) -> ReadDocument:
    return read_with(archive.parse, kept(folder, data), limits)


def names(document: ReadDocument) -> list[str]:
    return [part.name for part in document.parts]


def reason(document: ReadDocument) -> str:
    return document.parts[0].reason


def entry(name: str, data: bytes = b"words", *, mode: int = 0, flags: int = 0) -> bytes:
    """An archive of one member, with a mode or flags of our own."""
    file = BytesIO()
    info = ZipInfo(name)
    info.external_attr = mode << 16
    with ZipFile(file, "w", ZIP_DEFLATED) as zipped:
        zipped.writestr(info, data)
        # Written to the directory, which is what readers go by.
        zipped.infolist()[0].flag_bits |= flags
    return file.getvalue()


def test_the_files_are_listed_and_come_with_their_bytes(tmp_path: Path) -> None:
    letter = files.pdf(files.Sheet())
    data = packed({"house/lease.pdf": letter, "house/": b"", "note.txt": b"The rent is 900."})

    document = parsed(tmp_path, data)

    assert blocks(document) == [f"house/lease.pdf — {len(letter) / 1000:.1f} KB", "note.txt — 16 bytes"]
    assert {block.kind.value for block in document.blocks} == {"list_item"}
    assert document.parts == (
        Part("house/lease.pdf", len(letter), "application/pdf"),
        Part("note.txt", 16, "text/plain"),
    )
    assert contents(archive.parse, kept(tmp_path, data)) == {"house/lease.pdf": letter, "note.txt": b"The rent is 900."}


def test_large_files_come_in_pieces(tmp_path: Path) -> None:
    words = bytes(range(32, 127)) * 30_000
    path = kept(tmp_path, packed({"long.txt": words}))

    pieces = [item for item in archive.parse(path, DEFAULT) if isinstance(item, bytes)]

    assert b"".join(pieces) == words
    assert max(map(len, pieces)) <= PIECE_BYTES


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("more.zip", packed({"a.txt": b"words"}), NESTED),
        ("empty.pdf", b"", "It is empty."),
        ("setup.exe", b"MZ\x90\x00\x03" + bytes(60), "This file looks like a program."),
        ("page.pdf", b"Just words.", "The file is called .pdf but holds plain text."),
    ],
)
def test_files_that_cannot_be_read_come_with_a_reason(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    document = parsed(tmp_path, packed({name: data, "a.txt": b"words"}))

    assert names(document) == [name, "a.txt"]
    assert reason(document).startswith(words)


def test_a_damaged_file_costs_no_other(tmp_path: Path) -> None:
    data = packed({"torn.txt": b"the rent is due on the first" * 9, "whole.txt": b"words"})
    place = data.index(b"torn.txt") + 12

    document = parsed(tmp_path, data[:place] + b"\xff\xff\xff\xff" + data[place + 4 :])

    assert reason(document) == "It is damaged and could not be unpacked."
    assert document.parts[1] == Part("whole.txt", 5, "text/plain")


def test_a_locked_file_is_listed(tmp_path: Path) -> None:
    assert "locked with a password" in reason(parsed(tmp_path, entry("a.txt", flags=0x1)))


def test_links_are_not_followed(tmp_path: Path) -> None:
    data = entry("passwords.txt", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)

    assert "a link to another file" in reason(parsed(tmp_path, data))


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Users\\bob\\a.txt", "Users/bob/a.txt"),
        ("a//b/./c.txt", "a/b/c.txt"),
        ("line\nbreak.txt", "line break.txt"),
        ("x" * 290 + ".txt", "x" * 180 + "….txt"),
        ("Größe.txt", "Größe.txt"),
        ("..", "file"),
    ],
)
def test_names_are_made_harmless(tmp_path: Path, name: str, harmless: str) -> None:
    assert names(parsed(tmp_path, entry(name))) == [harmless]


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp437", "Grün.txt"), ("utf-8", "Größe.txt"), ("shift_jis", "日本語.txt")]
)
def test_names_of_other_systems_are_made_out(tmp_path: Path, encoding: str, name: str) -> None:
    raw = name.encode(encoding)
    data = entry("x" * len(raw)).replace(b"x" * len(raw), raw)

    assert names(parsed(tmp_path, data)) == [name]


def test_what_systems_leave_behind_is_left_out(tmp_path: Path) -> None:
    rubbish = dict.fromkeys(["__MACOSX/._a.txt", "a/.DS_Store", "a/Thumbs.db", "desktop.ini"], b"x")

    assert names(parsed(tmp_path, packed({**rubbish, "a/a.txt": b"words"}))) == ["a/a.txt"]


@pytest.mark.parametrize("data", [packed({}), packed({"folder/": b""}), packed({"__MACOSX/._a": b"x"})])
def test_an_archive_without_files_is_refused_with_words(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        parsed(tmp_path, data)

    assert refused.value.code == Code.EMPTY_FILE
    assert "no files in this archive" in str(refused.value)


def test_more_files_than_are_read_are_listed(tmp_path: Path) -> None:
    document = parsed(tmp_path, packed({f"{name}.txt": b"words" for name in "abc"}), Limits(parts=2))

    assert [bool(part.reason) for part in document.parts] == [False, False, True]
    assert "more files in the archive" in document.parts[2].reason


def test_a_bomb_costs_no_other(tmp_path: Path) -> None:
    document = parsed(tmp_path, packed({"bomb.txt": bytes(30_000_000), "note.txt": b"The rent is 900."}))

    assert "more than 200 times as large" in reason(document)
    assert document.parts[1] == Part("note.txt", 16, "text/plain")


def test_a_file_that_is_too_large_costs_no_other(tmp_path: Path) -> None:
    document = parsed(tmp_path, packed({"vast.txt": b"words" * 90, "note.txt": b"words"}), Limits(unpacked_bytes=100))

    assert "too large to be read out of an archive: 450 bytes, and 100 bytes may be" in reason(document)
    assert not document.parts[1].reason


def test_files_are_read_as_long_as_there_is_room(tmp_path: Path) -> None:
    members = {"a.txt": b"a" * 60, "b.txt": b"b" * 60, "c.txt": b"c" * 30}

    document = parsed(tmp_path, packed(members), Limits(unpacked_bytes=100))

    assert [bool(part.reason) for part in document.parts] == [False, True, False]
    assert "are more than 100 bytes unpacked" in document.parts[1].reason


def test_an_archive_of_far_too_many_files_is_refused_with_their_number(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"packed from 3 files; 2 are read of one\. Split it") as refused:
        parsed(tmp_path, packed(dict.fromkeys(["a.txt", "b.txt", "c.txt"], b"words")), Limits(archive_members=2))

    assert refused.value.code == Code.TOO_LARGE
