"""The map of a library as its page shows it: dots, their colours, regions, and what is not on it yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.models import User
from documents import maps
from documents.models import Document, LibraryMap, Status
from documents.reading.parsers import registry
from documents.web.map_series import WAYS, Coloured, coloured

COLUMNS = ("pk", "title", "media_type", "language", "created_at", "page_count")
FIRST_TITLES = 6


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the map and its documents, of which so many first ones are shown."""

    number: int
    label: str
    x: float
    y: float
    documents: Sequence[dict[str, Any]]
    shown: Sequence[dict[str, Any]]

    @property
    def hidden(self) -> int:
        return len(self.documents) - len(self.shown)


@dataclass(frozen=True, slots=True)
class MapView:
    """Where things stand. `waiting` are documents that are to be drawn, `left_out` those that cannot be; `unread` ones
    are still being read."""

    drawn: LibraryMap
    by: str
    places: Mapping[UUID, tuple[float, float]]
    documents: Mapping[UUID, dict[str, Any]]
    colours: Coloured
    waiting: int
    is_stale: bool
    unread: int
    has_documents: bool
    chosen: int = 0
    ways: Mapping[str, str] = field(default_factory=lambda: WAYS)

    @property
    def is_drawing(self) -> bool:
        return self.is_stale and not self.drawn.error

    @property
    def left_out(self) -> int:
        return 0 if self.is_stale or self.drawn.error else self.waiting

    @property
    def on_it(self) -> int:
        return len(self.places)

    @property
    def pause_seconds(self) -> int:
        """Until the page asks again: while many are read, the map would be drawn after each."""
        return 10 if self.unread else 2

    @property
    def regions(self) -> list[Region]:
        return [region for number, row in enumerate(self.drawn.regions, 1) if (region := self._region(number, row))]

    def _region(self, number: int, row: dict[str, Any]) -> Region | None:
        found = [self.documents[key] for one in row["documents"] if (key := UUID(one)) in self.documents]
        found.sort(key=lambda document: document["title"].casefold())
        shown = found if number == self.chosen else found[:FIRST_TITLES]
        return Region(number, row["label"], row["x"], row["y"], found, shown) if found else None

    @property
    def listed(self) -> list[dict[str, Any]]:
        """The documents of a map without regions."""
        return [] if self.drawn.regions else [self.documents[key] for key in self.places]


def view(person: User, drawn: LibraryMap, *, by: str = "", region: str = "") -> MapView:
    """The map with what its person may see of it now."""
    mine = Document.objects.visible_to(person)
    ready = mine.filter(status=Status.READY)
    documents = {row["pk"]: row for row in ready.order_by().values(*COLUMNS)}
    places = {key: (x, y) for one, x, y in drawn.places if (key := UUID(one)) in documents}
    way = by if by in WAYS else "type"
    return MapView(
        drawn=drawn,
        by=way,
        places=places,
        documents=documents,
        colours=coloured(person, way, (documents[key] for key in places)),
        waiting=len(documents) - len(places),
        is_stale=bool(documents) and drawn.fingerprint != maps.fingerprint_of(ready),
        unread=mine.exclude(status__in=(Status.READY, Status.FAILED)).count(),
        has_documents=mine.exists(),
        chosen=int(region) if region.isdecimal() and len(region) < 4 else 0,
    )


def dots(shown: MapView) -> dict[str, Any]:
    """All that the canvas draws: rows [document, x, y, title, series, region, about, picture]."""
    member = {key: number for number, row in enumerate(shown.drawn.regions) for key in row["documents"]}
    rows = [
        [key, x, y, row["title"], shown.colours.of[key], member.get(str(key), -1), *_about(row)]
        for key, (x, y) in shown.places.items()
        if (row := shown.documents[key])
    ]
    regions = [[row["x"], row["y"], row["label"]] for row in shown.drawn.regions]
    return {"dots": rows, "regions": regions}


def _about(row: dict[str, Any]) -> tuple[str, bool]:
    """The type and the length in words, and whether its pages can be shown."""
    format_ = registry.by_media_type(row["media_type"])
    name, pages = format_.heading if format_ else "File", row["page_count"]
    is_paged = format_ is not None and format_.is_paged
    return (f"{name}, {pages:,} page{'' if pages == 1 else 's'}" if is_paged else name), is_paged
