"""What measures needs no database that runs already: it has its own, and leaves nothing behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from config import measuring
from tests.config import running

pytestmark = pytest.mark.xdist_group("processes")


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    texts = {"a": "The tenant pays the rent on the first day.", "b": "Stir the flour into the butter."}
    (tmp_path / "corpus.jsonl").write_text(
        "\n".join(json.dumps({"_id": key, "title": key, "text": text}) for key, text in texts.items())
    )
    (tmp_path / "queries.jsonl").write_text('{"_id": "1", "text": "who pays the rent"}\n{"_id": "2", "text": "flour"}')
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1\n2\tb\t1\n")
    return tmp_path


def test_search_is_measured_without_a_server(collection: Path, tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "measure_search", str(collection), "--mode", "all"]
    done = subprocess.run(
        command,
        cwd=running.ROOT,
        env=running.environment(VAR_DIR=str(tmp_path / "var")),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["passages"] == 2
    assert {figures[mode]["ndcg@10"] for mode in ("hybrid", "bm25", "dense")} == {1.0}
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["manage.py", "measure_search", "DIR"], True),
        (["manage.py", "measure_search", "--help"], False),
        (["manage.py", "migrate"], False),
        (["manage.py"], False),
    ],
)
def test_only_measuring_gets_servers_of_its_own(
    arguments: list[str], expected: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))

    assert measuring.wanted(arguments) is expected


def test_a_database_that_is_named_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/glossa")

    assert not measuring.wanted(["manage.py", "measure_search", "DIR"])
