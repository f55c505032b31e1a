"""How well, how fast and how safely files are read."""

import resource
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents import actions, providers
from documents.management.truth import Judged, Likeness, judged, likeness
from documents.reading import nursery, sandbox
from documents.reading.errors import UnreadableFile
from documents.reading.parsers import registry
from documents.values import PageKind, Part, ReadDocument

# Text of a mail's attachments counts as the mail's, and theirs again; deeper nobody looks.
DEEPEST = 3
HANG_SECONDS = 300.0
SAMPLES_READ = 20
_TYPED = frozenset({PageKind.TEXT, PageKind.TABLE, PageKind.EMPTY})


@dataclass(slots=True)
class Outcome:
    """What became of one file."""

    name: str
    format: str = ""
    seconds: float = 0.0
    pages: Counter[str] = field(default_factory=Counter)
    parts: int = 0
    hidden: bool = False
    code: str = ""
    reason: str = ""
    fault: str = ""
    likeness: Likeness | None = None

    @property
    def is_read(self) -> bool:
        return not self.code and not self.fault


class Command(BaseCommand):
    help = "Reads every file of a folder in the sandbox and prints one JSON object of figures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="files, with their true text beside them or not")
        parser.add_argument("--files", action="store_true", help="tell of every file, not of the sums alone")

    def handle(self, *, folder: Path, files: bool, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        nursery.warm()
        outcomes = [_outcome(one, folder) for one in judged(folder)]
        figures = _figures(outcomes) | {"overhead_ms_a_file": _overhead_ms()}
        if files:
            figures["each"] = [_told(outcome) for outcome in outcomes]
        self.stdout.write(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())


def _outcome(one: Judged, folder: Path) -> Outcome:
    outcome = Outcome(str(one.path.relative_to(folder)))
    begun = perf_counter()
    try:
        document, text = _read(one.path, one.path.name)
    except UnreadableFile as error:
        outcome.code, outcome.reason = error.code, str(error)
    except (OSError, AssertionError, RuntimeError, ValueError, TypeError, LookupError) as error:
        # The process that asks for a file to be read must never stumble over it: this is what is counted as a crash.
        outcome.fault = f"{type(error).__name__}: {error}"
    else:
        outcome.pages = Counter(page.kind.value for page in document.pages)
        outcome.parts, outcome.hidden = len(document.parts), document.hidden_text
        outcome.likeness = likeness(one.truth, text) if one.truth is not None else None
    outcome.seconds = perf_counter() - begun
    if outcome.likeness is None and one.truth is not None and outcome.code:
        outcome.likeness = likeness(one.truth, "")
    return outcome


def _read(path: Path, name: str, depth: int = 0) -> tuple[ReadDocument, str]:
    """The document, and its text with that of the files inside of it."""
    texts: list[str] = []

    def keep(part: Part, pieces: Iterator[bytes]) -> None:
        with tempfile.NamedTemporaryFile() as file:
            file.writelines(pieces)
            file.flush()
            if depth < DEEPEST:
                texts.append(_text_of_part(Path(file.name), part, depth))

    document = sandbox.read(path, name, providers.limits(), keep=keep)
    return document, "\n".join([document.text, *texts])


def _text_of_part(path: Path, part: Part, depth: int) -> str:
    try:
        return _read(path, part.name, depth + 1)[1]
    except UnreadableFile:
        return ""


def _figures(outcomes: list[Outcome]) -> dict[str, Any]:
    pages = sum((outcome.pages for outcome in outcomes), Counter[str]())
    refused = [outcome for outcome in outcomes if outcome.code]
    text = [outcome for outcome in outcomes if outcome.pages and set(outcome.pages) <= _TYPED]
    return {
        "files": len(outcomes),
        "read": sum(outcome.is_read for outcome in outcomes),
        "share_read": _rounded(sum(outcome.is_read for outcome in outcomes) / max(len(outcomes), 1)),
        "refused": dict(Counter(str(outcome.code) for outcome in refused)),
        "crashes": sum(bool(outcome.fault) for outcome in outcomes),
        "hangs": sum(outcome.seconds > HANG_SECONDS for outcome in outcomes),
        "tracebacks_shown": sum("Traceback" in outcome.reason for outcome in refused),
        "pages": dict(pages),
        "parts": sum(outcome.parts for outcome in outcomes),
        "files_with_hidden_text": sum(outcome.hidden for outcome in outcomes),
        **_likenesses([outcome.likeness for outcome in outcomes if outcome.likeness]),
        **_speeds(outcomes, text, pages),
        "reasons": [
            f"{outcome.name}: {outcome.reason or outcome.fault}" for outcome in outcomes if not outcome.is_read
        ],
    }


def _likenesses(found: list[Likeness]) -> dict[str, Any]:
    if not found:
        return {}
    return {
        "judged": len(found),
        "mean_levenshtein_ratio": _rounded(statistics.fmean(one.levenshtein for one in found)),
        "mean_word_recall": _rounded(statistics.fmean(one.recall for one in found)),
    }


def _speeds(outcomes: list[Outcome], text: list[Outcome], pages: Counter[str]) -> dict[str, Any]:
    """Pages a second of files that were text throughout, and seconds a page of those that were recognised."""
    scans = [outcome for outcome in outcomes if set(outcome.pages) == {PageKind.OCR}]
    return {
        "seconds": _rounded(sum(outcome.seconds for outcome in outcomes)),
        "slowest_seconds": _rounded(max((outcome.seconds for outcome in outcomes), default=0.0)),
        "text_pages_a_second": _ratio(sum(one.pages.total() for one in text), sum(one.seconds for one in text)),
        "seconds_a_recognised_page": _ratio(sum(one.seconds for one in scans), sum(one.pages.total() for one in scans)),
        "most_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _ratio(amount: float, of: float) -> float | None:
    return _rounded(amount / of) if of else None


def _overhead_ms() -> float:
    """What the walls cost a small file of ours, beyond parsing it here: the median over the samples."""
    limits = providers.limits()
    costs = []
    for path in sorted(actions.SAMPLES.iterdir()):
        format_ = registry.by_extension(path.name)
        assert format_ is not None
        parse = registry.parser(format_)
        list(parse(path, limits))
        sandbox.read(path, path.name, limits)
        for _ in range(SAMPLES_READ):
            begun = perf_counter()
            list(parse(path, limits))
            between = perf_counter()
            sandbox.read(path, path.name, limits)
            costs.append((perf_counter() - between) - (between - begun))
    return _rounded(1000 * statistics.median(costs))


def _told(outcome: Outcome) -> dict[str, Any]:
    return asdict(outcome) | {"seconds": _rounded(outcome.seconds), "pages": dict(outcome.pages)}


def _rounded(number: float) -> float:
    return round(number, 4)
