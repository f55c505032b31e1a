"""What the dots of a map are coloured by: a tag, a type, a collection, a language, the year they came."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language_info

from accounts.models import User
from documents.models import Collection, Tag
from documents.models.tags import COLOURS
from documents.reading.parsers import registry

WAYS = {"tag": "Tag", "type": "Type", "collection": "Collection", "language": "Language", "year": "Year"}
NONE = {"tag": "No tag", "collection": "In no collection", "language": "Language not known"}
REST = "All others"
# As many as can be told apart; within -6 to 6 in both directions. The last is of what has none, or one of the rest.
SHAPES = (
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "M-4.4-4.4h8.8v8.8h-8.8z",
    "M0-5.6 5.4 4.4H-5.4z",
    "M0-6 6 0 0 6-6 0z",
    "M0 5.6-5.4-4.4H5.4z",
    "M-1.9-5.4h3.8v3.5h3.5v3.8h-3.5v3.5h-3.8v-3.5h-3.5v-3.8h3.5z",
    "M-3.1-5.4h6.2L6 0 3.1 5.4h-6.2L-6 0z",
    "M0-6 1.7-1.7 6 0 1.7 1.7 0 6-1.7 1.7-6 0-1.7-1.7z",
)
NO_SHAPE = "M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0z"


@dataclass(frozen=True, slots=True)
class Series:
    """Dots of one kind. `colour` is one of eight, or `none`."""

    name: str
    colour: str
    shape: str
    count: int


@dataclass(frozen=True, slots=True)
class Coloured:
    """The series of a legend, and which each document is of."""

    series: tuple[Series, ...]
    of: Mapping[UUID, int]


def coloured(person: User, way: str, documents: Iterable[dict[str, Any]]) -> Coloured:
    """The largest groups each by itself, the smaller ones together, and what is in none."""
    rows = list(documents)
    colours: dict[str, int] = {}
    groups = _labelled(person, way, colours) if way in ("tag", "collection") else None
    value = {row["pk"]: groups.get(row["pk"], "") if groups is not None else _facet(way, row) for row in rows}
    counts = Counter(value.values())
    without = counts.pop("", 0)
    named = [name for name, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
    # Eight at most: if there are more, the eighth place is for the rest.
    shown = named if len(named) <= COLOURS else named[: COLOURS - 1]
    shown = sorted(shown) if way == "year" else shown
    series = [
        Series(name, str(colours.get(name, number)), SHAPES[number], counts[name]) for number, name in enumerate(shown)
    ]
    if rest := sum(counts[name] for name in named if name not in shown):
        series.append(Series(REST, "none", NO_SHAPE, rest))
    if without:
        series.append(Series(NONE.get(way, "Not known"), "none", NO_SHAPE, without))
    places = {name: number for number, name in enumerate(shown)}
    places[""] = len(series) - 1
    return Coloured(tuple(series), {key: places.get(name, len(shown)) for key, name in value.items()})


def _labelled(person: User, way: str, colours: dict[str, int]) -> dict[UUID, str]:
    """The first tag or collection of each document, by name; `colours` learns those of tags."""
    rows: Any
    if way == "tag":
        colours.update(Tag.objects.visible_to(person).values_list("name", "colour"))
        rows = Tag.objects.visible_to(person).values_list("documents", "name")
    else:
        rows = Collection.objects.visible_to(person).values_list("documents", "name")
    found: dict[UUID, str] = {}
    for document, name in rows.exclude(documents=None):
        found.setdefault(document, name)
    return found


def _facet(way: str, row: dict[str, Any]) -> str:
    match way:
        case "language":
            return _language(row["language"])
        case "year":
            return str(row["created_at"].year)
        case _:
            format_ = registry.by_media_type(row["media_type"])
            return format_.heading if format_ else "File"


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name"]) if code else ""
    except KeyError:
        return code
