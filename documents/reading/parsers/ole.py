"""OLE files, the containers of Office before 2007: their streams and their title."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import olefile

from documents.reading.errors import Code, UnreadableFile

_LOCKED = ("EncryptedPackage", "EncryptionInfo")
_WINDOWS = 1252


def damaged(detail: str) -> UnreadableFile:
    return UnreadableFile(
        Code.DAMAGED,
        "This old Office file is damaged and cannot be read. Open it in Office or LibreOffice, save it in a current "
        "format (such as .docx or .pptx) and upload that.",
        detail=detail,
    )


def locked() -> UnreadableFile:
    return UnreadableFile(
        Code.ENCRYPTED, "This file is locked with a password. Save a copy without the password and upload that."
    )


@contextmanager
def container(path: Path) -> Iterator[Any]:
    """The container, open."""
    with path.open("rb") as file:
        try:
            opened = olefile.OleFileIO(file)
        except (OSError, ValueError, IndexError, TypeError) as error:
            raise damaged(type(error).__name__) from error
        with opened:
            if any(opened.exists(name) for name in _LOCKED):
                raise locked()
            yield opened


def stream(opened: Any, *names: str) -> bytes:
    """The bytes of the first stream of these names that is there; none when it cannot be read."""
    for name in names:
        try:
            if opened.get_type(name) == olefile.STGTY_STREAM:
                return bytes(opened.openstream(name).read())
        except OSError as error:
            raise damaged(type(error).__name__) from error
    return b""


def title(opened: Any) -> str:
    """What the file says it is called; nothing when it does not say it well."""
    try:
        properties = opened.get_metadata()
        return _decoded(properties.title, properties.codepage)
    except (OSError, ValueError, TypeError, AttributeError, IndexError):
        return ""


def _decoded(words: object, codepage: object) -> str:
    if not isinstance(words, bytes):
        return words if isinstance(words, str) else ""
    number = codepage % 65_536 if isinstance(codepage, int) and codepage else _WINDOWS
    name = "utf-8" if number == 65_001 else f"cp{number}"
    try:
        codecs.lookup(name)
    except LookupError:
        name = "cp1252"
    return words.decode(name, "replace").rstrip("\0")
