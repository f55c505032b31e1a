"""The command that measures how well pages are found for questions, on reports made here."""

from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command

from documents.models import Document
from tests.reading import files
from tests.reading.files import Sheet, Text

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PAGES = ["The harbour counted ships.", "Umbrellas were lost in the rain.", "The crane was painted green."]


def measured(folder: Path) -> dict[str, Any]:
    out = StringIO()
    call_command("measure_questions", folder, stdout=out)
    figures: dict[str, Any] = orjson.loads(out.getvalue())
    return figures


def test_an_evidence_page_counts_when_it_is_among_the_first_found(tmp_path: Path) -> None:
    (tmp_path / "pdfs").mkdir()
    (tmp_path / "pdfs" / "harbour.pdf").write_bytes(files.pdf(*(Sheet([Text(words)]) for words in PAGES)))
    questions = [
        {"question": "Where were umbrellas lost?", "doc": "harbour.pdf", "evidence": [_evidence(1)]},
        {"question": "Who painted the crane?", "doc": "harbour.pdf", "evidence": [_evidence(7)]},
    ]
    (tmp_path / "questions.jsonl").write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in questions))

    figures = measured(tmp_path)

    assert (figures["reports"], figures["pages"], figures["questions"]) == (1, 3, 2)
    assert figures["evidence_page_in_first_10_over_all"] == 0.5
    assert figures["evidence_page_in_first_10_inside"] == 0.5
    assert not Document.objects.exists()


def _evidence(page: int) -> dict[str, Any]:
    return {"doc": "harbour.pdf", "page_index0": page}


def test_another_folder_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"holds no questions\.jsonl"):
        measured(tmp_path)
