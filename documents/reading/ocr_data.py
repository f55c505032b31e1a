"""Where the data of text recognition lies, and for which languages there is some."""

import os
import sys
from pathlib import Path

_NOT_LANGUAGES = frozenset({"osd"})


def folders() -> list[Path]:
    """The folders searched: the one a person named in TESSDATA_PREFIX, then that of the installed packages."""
    named = os.environ.get("TESSDATA_PREFIX")
    found = [Path(named)] if named else []
    return [folder for folder in [*found, Path(sys.prefix) / "share" / "tessdata"] if folder.is_dir()]


def folder_for(language: str) -> Path | None:
    """The first folder that has data for all of the languages ("eng+deu")."""
    return next((folder for folder in folders() if languages_of(language) <= _names(folder)), None)


def languages() -> frozenset[str]:
    """All languages that can be recognised, by their three letters."""
    return frozenset().union(*map(_names, folders())) - _NOT_LANGUAGES


def languages_of(language: str) -> frozenset[str]:
    return frozenset(language.split("+"))


def _names(folder: Path) -> frozenset[str]:
    return frozenset(file.stem for file in folder.glob("*.traineddata"))
