"""Servers for the time of one command: what measures search or answers needs a database, though nobody runs Glossa."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import django
from django.core.management import call_command

from config import embedded, state

MEASURING = frozenset({"measure_search", "measure_analysis", "measure_questions"})


def wanted(arguments: Sequence[str]) -> bool:
    """Whether this command measures, and there is no database it could use."""
    var = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var")
    is_asked = arguments[1:2] and arguments[1] in MEASURING and not {"-h", "--help"} & set(arguments)
    return bool(is_asked) and not os.environ.get("DATABASE_URL") and state.addresses(var) == state.NOWHERE


def run(command: Callable[[], None]) -> None:
    """Runs the command on servers that are gone afterwards, with all that was put in."""
    with tempfile.TemporaryDirectory(prefix="glossa-measure-") as folder:
        Path(folder).chmod(0o711)
        os.environ["VAR_DIR"] = folder
        with embedded.running(Path(folder), durable=False):
            # Settings, which are loaded with this, ask where the servers are.
            django.setup()
            call_command("migrate", verbosity=0)
            command()
