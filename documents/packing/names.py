"""Names of files that every system takes: readable, without traps, and none twice."""

import unicodedata
from pathlib import PurePosixPath

MOST_BYTES = 150
# What some system or shell takes for something else; control characters go with them.
_UNSAFE = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)


class Names:
    """Gives each file a name of its own in one folder, also where capitals do not count."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        name = safe(wanted)
        path, number = PurePosixPath(name), 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{path.stem} ({number}){path.suffix}"
        self._taken.add(name.casefold())
        return name


def safe(wanted: str) -> str:
    """The nearest name that is safe, no longer than file systems allow."""
    kept = "".join(sign for sign in unicodedata.normalize("NFC", wanted) if sign.isprintable() and sign not in _UNSAFE)
    path = PurePosixPath(kept.strip(" .-") or "file")
    stem = "file" if path.stem.split(".")[0].casefold() in _RESERVED else path.stem
    suffix = _cut(path.suffix.rstrip(" ."), 20)
    return _cut(stem, MOST_BYTES - len(suffix.encode())).rstrip(" .") + suffix


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")
