"""The process that reads one file and says what it found, in frames.

A frame is a letter, a length (4 bytes, little-endian) and as many bytes: `J` a report in JSON, `W` the packed words of
the leaf reported next, `B` a piece of the part reported last, `P` the picture of a page.
"""

import os
import sys
import traceback
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from documents.reading import probes, walls
from documents.reading.draft import LONGEST_SENTENCE, check_size, one_line
from documents.reading.errors import DAMAGED, TOO_MUCH_MEMORY, Code, UnreadableFile
from documents.reading.items import Expected, Item, Note, Title
from documents.reading.limits import Limits
from documents.reading.parsers import registry
from documents.reading.sniffing import Sniffed, sniff
from documents.values import Leaf, Part

_ROOT = Path(__file__).parent
# What libraries read after they were loaded: modules of theirs, fonts, the data of text recognition.
_LIBRARIES = (Path(sys.base_prefix), Path(sys.prefix), Path("/usr/lib"), Path("/lib"), Path("/lib64"))
_FONTS = (Path("/usr/share/fonts"), Path("/etc/fonts"), Path("/dev/urandom"), Path("/dev/null"))


@dataclass(frozen=True, slots=True)
class Order:
    """What the parent asks for: to read a file, to sniff at it, to draw a page of it, or to try a wall (`probe`); the
    name it was given."""

    task: str
    path: str
    filename: str
    limits: Limits
    readable: tuple[str, ...] = ()


def serve(asked: dict[str, Any], pipe: int) -> None:
    """Does what is asked behind walls, and says the outcome."""
    limits = Limits(**{**asked["limits"], "pages_wanted": tuple(asked["limits"]["pages_wanted"])})
    order = Order(**{**asked, "limits": limits})
    _silence()
    path = Path(order.path)
    walls.confine(limits, readable=[path, _ROOT, *_LIBRARIES, *_FONTS, *map(Path, order.readable)])
    voice = _Voice(pipe)
    try:
        voice.report(**_outcome(order, path, voice))
    except MemoryError:
        voice.report(**_refused(Code.TOO_LARGE, TOO_MUCH_MEMORY, "MemoryError while answering", resumable=True))


def _silence() -> None:
    """Whatever libraries print goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _outcome(order: Order, path: Path, voice: "_Voice") -> dict[str, Any]:
    try:
        if order.task == "probe":
            return {"probed": probes.run(order.filename)}
        sniffed = sniff(path, order.filename)
        voice.report(sniffed={"format": sniffed.format.name, "note": sniffed.note})
        if order.task == "read":
            _tell(_items(sniffed, path, order.limits), order.limits, voice)
        elif order.task == "draw":
            voice.say(b"P", registry.painter(sniffed.format)(path, order.limits))
    except UnreadableFile as refusal:
        return _refused(refusal.code, str(refusal), refusal.detail)
    except MemoryError:
        return _refused(Code.TOO_LARGE, TOO_MUCH_MEMORY, "MemoryError", resumable=True)
    except BaseException as error:  # noqa: BLE001 - the edge of the task: parsers raise anything, Rust's panics too
        return _refused(Code.DAMAGED, DAMAGED, _place(error), resumable=True)
    return {"end": True}


def _items(sniffed: Sniffed, path: Path, limits: Limits) -> Iterator[Item]:
    return registry.parser(sniffed.format)(path, limits)


def _tell(items: Iterator[Item], limits: Limits, voice: "_Voice") -> None:
    length = 0
    for item in items:
        if isinstance(item, bytes):
            voice.say(b"B", item)
        elif isinstance(item, Leaf):
            length += len(item.text)
            check_size(length, limits.text_chars)
            voice.say(b"W", item.words)
            voice.report(leaf=replace(item, words=b""))
            walls.more_time(limits)
        else:
            voice.report(**_said(item))


def _said(item: Expected | Title | Note | Part) -> dict[str, Any]:
    match item:
        case Expected(pages):
            return {"expected": pages}
        case Title(text):
            return {"title": one_line(text)}
        case Note(text):
            return {"note": one_line(text, LONGEST_SENTENCE)}
        case Part():
            return {
                "part": asdict(replace(item, name=one_line(item.name), reason=one_line(item.reason, LONGEST_SENTENCE)))
            }


class _Voice:
    """Writes frames to the parent."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def report(self, **fields: Any) -> None:
        # The table of words is empty here: it went before as it is.
        self.say(b"J", orjson.dumps(fields, default=lambda _: ""))

    def say(self, kind: bytes, data: bytes) -> None:
        frame = memoryview(kind + len(data).to_bytes(4, "little") + data)
        while frame:
            frame = frame[os.write(self._pipe, frame) :]


def _refused(code: Code, message: str, detail: str, *, resumable: bool = False) -> dict[str, Any]:
    """`resumable`: the trouble was with one page, and the others may be read without it."""
    return {"refused": {"code": code, "message": message, "detail": detail[:300], "resumable": resumable}}


def _place(error: BaseException) -> str:
    """The kind of error and where it came up, without its words: they may quote the file."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
