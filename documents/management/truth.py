"""Judged files: which truth belongs to which file, in the forms such sets come in, and how near a text comes to it."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein
from selectolax.lexbor import LexborHTMLParser

from documents.reading.decoding import decode

_NOT_MATERIAL = frozenset({"readme.md", "manifest.csv", "manifest.jsonl", "expected_mime4j.jsonl"})
_TRUTH_ENDINGS = (".gold.txt", ".expected.txt", ".expected.md", ".txt")
_WORD = re.compile(r"\w+")
_DIVIDED = re.compile(r"(\w)-\n(\w)")
_MARKUP = re.compile(r"<[a-z!/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near a text comes to the truth, each 0 to 1: by edits, and by the share of the true words that are there."""

    levenshtein: float
    recall: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A file and what should be read from it; None where nobody wrote that down."""

    path: Path
    truth: str | None = None


def judged(folder: Path) -> list[Judged]:
    """The files of a folder to measure with, in order of their names."""
    mails = folder / "expected_mime4j.jsonl"
    listed = folder / "manifest.jsonl"
    if mails.is_file():
        return list(_mails(folder, mails))
    if listed.is_file() and '"expected"' in listed.read_text(errors="replace"):
        return list(_listed(folder, listed))
    pairs = {path: path.parents[1] / "txt" / f"{path.stem}.txt" for path in folder.glob("**/pdf/*.pdf")}
    if any(truth.is_file() for truth in pairs.values()):
        return [Judged(path, _read(truth)) for path, truth in sorted(pairs.items()) if truth.is_file()]
    return list(_beside(folder))


def likeness(truth: str, text: str) -> Likeness:
    """Compared after Unicode normalisation, without soft hyphens, words divided at line ends joined, in one line."""
    expected, found = _plain(truth), _plain(text)
    whole = Levenshtein.normalized_similarity(expected, found) if expected or found else 1.0
    return Likeness(whole, recall(truth, text))


def recall(truth: str, text: str) -> float:
    """The share of the true words found, each as often as it should be."""
    expected, found = _words(truth), _words(text)
    return (expected & found).total() / expected.total() if expected else 1.0


def _mails(folder: Path, truths: Path) -> Iterator[Judged]:
    """Mails with the text of every part they have."""
    for line in truths.read_text().splitlines():
        row = json.loads(line)
        texts = [part["text"] for part in row["leaf_parts"] if part.get("text")]
        yield Judged(folder / row["file"], "\n".join(map(_without_markup, texts)) if texts else None)


def _listed(folder: Path, manifest: Path) -> Iterator[Judged]:
    for line in manifest.read_text().splitlines():
        row = json.loads(line)
        yield Judged(folder / row["file"], _read(folder / row["expected"]))


def _beside(folder: Path) -> Iterator[Judged]:
    """Files with a truth of the same name, or the beginning of it, beside them; and files without one."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name.lower() not in _NOT_MATERIAL]
    truths = {path: _stem(path) for path in files if path.name.endswith(_TRUTH_ENDINGS)}
    used: set[Path] = set()
    found = []
    for path in files:
        truth = None if path in truths else _truth_for(path, truths)
        used.update(other for other, stem in truths.items() if truth and stem == truths[truth])
        found.append((path, truth))
    yield from (Judged(path, _read(truth) if truth else None) for path, truth in found if path not in used)


def _truth_for(path: Path, truths: dict[Path, str]) -> Path | None:
    near = [truth for truth, stem in truths.items() if truth.parent == path.parent and path.stem.startswith(stem)]
    gold = [truth for truth in near if ".gold" in truth.name]
    return min(gold or near, default=None, key=lambda truth: -len(truths[truth]))


def _stem(path: Path) -> str:
    ending = next(ending for ending in _TRUTH_ENDINGS if path.name.endswith(ending))
    return path.name.removesuffix(ending)


def _read(path: Path) -> str:
    return decode(path.read_bytes())


def _without_markup(text: str) -> str:
    if not _MARKUP.search(text):
        return text
    body = LexborHTMLParser(text.replace("\x00", "")).body
    return body.text(separator=" ") if body else text


def _plain(text: str) -> str:
    joined = _DIVIDED.sub(r"\1\2", unicodedata.normalize("NFKC", text).replace("\u00ad", "").replace("\ufeff", ""))
    return " ".join(re.sub(r"[*_`|]+", " ", joined).split())


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_plain(text).lower()))
