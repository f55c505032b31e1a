"""How well and how fast search finds, on a judged collection in BEIR's form."""

import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import orjson
from celery import current_app
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from documents import actions
from documents.management import beir
from documents.models import Document, Passage
from documents.search import index
from documents.search.passages import find, find_documents
from documents.search.query import Query
from documents.search.scope import Scope
from documents.search.scoring import Mode

ALL = "all"
DEPTH = 100
TIMED_LIMIT = 10
MOST_TIMED = 500
OWNER = "measure-search@glossa.invalid"


class Command(BaseCommand):
    help = (
        "Puts a collection in BEIR's form into the library of a person made for it, searches, prints one JSON object "
        "of figures, and removes all of it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="corpus.jsonl, queries.jsonl and qrels*.tsv")
        parser.add_argument("--qrels", metavar="FILE", type=Path, help="judgements other than those in the folder")
        parser.add_argument(
            "--mode", choices=[*Mode, ALL], default=Mode.HYBRID.value, help="what passages are ranked by"
        )

    def handle(self, *, folder: Path, qrels: Path | None, mode: str, **options: Any) -> None:
        try:
            collection = beir.load(folder, qrels)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{folder} is no collection in BEIR's form: {error}") from error
        with throwaway_owner() as owner:
            ids, seconds = self._index(owner, collection)
            figures = _index_figures(owner, seconds) | _figures(owner, collection, ids, mode)
        self.stdout.write(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())

    def _index(self, owner: User, collection: beir.Collection) -> tuple[dict[UUID, list[str]], float]:
        """Puts the texts in, by the product's own way; gives the ids that each document stands for."""
        ids: dict[UUID, list[str]] = {}
        begun = perf_counter()
        for number, (key, (title, text)) in enumerate(collection.texts.items(), start=1):
            if text.strip():
                document = actions.upload_text(owner=owner, title=title, content=text).document
                ids.setdefault(document.pk, []).append(key)
            if number % 50 == 0 and sys.stderr.isatty():
                self.stderr.write(f"\r{number:,} of {len(collection.texts):,} texts", ending="")
        return ids, perf_counter() - begun


@contextmanager
def throwaway_owner() -> Iterator[User]:
    """Somebody whose documents are read at once, in this process, and who leaves nothing behind."""
    eager, current_app.conf.task_always_eager = current_app.conf.task_always_eager, True
    owner, _ = User.objects.get_or_create(email=OWNER, defaults={"is_active": False})
    try:
        yield owner
    finally:
        for document in Document.objects.filter(owner=owner).light().iterator():
            actions.delete(document=document)
        owner.delete()
        current_app.conf.task_always_eager = eager


def _index_figures(owner: User, seconds: float) -> dict[str, Any]:
    """How much there is and how long it took, beside how long embedding the same passages takes by itself."""
    texts = list(Passage.objects.filter(owner=owner).values_list("text", flat=True)[:2_000])
    begun = perf_counter()
    index.active().embed(texts)
    alone = len(texts) / max(perf_counter() - begun, 1e-9)
    passages = Passage.objects.filter(owner=owner).count()
    return {
        "documents": Document.objects.filter(owner=owner).count(),
        "passages": passages,
        "seconds_to_index": _rounded(seconds),
        "passages_a_second": _rounded(passages / max(seconds, 1e-9)),
        "embedder_alone_passages_a_second": _rounded(alone),
        "embedding_model": index.active().name,
    }


def _figures(owner: User, collection: beir.Collection, ids: dict[UUID, list[str]], mode: str) -> dict[str, Any]:
    if mode != ALL:
        return {"mode": mode} | _of_mode(owner, collection, ids, Mode(mode))
    return {one.value: _of_mode(owner, collection, ids, one) for one in Mode}


def _of_mode(owner: User, collection: beir.Collection, ids: dict[UUID, list[str]], mode: Mode) -> dict[str, Any]:
    scope = Scope.of(owner)
    gains: list[float] = []
    recalls_10: list[float] = []
    recalls_100: list[float] = []
    latencies: list[float] = []
    for key, text in collection.queries.items():
        query = Query(words=text)
        if len(latencies) < MOST_TIMED:
            begun = perf_counter()
            find(scope, query, TIMED_LIMIT, mode=mode)
            latencies.append(1000 * (perf_counter() - begun))
        found = find_documents(scope, query, DEPTH, per_document=1, mode=mode)
        ranking = [one for group in found.groups for one in ids[group.best.document]]
        relevant = collection.judgements[key]
        gains.append(beir.ndcg(ranking, relevant, 10))
        recalls_10.append(beir.recall(ranking, relevant, 10))
        recalls_100.append(beir.recall(ranking, relevant, 100))
    return {
        "queries": len(gains),
        "ndcg@10": _rounded(statistics.fmean(gains)),
        "recall@10": _rounded(statistics.fmean(recalls_10)),
        "recall@100": _rounded(statistics.fmean(recalls_100)),
        "p50_ms": _rounded(statistics.median(latencies)),
        "p95_ms": _rounded(statistics.quantiles(latencies, n=20)[-1]) if len(latencies) > 1 else None,
    }


def _rounded(number: float) -> float:
    return round(number, 4)
