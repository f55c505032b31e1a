from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from documents.reading import word_boxes
from documents.reading.errors import NO_WORDS, Code, UnreadableFile
from documents.reading.limits import DEFAULT, Limits
from documents.reading.sandbox import read, read_pages, sniff
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


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "mac-roman"])
def test_an_encoding_is_found_out_behind_the_walls(tmp_path: Path, encoding: str) -> None:
    words = "Le château où l’été fut passé était très beau, et la forêt tout près. "

    assert read(kept(tmp_path, (words * 3).encode(encoding)), "lettre.txt").text.startswith(words.strip())


def test_a_pdf_comes_through_whole(tmp_path: Path) -> None:
    words = "The tenant pays the rent on the first day of the month."
    path = kept(tmp_path, files.pdf(Sheet([Text(words)]), Sheet(), title="Lease"))
    heard: list[tuple[int, int]] = []

    document = read(path, "lease.pdf", on_progress=lambda done, total: heard.append((done, total)))

    assert (document.text, document.title, document.language) == (words, "Lease", "en")
    assert [page.kind for page in document.pages] == [PageKind.TEXT, PageKind.EMPTY]
    assert len(word_boxes.unpack(document.pages[0].words)) == 12
    assert heard == [(1, 2), (2, 2)]


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
    error = refusal(kept(tmp_path, b"GIF89a" + bytes(60)), "letter.pdf")

    assert error.code == Code.UNSUPPORTED_TYPE
    assert "The file is called .pdf" in str(error)


def test_a_file_without_words_is_read_and_says_so(tmp_path: Path) -> None:
    document = read(kept(tmp_path, files.pdf(Sheet())), "blank.pdf")

    assert [page.kind for page in document.pages] == [PageKind.EMPTY]
    assert document.notes == (NO_WORDS,)


def test_reading_ends_at_the_wall_clock(tmp_path: Path) -> None:
    error = refusal(kept(tmp_path, DEEP_PAGE), "page.html", Limits(wall_seconds=0.5))

    assert error.code == Code.TIMED_OUT
    assert not readers()


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


def test_a_page_that_takes_too_long_is_put_down_and_the_others_are_read(tmp_path: Path) -> None:
    endless = Sheet([Text("x" * 90, y=700, size=1 + number / 1e6) for number in range(40_000)])
    path = kept(tmp_path, files.pdf(Sheet([Text("First")]), endless, Sheet([Text("Third")])))

    document = read(path, "long.pdf", Limits(wall_seconds=0.6))

    assert document.text == "First\n\nThird"
    assert [page.kind for page in document.pages] == [PageKind.TEXT, PageKind.UNREADABLE, PageKind.TEXT]
    assert "took too long" in document.pages[1].reason


def test_pages_can_be_read_alone(tmp_path: Path) -> None:
    path = kept(tmp_path, files.pdf(Sheet([Text("First")]), Sheet([Text("Second")]), Sheet([Text("Third")])))

    leaves = read_pages(path, "long.pdf", Limits(pages_wanted=(3, 1)))

    assert sorted((leaf.number, leaf.text) for leaf in leaves) == [(1, "First"), (3, "Third")]


def test_a_file_is_sniffed_at_without_being_read(tmp_path: Path) -> None:
    assert sniff(kept(tmp_path, b"# Rent\n\nDue on the first."), "notes.md").name == "Markdown"


def test_reading_goes_on_after_its_process_was_killed(tmp_path: Path) -> None:
    path = kept(tmp_path, b"The rent is due on the first.")
    read(path, "notes.txt")

    zygote().kill()

    assert read(path, "notes.txt").text == "The rent is due on the first."


def test_many_threads_read_at_once(tmp_path: Path) -> None:
    path = kept(tmp_path, b"The rent is due on the first.")

    with ThreadPoolExecutor(8) as threads:
        texts = {document.text for document in threads.map(lambda _: read(path, "notes.txt"), range(24))}

    assert texts == {"The rent is due on the first."}
    assert not readers()


def zygote() -> psutil.Process:
    """The process that readers are forked from."""
    return next(child for child in psutil.Process().children() if "documents.reading.zygote" in child.cmdline())


def readers() -> list[psutil.Process]:
    """Those still at work; one that was ended a moment ago is given the time to go."""
    gone_by = monotonic() + 2
    while (left := zygote().children()) and monotonic() < gone_by:
        sleep(0.01)
    return left
