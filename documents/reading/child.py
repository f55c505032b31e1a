"""The process that reads one file and says what it found: `python -m documents.reading.child ORDER`.

It writes lines of JSON: any number of {"page", "pages"}, then one {"document"} or {"refused"}.
"""

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from documents.reading.confinement import confine
from documents.reading.errors import DAMAGED, TOO_MUCH_MEMORY, Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.parsers import registry
from documents.reading.sniffing import sniff

# Reports on every page would be noise.
_PAGES_A_REPORT = 5


@dataclass(frozen=True, slots=True)
class Order:
    """What the parent asks for: a file, the name it was given, the limits, and who asks."""

    path: str
    filename: str
    limits: Limits
    parent: int


def main() -> None:
    asked = orjson.loads(sys.argv[1])
    order = Order(**{**asked, "limits": Limits(**asked["limits"])})
    say = _voice()
    confine(order.limits, order.parent)
    try:
        say(_outcome(order, say))
    except MemoryError:
        say(_refused(Code.TOO_LARGE, TOO_MUCH_MEMORY, "MemoryError while answering"))


def _voice() -> Callable[[dict[str, Any]], None]:
    """Writes to the parent; whatever libraries print goes nowhere."""
    pipe = os.dup(sys.stdout.fileno())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return partial(_say, pipe)


def _say(pipe: int, message: dict[str, Any]) -> None:
    line = memoryview(orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE))
    while line:
        line = line[os.write(pipe, line) :]


def _outcome(order: Order, say: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    def report(done: int, total: int) -> None:
        if done % _PAGES_A_REPORT == 0 or done == total:
            say({"page": done, "pages": total})

    path = Path(order.path)
    try:
        parse = registry.parser(sniff(path, order.filename))
        return {"document": parse(path, order.limits, report)}
    except UnreadableFile as refusal:
        return _refused(refusal.code, str(refusal), refusal.detail)
    except MemoryError:
        return _refused(Code.TOO_LARGE, TOO_MUCH_MEMORY, "MemoryError")
    except Exception as error:  # noqa: BLE001 - the edge of the task: parsers raise anything on a broken file
        return _refused(Code.DAMAGED, DAMAGED, _place(error))


def _refused(code: Code, message: str, detail: str) -> dict[str, Any]:
    return {"refused": {"code": code, "message": message, "detail": detail}}


def _place(error: Exception) -> str:
    """The kind of error and where it came up, without its words: they may quote the file."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"


if __name__ == "__main__":
    main()
