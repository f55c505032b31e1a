"""What the address of the reader asks for: which side of the document, and what lies in the panel beside it."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlencode

from documents.search import within


class Tab(StrEnum):
    """What lies in the panel."""

    OVERVIEW = "overview"
    ASK = "ask"
    ANALYSES = "analyses"
    SIMILAR = "similar"
    NOTES = "notes"
    DETAILS = "details"


class View(StrEnum):
    """How the document is shown: its pages as they look, or its text well set."""

    PAGES = "pages"
    TEXT = "text"


REMEMBERED = "reader_view"


def shown_in(session: MutableMapping[str, Any], view: str = "") -> View:
    """How this person has documents shown: as she says now, which is remembered, or said before."""
    if view in set(View):
        session[REMEMBERED] = view
    known = session.get(REMEMBERED)
    return View(known) if known in set(View) else View.PAGES


# What stays when something else in the address changes.
_LASTING = ("tab", "analysis", "conversation", "find", "part")
# What a form that goes elsewhere in the document says itself.
_MOVING = ("find", "part")


LABELS = {
    Tab.OVERVIEW: "Overview",
    Tab.ASK: "Ask",
    Tab.ANALYSES: "Analyses",
    Tab.SIMILAR: "Similar",
    Tab.NOTES: "Notes",
    Tab.DETAILS: "Details",
}


@dataclass(frozen=True, slots=True)
class TabLink:
    """A tab as a link."""

    name: str
    label: str
    address: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Address:
    """The query of the reader's address. `at` and `words` are offsets such as 120-340: those to arrive at, and those
    somebody chose to write a note at or to ask about; `near` is the number of a page to arrive at."""

    tab: str = ""
    view: str = ""
    part: str = ""
    at: str = ""
    recipe: str = ""
    analysis: str = ""
    conversation: str = ""
    find: str = ""
    hit: str = ""
    words: str = ""
    edit: str = ""
    near: str = ""
    shown: View = field(default=View.TEXT)

    @classmethod
    def of(cls, data: Mapping[str, str], shown: View = View.TEXT) -> Self:
        """As it was sent; what is unknown is left out."""
        given = {one.name: data.get(one.name, "").replace("\x00", "") for one in fields(cls) if one.name != "shown"}
        found = cls(**given, shown=shown)
        return cls(**given | {"tab": found.side, "find": found.find.strip()[: within.MOST_CHARACTERS]}, shown=shown)

    def beside(self, before: Self) -> Self:
        """The same where it says itself which part of the document is meant, else in the part that lay open before."""
        if self.part or self.near or self.at or self.find:
            return self
        return replace(self, part=before.part, near=before.near)

    @property
    def side(self) -> str:
        """The tab; where none is named, the one that what is named belongs to."""
        if self.tab in set(Tab):
            return self.tab
        if self.conversation:
            return Tab.ASK
        return Tab.ANALYSES if self.analysis or self.recipe else Tab.OVERVIEW

    def to(self, **changes: str) -> str:
        """The address with these changes, without what does not last."""
        lasting = {name: getattr(self, name) for name in _LASTING}
        pairs = {name: value for name, value in (lasting | changes).items() if value}
        return f"?{urlencode(pairs)}"

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What a form that goes to words or a page sends along."""
        return tuple((name, value) for name in _LASTING if name not in _MOVING and (value := getattr(self, name)))

    @property
    def label(self) -> str:
        """The name of the tab that is open."""
        return LABELS[Tab(self.side)]

    @property
    def tabs(self) -> tuple[TabLink, ...]:
        return tuple(TabLink(tab, label, self.to(tab=tab), tab == self.side) for tab, label in LABELS.items())

    @property
    def to_pages(self) -> str:
        return self.to(view=View.PAGES, part="")

    @property
    def to_text(self) -> str:
        return self.to(view=View.TEXT, part="")

    @property
    def to_overview(self) -> str:
        return self.to(tab=Tab.OVERVIEW)

    @property
    def to_notes(self) -> str:
        return self.to(tab=Tab.NOTES)

    @property
    def without_find(self) -> str:
        return self.to(find="")
