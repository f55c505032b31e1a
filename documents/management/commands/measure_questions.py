"""How often a page that holds the evidence is among those an answer is made from."""

import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import orjson
from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from documents import actions, answers
from documents.management.commands.measure_search import throwaway_owner
from documents.models import Document, Status
from documents.search.scope import Scope


class Command(BaseCommand):
    help = (
        "Puts the reports of a folder in FinanceBench's form (questions.jsonl, pdfs/) into the library of a person "
        "made for it, and prints one JSON object: for how many questions an evidence page is among the first 10 pages "
        "that an answer is made from, over all reports and inside the right one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="questions.jsonl and pdfs/")

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            asked = [orjson.loads(line) for line in (folder / "questions.jsonl").open("rb")]
        except (OSError, ValueError) as error:
            raise CommandError(f"{folder} holds no questions.jsonl: {error}") from error
        with throwaway_owner() as owner:
            begun = perf_counter()
            documents = self._put_in(owner, folder, sorted({one["doc"] for one in asked}))
            figures = _figures(owner, documents, asked)
            figures |= {"seconds_to_read": round(perf_counter() - begun - figures["seconds_to_ask"], 1)}
        self.stdout.write(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())

    def _put_in(self, owner: User, folder: Path, names: Sequence[str]) -> dict[str, UUID]:
        documents = {}
        for number, name in enumerate(names, start=1):
            with (folder / "pdfs" / name).open("rb") as handle:
                documents[name] = actions.upload(owner=owner, file=File(handle, name=name)).document.pk
            if sys.stderr.isatty():
                self.stderr.write(f"\r{number} of {len(names)} reports", ending="")
        return documents


def _figures(owner: User, documents: dict[str, UUID], asked: list[dict[str, Any]]) -> dict[str, Any]:
    everything = Scope.of(owner)
    begun = perf_counter()
    anywhere = [_is_found(everything, one, documents) for one in asked]
    inside = [_is_found(everything.within([documents[one["doc"]]]), one, documents) for one in asked]
    ready = Document.objects.filter(owner=owner, status=Status.READY)
    return {
        "reports": ready.count(),
        "pages": sum(ready.values_list("page_count", flat=True)),
        "questions": len(asked),
        f"evidence_page_in_first_{answers.PAGES}_over_all": _share(anywhere),
        f"evidence_page_in_first_{answers.PAGES}_inside": _share(inside),
        "seconds_to_ask": round(perf_counter() - begun, 2),
    }


def _is_found(scope: Scope, asked: dict[str, Any], documents: dict[str, UUID]) -> bool:
    """Pages of the evidence count from 0, ours from 1."""
    evidence = {(documents.get(one["doc"]), one["page_index0"] + 1) for one in asked["evidence"]}
    return not evidence.isdisjoint(answers.read_for(scope, asked["question"]).pages)


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / max(len(found), 1), 4)
