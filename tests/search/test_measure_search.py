"""The command that measures search, on a collection small enough to judge by hand."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from documents.management import beir
from documents.models import Document, Term

pytestmark = pytest.mark.django_db

TEXTS = {
    "a": ("Lease", "The tenant pays the rent on the first day of every month."),
    "b": ("Sauce", "Stir the flour into the butter and add milk."),
    "c": ("", "The plumber replaced the water pipe in the kitchen."),
    "d": ("Empty", " "),
}
QUERIES = {"1": "who pays the rent", "2": "water pipe", "3": "never judged"}
QRELS = "query-id\tcorpus-id\tscore\n1\ta\t1\n1\tb\t0\n2\tc\t2\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [{"_id": key, "title": title, "text": text} for key, (title, text) in TEXTS.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "queries.jsonl").write_text("\n".join(json.dumps({"_id": k, "text": t}) for k, t in QUERIES.items()))
    (tmp_path / "qrels.tsv").write_text(QRELS)
    return tmp_path


@pytest.fixture(autouse=True)
def _at_once(commit: Any) -> Any:
    with commit():
        yield


def measured(folder: Path, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("measure_search", str(folder), stdout=out, **options)
    return json.loads(out.getvalue())  # type: ignore[no-any-return]


def test_a_collection_is_read_with_its_judgements(folder: Path) -> None:
    collection = beir.load(folder, None)

    assert collection.queries == {"1": "who pays the rent", "2": "water pipe"}
    assert collection.judgements == {"1": {"a": 1}, "2": {"c": 2}}


def test_gains_count_less_further_down() -> None:
    assert beir.ndcg(["a", "b"], {"a": 1}, 10) == 1
    assert beir.ndcg(["b", "a"], {"a": 1}, 10) == pytest.approx(0.6309, abs=1e-4)
    assert beir.ndcg(["b"], {"a": 1}, 10) == 0
    assert beir.recall(["b", "a"], {"a": 1, "c": 1}, 10) == 0.5


def test_a_folder_that_is_no_collection_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="BEIR"):
        measured(tmp_path)


def test_nothing_is_left_behind(folder: Path) -> None:
    measured(folder)

    assert not Document.objects.exists()
    assert not User.objects.exists()
    assert not Term.objects.exists()
