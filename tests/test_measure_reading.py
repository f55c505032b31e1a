"""The figures of reading, from folders in each form they come in."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from documents.management.truth import judged, likeness
from tests.reading import files
from tests.reading.files import Sheet, Text

WORDS = "The rent is nine hundred euros a month."


def figures(folder: Path, **options: bool) -> dict[str, Any]:
    out = io.StringIO()
    call_command("measure_reading", str(folder), stdout=out, **options)
    result: dict[str, Any] = json.loads(out.getvalue())
    return result


def test_files_with_a_truth_are_judged_and_the_others_counted(tmp_path: Path) -> None:
    (tmp_path / "lease.pdf").write_bytes(files.pdf(Sheet([Text(WORDS)])))
    (tmp_path / "lease.txt").write_text(f"{WORDS} Heating is extra.")
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7\n" + b"x" * 400)

    told = figures(tmp_path)

    assert (told["files"], told["read"], told["judged"]) == (2, 1, 1)
    assert told["mean_word_recall"] == pytest.approx(8 / 11, abs=1e-3)
    assert (told["crashes"], told["hangs"], told["tracebacks_shown"]) == (0, 0, 0)
    assert told["refused"] == {"damaged": 1}
    assert told["reasons"][0].startswith("torn.pdf: ")
    assert told["pages"] == {"text": 1}


def test_a_manifest_says_which_truth_belongs_to_which_file(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(files.pdf(Sheet([Text(WORDS)])))
    (tmp_path / "truth.txt").write_text(WORDS)
    (tmp_path / "manifest.jsonl").write_text('{"file": "a.pdf", "expected": "truth.txt"}\n')

    told = figures(tmp_path, files=True)

    assert told["mean_levenshtein_ratio"] == 1
    assert told["each"][0]["name"] == "a.pdf"


def test_contracts_stand_beside_their_texts(tmp_path: Path) -> None:
    for name in ("pdf", "txt"):
        (tmp_path / "dev" / name).mkdir(parents=True)
    (tmp_path / "dev" / "pdf" / "lease.pdf").write_bytes(files.pdf(Sheet([Text(WORDS)])))
    (tmp_path / "dev" / "txt" / "lease.txt").write_text(WORDS)

    assert [one.truth for one in judged(tmp_path)] == [WORDS]


def test_the_words_of_attachments_count_as_the_mails(tmp_path: Path) -> None:
    mail = b"From: a@example.org\nSubject: Rent\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nAttached.\n--x\n"
    mail += (
        b'Content-Type: text/plain\nContent-Disposition: attachment; filename="a.txt"\n\n'
        + WORDS.encode()
        + b"\n--x--\n"
    )
    (tmp_path / "a.eml").write_bytes(mail)
    truth = {
        "file": "a.eml",
        "leaf_parts": [{"kind": "text-body", "text": WORDS}, {"kind": "text-body", "text": "Attached."}],
    }
    (tmp_path / "expected_mime4j.jsonl").write_text(json.dumps(truth))

    assert figures(tmp_path)["mean_word_recall"] == 1


def test_scans_share_the_truth_that_begins_like_their_name(tmp_path: Path) -> None:
    for name in ("page.png", "page-turned.png", "other.png"):
        (tmp_path / name).write_bytes(files.PNG)
    (tmp_path / "page.gold.txt").write_text(WORDS)

    found = {one.path.name: one.truth for one in judged(tmp_path)}

    assert found == {"page.png": WORDS, "page-turned.png": WORDS, "other.png": None}


def test_likeness_looks_past_line_ends_and_hyphens() -> None:
    assert likeness("the tenant main-\ntains the house", "the tenant maintains   the house").levenshtein == 1
    assert likeness("one two three four", "one two").recall == 0.5


def test_a_folder_is_needed(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no folder"):
        figures(tmp_path / "nothing")
