"""Packed files are looked at before they are unpacked."""

from io import BytesIO
from pathlib import Path

import pytest

from documents.reading import archives
from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import DEFAULT, Limits
from tests.reading.files_packed import packed


def kept(folder: Path, data: bytes) -> Path:
    path = folder / "stored"
    path.write_bytes(data)
    return path


def refusal(path: Path, limits: Limits = DEFAULT) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        archives.check(path, limits)
    return refused.value


def test_an_ordinary_archive_passes(tmp_path: Path) -> None:
    archives.check(kept(tmp_path, packed({"a.txt": b"words" * 100})), DEFAULT)


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    error = refusal(kept(tmp_path, packed({"a": bytes(30_000_000)})))

    assert error.code == Code.TOO_LARGE
    assert "far larger than a document may be: 30 MB, where the most are 400 MB" in str(error)
    assert "upload the parts" in str(error)


@pytest.mark.parametrize("limits", [Limits(unpacked_bytes=400), Limits(archive_members=1)])
def test_what_is_beyond_a_limit_is_refused(tmp_path: Path, limits: Limits) -> None:
    assert refusal(kept(tmp_path, packed({"a": b"words" * 50, "b": b"words" * 50})), limits).code == Code.TOO_LARGE


def test_a_locked_file_is_refused_as_such(tmp_path: Path) -> None:
    data = packed({"a.txt": b"words"})
    place = data.index(b"PK\x01\x02") + 8

    assert refusal(kept(tmp_path, data[:place] + b"\x01" + data[place + 1 :])).code == Code.ENCRYPTED


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + bytes(500), packed({"a": b"words"})[:-30]])
def test_a_torn_archive_is_refused_as_damaged(tmp_path: Path, data: bytes) -> None:
    assert refusal(kept(tmp_path, data)).code == Code.DAMAGED


def test_an_endless_directory_is_not_read(tmp_path: Path) -> None:
    end_record = b"PK\x05\x06" + bytes(8) + (90_000_000).to_bytes(4, "little") + bytes(6)
    path = kept(tmp_path, b"PK\x03\x04" + bytes(100) + end_record)

    with pytest.raises(UnreadableFile):
        archives.members(path)

    assert refusal(path).code == Code.TOO_LARGE


def with_long_record(data: bytes, *, size: int, entries: int) -> bytes:
    """The archive with a record of long numbers before its short end record."""
    end = data.rindex(b"PK\x05\x06")
    numbers = b"".join(number.to_bytes(8, "little") for number in (entries, entries, size, 0))
    long_record = b"PK\x06\x06" + (44).to_bytes(8, "little") + bytes(12) + numbers
    locator = b"PK\x06\x07" + bytes(4) + end.to_bytes(8, "little") + (1).to_bytes(4, "little")
    return data[:end] + long_record + locator + data[end:]


@pytest.mark.parametrize(("size", "entries"), [(90_000_000, 1), (51, 2_000_000)])
def test_a_short_length_does_not_hide_an_endless_directory(tmp_path: Path, size: int, entries: int) -> None:
    path = kept(tmp_path, with_long_record(packed({"a.txt": b"words"}), size=size, entries=entries))

    error = refusal(path)

    assert error.code == Code.TOO_LARGE
    assert "lists far more packed files" in str(error)


def test_files_that_only_other_readers_would_see_are_not_let_in(tmp_path: Path) -> None:
    data = packed({"a.txt": b"words"})
    place = data.rindex(b"PK\x05\x06") + 10

    error = refusal(kept(tmp_path, data[:place] + (900).to_bytes(2, "little") + data[place + 2 :]))

    assert (error.code, error.detail) == (Code.DAMAGED, "entries not listed")


def test_members_are_found_in_files_and_in_memory(tmp_path: Path) -> None:
    data = packed({"mimetype": b"application/epub+zip", "a/b": b"words"})

    assert archives.members(kept(tmp_path, data)) == archives.members(BytesIO(data)) == {"mimetype", "a/b"}
    assert archives.beginning(BytesIO(data), "mimetype", 11) == b"application"
    assert archives.beginning(BytesIO(data), "absent", 11) == b""
