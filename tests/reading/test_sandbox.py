from pathlib import Path

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import DEFAULT, Limits
from documents.reading.sandbox import read
from documents.values import PageKind
from tests.reading import files
from tests.reading.files import Sheet, Text

DEEP_PAGE = b"<!doctype html><body>" + b"<div>" * 150_000 + b"deep"


def kept(folder: Path, data: bytes) -> Path:
    path = folder / "stored"
    path.write_bytes(data)
    return path


def refusal(path: Path, filename: str, limits: Limits = DEFAULT) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        read(path, filename, limits)
    return refused.value


def test_a_pdf_comes_through_whole(tmp_path: Path) -> None:
    words = "The tenant pays the rent on the first day of the month."
    path = kept(tmp_path, files.pdf(Sheet([Text(words)]), Sheet(), title="Lease"))
    heard: list[tuple[int, int]] = []

    document = read(path, "lease.pdf", on_progress=lambda done, total: heard.append((done, total)))

    assert (document.text, document.title, document.language) == (words, "Lease", "en")
    assert [page.kind for page in document.pages] == [PageKind.TEXT, PageKind.EMPTY]
    assert len(document.pages[0].words) == 12
    assert heard == [(2, 2)]


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (files.letter(), "letter.docx"),
        (b"<!doctype html><p>The rent is due on the first.", "page.html"),
        (b"# Rent\n\nThe rent is due on the first.", "notes.md"),
        (b"The rent is due on the first.", "notes.txt"),
    ],
)
def test_every_format_comes_through(tmp_path: Path, data: bytes, filename: str) -> None:
    document = read(kept(tmp_path, data), filename)

    assert "due on the first." in document.text


def test_a_refusal_keeps_its_code_and_words(tmp_path: Path) -> None:
    error = refusal(kept(tmp_path, files.PNG), "letter.pdf")

    assert error.code == Code.UNSUPPORTED_TYPE
    assert "The file is called .pdf" in str(error)


def test_a_scan_is_refused_with_the_reason(tmp_path: Path) -> None:
    error = refusal(kept(tmp_path, files.pdf(Sheet(picture=True))), "scan.pdf")

    assert error.code == Code.NO_TEXT
    assert "scan" in str(error)


def test_a_file_without_words_is_refused(tmp_path: Path) -> None:
    assert refusal(kept(tmp_path, files.pdf(Sheet())), "blank.pdf").code == Code.NO_TEXT


def test_reading_ends_at_the_wall_clock(tmp_path: Path) -> None:
    error = refusal(kept(tmp_path, DEEP_PAGE), "page.html", Limits(wall_seconds=0.5))

    assert error.code == Code.TIMED_OUT
    assert not readers_of(tmp_path)


def test_reading_ends_when_its_processor_time_is_used_up(tmp_path: Path) -> None:
    error = refusal(kept(tmp_path, DEEP_PAGE), "page.html", Limits(cpu_seconds=1))

    assert (error.code, error.detail) == (Code.TIMED_OUT, "processor time")


def test_a_file_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    path = kept(tmp_path, b"word " * 12_000_000)

    error = refusal(path, "long.txt", Limits(memory_mb=150))

    assert error.code == Code.TOO_LARGE


def test_a_parser_that_fails_is_a_damaged_file_with_a_place_for_the_log(tmp_path: Path) -> None:
    bad = files.letter().replace(b"word/document.xml", b"word/documint.xml")

    error = refusal(kept(tmp_path, bad), "letter.docx")

    assert error.code in (Code.DAMAGED, Code.UNSUPPORTED_TYPE)
    assert "letter" not in error.detail


def test_a_missing_file_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nothing", "nothing.pdf")


def readers_of(folder: Path) -> list[str]:
    """The processes that have the folder in their orders."""
    lines = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(process.read_text(errors="replace"))
        except OSError:
            # Gone between the two looks.
            continue
    return [line for line in lines if str(folder) in line and "documents.reading.child" in line]
