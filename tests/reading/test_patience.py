"""Files made to be slow are looked at once, like any other."""

import itertools
from pathlib import Path

import pytest

from documents.reading import passages, plain_text, sniffing
from documents.reading.errors import UnreadableFile


@pytest.mark.parametrize(
    "content",
    [b"<!---->" * 9_000 + b"x", b"<?xml?>" * 9_000, b"%PDF-1.7 " + b"1" * 60_000, b"<!--" * 16_000],
    ids=["remarks", "declarations", "digits", "open remarks"],
)
def test_a_head_made_to_be_slow_is_recognised_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "slow.txt"
    path.write_bytes(content)

    try:
        found = sniffing.sniff(path, path.name).format.name
    except UnreadableFile as refusal:
        found = str(refusal)

    assert found


@pytest.mark.parametrize("text", ["." * 200_000, "。" * 200_000, "?!" * 100_000 + "x"])
def test_a_text_of_nothing_but_stops_is_cut(text: str) -> None:
    spans = passages.sentences(plain_text.structure(text))

    assert all(first.end <= second.start for first, second in itertools.pairwise(spans))


def test_an_archive_with_an_endless_directory_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    end_record = b"PK\x05\x06" + bytes(8) + (90_000_000).to_bytes(4, "little") + bytes(6)
    path.write_bytes(b"PK\x03\x04" + bytes(100) + end_record)

    with pytest.raises(UnreadableFile):
        sniffing.sniff(path, path.name)
