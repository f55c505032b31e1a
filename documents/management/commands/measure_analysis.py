"""How often the built-in provider answers questions rightly, refuses those without an answer, and reads contracts."""

import re
import string
import sys
import unicodedata
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from documents import actions, providers, questions
from documents.management import contracts
from documents.management.commands.measure_search import throwaway_owner
from documents.search.scope import Scope

ARTICLES = re.compile(r"\b(?:a|an|the)\b")


class Command(BaseCommand):
    help = (
        "Puts the paragraphs of a folder in SQuAD's form into the library of a person made for it, asks its questions, "
        "and prints one JSON object: how often the sentence chosen holds the answer, and who is refused. Of a folder "
        "in CUAD's form: in how many contracts the parties and dates are found that lawyers marked. " + contracts.HITS
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="corpus.jsonl and qa.jsonl, or contracts.jsonl")
        parser.add_argument("--split", default="", help="only questions of this split; only contracts in this folder")
        parser.add_argument("--limit", type=int, default=0, help="only so many questions or contracts")

    def handle(self, *, folder: Path, split: str, limit: int, **options: Any) -> None:
        place = contracts.place(folder, split)
        figures = self._of_contracts(place, limit) if place else self._of_questions(folder, split, limit)
        self.stdout.write(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())

    def _of_contracts(self, folder: Path, limit: int) -> dict[str, Any]:
        try:
            return contracts.figures(folder, providers.embedder(), limit)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{folder} holds no contracts in CUAD's form: {error}") from error

    def _of_questions(self, folder: Path, split: str, limit: int) -> dict[str, Any]:
        try:
            texts = [orjson.loads(line) for line in (folder / "corpus.jsonl").open("rb")]
            asked = [orjson.loads(line) for line in (folder / "qa.jsonl").open("rb")]
        except (OSError, ValueError) as error:
            raise CommandError(f"{folder} holds no corpus.jsonl with a qa.jsonl: {error}") from error
        asked = [one for one in asked if not split or one.get("split") == split]
        with throwaway_owner() as owner:
            for text in texts:
                actions.upload_text(owner=owner, title=text["title"].replace("_", " "), content=text["text"])
            return self._figures(owner, asked[: limit or None])

    def _figures(self, owner: User, asked: list[dict[str, Any]]) -> dict[str, Any]:
        scope = Scope.of(owner)
        chosen = refused = falsely = right = 0
        answerable = sum(not one["unanswerable"] for one in asked)
        begun = perf_counter()
        for number, one in enumerate(asked, start=1):
            found = questions.extract(scope, one["question"])
            answers = found is not None and found.answers
            if one["unanswerable"]:
                refused += not answers
            else:
                holds = found is not None and _holds(found.text, one["answers"])
                chosen += holds
                right += holds and answers
                falsely += not answers
            if number % 50 == 0 and sys.stderr.isatty():
                self.stderr.write(f"\r{number:,} of {len(asked):,} questions", ending="")
        seconds = perf_counter() - begun
        unanswerable = len(asked) - answerable
        return {
            "answerable": answerable,
            "sentence_holds_the_answer": _share(chosen, answerable),
            "answered_and_right": _share(right, answerable),
            "wrongly_refused": _share(falsely, answerable),
            "unanswerable": unanswerable,
            "rightly_refused": _share(refused, unanswerable),
            "seconds_a_question": round(seconds / max(len(asked), 1), 3),
        }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _holds(sentence: str, answers: list[str]) -> bool:
    """Whether one of the answers stands in the sentence, as SQuAD compares: without case, articles and punctuation."""
    return any(_bare(answer) and _bare(answer) in _bare(sentence) for answer in answers)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(
        sign for sign in folded if not unicodedata.category(sign).startswith("P") and sign not in string.punctuation
    )
    return " ".join(ARTICLES.sub(" ", kept).split())
