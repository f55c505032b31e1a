"""The table of formats in the code is the one that people are shown."""

from pathlib import Path

import pytest
from django.test import Client

from documents.reading.limits import DEFAULT
from documents.reading.parsers import registry
from documents.reading.parsers.registry import FORMATS, Format

DOCUMENTATION = (Path(__file__).parents[1] / "docs" / "reading.md").read_text()


@pytest.mark.django_db
def test_the_upload_page_shows_every_format(as_alice: Client) -> None:
    page = as_alice.get("/documents/").content.decode()

    for format_ in FORMATS:
        assert f"{format_.label}</th><td>{' '.join(format_.extensions)}</td><td>{format_.scope}" in page


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_the_documentation_shows_the_format_as_it_is(format_: Format) -> None:
    assert f"| {format_.label} | {' '.join(format_.extensions)} | {format_.scope} |" in DOCUMENTATION


def test_the_documentation_shows_no_format_that_is_not_read() -> None:
    table = DOCUMENTATION.partition("## Formats")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| Format")]

    assert len(rows) == len(FORMATS)


@pytest.mark.parametrize(
    ("limit", "shown"),
    [
        (f"{DEFAULT.pages:,} pages", "pages"),
        (f"{DEFAULT.text_chars // 1_000_000} million characters", "text"),
        (f"{DEFAULT.pixels // 1_000_000} megapixels", "pixels"),
        (f"{DEFAULT.unpacked_bytes // 1_000_000} MB unpacked", "unpacked"),
        (f"{DEFAULT.parts:,} files", "parts"),
        (f"{DEFAULT.wall_seconds:.0f} seconds", "page time"),
        (f"{DEFAULT.memory_mb:,} MB", "memory"),
    ],
)
def test_the_documentation_tells_the_limits_in_force(limit: str, shown: str) -> None:
    assert limit in DOCUMENTATION


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_every_format_has_a_parser(format_: Format) -> None:
    assert callable(registry.parser(format_))
