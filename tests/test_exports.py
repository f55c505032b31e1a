"""An analysis as a file, with the words each statement rests on."""

import csv
from io import BytesIO, StringIO
from typing import Any

import orjson
import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from rest_framework.test import APIClient

from accounts.models import User
from documents.models import Analysis, Citation, Document

pytestmark = pytest.mark.django_db

QUOTE = "The work costs €4,800"


@pytest.fixture
def analysis(alice: User, notice: Document) -> Analysis:
    claims = [
        {"text": "=4800 | *bold*\n", "label": "cost", "citations": [0], "doubt": "", "score": None},
        {"text": "Nobody said this.", "label": "", "citations": [1], "doubt": "", "score": None},
        {"text": "Nothing cited.", "label": "", "citations": [], "doubt": "", "score": None},
    ]
    made = Analysis.objects.create(
        owner=alice,
        document=notice,
        title=notice.title,
        task="instruction",
        instruction="What does it cost?",
        max_tokens=100,
        status="done",
        provider="local",
        model="local-extractive-1",
        result={"text": "", "claims": claims, "verified": 1, "total": 3},
    )
    start = notice.content.index(QUOTE)
    rows: list[dict[str, Any]] = [
        {"quote": QUOTE, "verified": True, "start": start, "end": start + len(QUOTE), "page": 1},
        {"quote": "Made up", "verified": False},
    ]
    for ordinal, row in enumerate(rows):
        Citation.objects.create(analysis=made, ordinal=ordinal, document=notice, title=notice.title, **row)
    return made


def exported(api: APIClient, analysis: Analysis, form: str) -> bytes:
    answer = api.get(f"/api/analyses/{analysis.pk}/export/", {"form": form})
    assert answer.status_code == 200
    assert f"notice.{form}" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_as_json_every_statement_has_its_words(api: APIClient, analysis: Analysis) -> None:
    told = orjson.loads(exported(api, analysis, "json"))

    assert (told["provider"], told["what"]) == ("local", "What does it cost?")
    assert [(row["quote"], row["verified"]) for row in told["statements"]] == [
        (QUOTE, True),
        ("Made up", False),
        ("", False),
    ]


def test_as_markdown_words_are_footnotes_and_nothing_is_markup(api: APIClient, analysis: Analysis) -> None:
    text = exported(api, analysis, "md").decode()

    assert "- **cost:** =4800 \\| \\*bold\\*[^1]" in text
    assert f"[^1]: “{QUOTE}”, page 1" in text
    assert "- Nobody said this.[^2] *(not verified)*" in text
    assert "[^2]: “Made up” (not found in the text)" in text


def test_as_csv_no_value_is_a_formula(api: APIClient, analysis: Analysis) -> None:
    rows = list(csv.DictReader(StringIO(exported(api, analysis, "csv").decode("utf-8-sig"))))

    assert rows[0]["statement"] == "'=4800 | *bold*"
    assert rows[0]["quote"] == QUOTE


def test_as_a_workbook_no_value_is_a_formula(api: APIClient, analysis: Analysis) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(exported(api, analysis, "xlsx")))

    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["statement", "label"]
    assert rows[1][0] == "=4800 | *bold*"


def test_the_page_offers_the_files(as_alice: Client, analysis: Analysis) -> None:
    page = as_alice.get(f"/documents/{analysis.document_id}/?analysis={analysis.pk}").content.decode()

    assert f"/analyses/{analysis.pk}/export/md/" in page
    assert as_alice.get(f"/analyses/{analysis.pk}/export/md/").status_code == 200
    assert as_alice.get(f"/analyses/{analysis.pk}/export/exe/").status_code == 404


def test_what_is_not_there_is_refused(
    api: APIClient, api_of_bob: APIClient, as_bob: Client, analysis: Analysis
) -> None:
    assert api.get(f"/api/analyses/{analysis.pk}/export/", {"form": "exe"}).status_code == 400
    assert api_of_bob.get(f"/api/analyses/{analysis.pk}/export/").status_code == 404
    assert as_bob.get(f"/analyses/{analysis.pk}/export/md/").status_code == 404
    Analysis.objects.update(status="queued", result=None)
    assert api.get(f"/api/analyses/{analysis.pk}/export/").status_code == 409
