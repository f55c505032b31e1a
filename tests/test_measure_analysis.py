"""The command that measures the built-in provider, on a folder made here."""

from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def measured(folder: Path, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("measure_analysis", folder, stdout=out, **options)
    figures: dict[str, Any] = orjson.loads(out.getvalue())
    return figures


def marked(*texts: str, answer: str = "") -> dict[str, Any]:
    return {"answer": answer, "spans": [{"text": text, "start": 0} for text in texts]}


def write_contract(folder: Path, text: str, **clauses: Any) -> None:
    (folder / "one.txt").write_text(text)
    none = {name: marked() for name in ("Parties", "Agreement Date", "Effective Date", "Expiration Date")}
    line = {"id": "one", "txt": "one.txt", "clauses": none | clauses}
    (folder / "contracts.jsonl").write_bytes(orjson.dumps(line) + b"\n")


def test_parties_and_dates_of_contracts_are_held_against_what_lawyers_marked(tmp_path: Path) -> None:
    write_contract(
        tmp_path,
        "This Agreement is made on May 5, 2026 by and between HARBOUR CRANES, INC. (the “Supplier”) and a buyer.",
        Parties=marked("HARBOUR CRANES, INC.", "Invisible Ships Ltd", "Supplier", answer="Harbour (“Supplier”)"),
        **{"Agreement Date": marked("May 5, 2026"), "Expiration Date": marked("when all is paid")},
    )

    figures = measured(tmp_path)

    assert (figures["contracts"], figures["contracts_with_parties"], figures["contracts_with_dates"]) == (1, 1, 1)
    assert (figures["a_party_found"], figures["all_parties_found"]) == (1, 0)
    assert (figures["a_date_found"], figures["all_dates_found"]) == (1, 1)


def test_typed_fields_of_contracts_are_held_against_it_too(tmp_path: Path) -> None:
    write_contract(
        tmp_path,
        "This Agreement is made on May 5, 2026 by and between HARBOUR CRANES, INC. (the “Supplier”) and a buyer.",
        Parties=marked("HARBOUR CRANES, INC.", answer="Harbour (“Supplier”)"),
        **{"Agreement Date": marked(answer="5/5/26")},
    )

    figures = measured(tmp_path)

    assert (figures["party_field_right"], figures["agreement_date_field_right"]) == (1, 1)


def test_a_split_of_contracts_is_a_folder_within(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    write_contract(tmp_path / "dev", "A letter without a name.")

    figures = measured(tmp_path, split="dev", limit=1)

    assert (figures["contracts"], figures["contracts_with_parties"]) == (1, 0)
    assert figures["a_party_found"] is None


def test_contracts_in_another_form_are_refused_with_words(tmp_path: Path) -> None:
    (tmp_path / "contracts.jsonl").write_text('{"id": 1}\n')

    with pytest.raises(CommandError, match="holds no contracts"):
        measured(tmp_path)


def test_questions_are_asked_of_paragraphs(tmp_path: Path) -> None:
    text = {"title": "Harbour", "text": "The harbour was built in 1868. It has two cranes."}
    asked = [
        {"question": "When was the harbour built?", "answers": ["1868"], "unanswerable": False},
        {"question": "Who painted the lighthouse of Brest?", "answers": [], "unanswerable": True},
    ]
    (tmp_path / "corpus.jsonl").write_bytes(orjson.dumps(text) + b"\n")
    (tmp_path / "qa.jsonl").write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in asked))

    figures = measured(tmp_path)

    assert (figures["answerable"], figures["sentence_holds_the_answer"]) == (1, 1)
    assert (figures["unanswerable"], figures["rightly_refused"]) == (1, 1)


def test_another_folder_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"holds no corpus\.jsonl"):
        measured(tmp_path)
