import hashlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from documents import files


def everything_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_kept_file_is_whole_and_known_by_its_hash() -> None:
    content = b"words " * 100_000

    kept = files.keep(SimpleUploadedFile("letter.txt", content))

    assert files.path(kept.name).read_bytes() == content
    assert (kept.size, kept.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_same_bytes_kept_twice_are_two_files_so_that_one_can_go() -> None:
    first = files.keep(SimpleUploadedFile("letter.txt", b"words"))
    second = files.keep(SimpleUploadedFile("letter.txt", b"words"))

    files.forget(first.name)

    assert first.sha256 == second.sha256
    assert files.path(second.name).read_bytes() == b"words"


def test_a_name_of_the_file_never_becomes_a_path(settings: Settings) -> None:
    kept = files.keep(ContentFile(b"words", name="../../etc/passwd"))

    assert files.path(kept.name).is_relative_to(settings.MEDIA_ROOT)
    assert "passwd" not in kept.name


def test_a_disk_that_fails_leaves_nothing_half_written(settings: Settings) -> None:
    class Failing(SimpleUploadedFile):
        def chunks(self, chunk_size: int | None = None) -> object:  # type: ignore[override]
            yield b"half"
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        files.keep(Failing("letter.txt", b""))

    assert everything_in(Path(settings.MEDIA_ROOT)) == []


def test_forgetting_what_is_gone_is_no_harm() -> None:
    files.forget("originals/00/nothing")
