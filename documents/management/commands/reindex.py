"""Brings what search keeps up to what the settings say, while search goes on."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents import providers
from documents.ai.errors import Misconfigured
from documents.ai.protocol import Embedder
from documents.search import index, reindexing


class Command(BaseCommand):
    help = (
        "Embeds all passages with the model that EMBEDDING_MODEL names, beside the vectors in use, compares the two "
        "and switches to the new ones at once; weighs terms anew whose weights are of another version. Stop it "
        "whenever you like and start it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--model", default=settings.EMBEDDING_MODEL, help="its name or folder, if not the setting's"
        )
        parser.add_argument("--compare", action="store_true", help="embed and compare, and leave it at that")
        parser.add_argument("--force", action="store_true", help="switch although the new model finds less")

    def handle(self, *, model: str, compare: bool, force: bool, **options: Any) -> None:
        for done in reindexing.reweigh():
            self._progress(f"{done:,} documents weighed anew")
        try:
            coming = providers.embedder(model)
            coming.count("")
        except Misconfigured as error:
            raise CommandError(str(error)) from error
        active = index.active()
        if coming.name == active.name:
            self.stdout.write(f"Search uses {coming.name}, and everything is up to date.")
            return
        self._embed(coming)
        found = reindexing.compare(active, coming)
        self.stdout.write(
            f"Of {found.questions} passages among {found.passages:,}, asked for with their first sentence, "
            f"{active.name} brings {found.before:.1%} among the first ten, {coming.name} {found.after:.1%}."
        )
        if compare:
            return
        if found.after < found.before and not force:
            raise CommandError("The new model finds less, so nothing was switched. Use --force to switch all the same.")
        reindexing.switch(model, coming)
        self.stdout.write(f"Search uses {coming.name} from now on.")

    def _embed(self, coming: Embedder) -> None:
        total, done = reindexing.waiting(coming), 0

        def report(count: int) -> None:
            nonlocal done
            done += count
            self._progress(f"{done:,} of {total:,} passages embedded")

        reindexing.embed(coming, report)

    def _progress(self, words: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{words}", ending="")
