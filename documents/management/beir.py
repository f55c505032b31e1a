"""Judged collections in BEIR's form, and how well a ranking does on them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

Judgements = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Collection:
    """Texts by their id, with their titles; questions by their id; and for each question how relevant which text is."""

    texts: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    judgements: Judgements


def load(folder: Path, qrels: Path | None) -> Collection:
    """The collection of a folder with corpus.jsonl and queries.jsonl. Raises FileNotFoundError when one is missing."""
    judgements = _judgements(qrels or _qrels(folder))
    texts = {str(row["_id"]): (row.get("title", ""), row["text"]) for row in _rows(folder / "corpus.jsonl")}
    queries = {str(row["_id"]): row["text"] for row in _rows(folder / "queries.jsonl")}
    return Collection(texts, {key: text for key, text in queries.items() if key in judgements}, judgements)


def ndcg(ranking: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    """Normalised discounted cumulative gain with linear gain, as trec_eval has it."""
    gain = _gain([relevant.get(key, 0) for key in ranking[:depth]])
    best = _gain(sorted(relevant.values(), reverse=True)[:depth])
    return gain / best if best else 0.0


def recall(ranking: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    return len(set(ranking[:depth]) & set(relevant)) / len(relevant)


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def _qrels(folder: Path) -> Path:
    """The judgements in the folder or, shared by several, in the one above. Graded ones are asked for by name."""
    for place in (folder, folder.parent):
        found = sorted(path for path in place.glob("qrels*.tsv") if "graded" not in path.name)
        if found:
            return found[0]
    raise FileNotFoundError(f"There is no qrels*.tsv in {folder.name}; name one with --qrels.")


def _judgements(path: Path) -> Judgements:
    """Lines of question, text and grade; the heading, and what is not relevant, are passed over."""
    found: dict[str, dict[str, int]] = {}
    for line in path.read_text().splitlines():
        query, *_, text, grade = line.split("\t")
        if grade.isdigit() and int(grade) > 0:
            found.setdefault(query, {})[text] = int(grade)
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            if line.strip():
                yield orjson.loads(line)
