"""Pages of a list in any order: each begins at a row, not at a number, so that every page is equally quick."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Lower

from documents.models import Document
from documents.models.document import DocumentQuerySet

_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Place:
    """A row by what the list is sorted by, and by its id where that is the same."""

    value: Any
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by; `parse` reads it from an address, and raises ValueError for what it is not."""

    by: F | Lower
    parse: Callable[[str], Any]
    descending: bool

    def columns(self, *, backwards: bool) -> tuple[str, str]:
        sign = "-" if self.descending != backwards else ""
        return f"{sign}sorted_by", f"{sign}id"

    def beyond(self, place: Place, *, backwards: bool) -> Q:
        """The rows that come after this one, or before it."""
        side = "lt" if self.descending != backwards else "gt"
        # The first half is what an index can use.
        return Q(**{f"sorted_by__{side}e": place.value}) & (
            Q(**{f"sorted_by__{side}": place.value}) | Q(**{f"id__{side}": place.id})
        )

    def place(self, cursor: str) -> Place | None:
        """The row a cursor names; None for what is no cursor."""
        value, _, identity = cursor.rpartition("~")
        try:
            return Place(self.parse(value), uuid.UUID(identity))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows in a row, and the cursors of what stands before and after them; empty at the ends."""

    documents: Sequence[Document] = ()
    before: str = ""
    after: str = ""


def cut(rows: DocumentQuerySet, order: Order, *, after: str, before: str, size: int) -> Slice:
    """The rows after a cursor, those before one, or the first; the first as well where there is nothing there."""
    backwards = bool(before)
    place = order.place(before or after)
    sorted_rows = rows.annotate(sorted_by=order.by)
    if place is None:
        return _slice(list(sorted_rows.order_by(*order.columns(backwards=False))[: size + 1]), size, begins=True)
    wanted = sorted_rows.filter(order.beyond(place, backwards=backwards))
    found = list(wanted.order_by(*order.columns(backwards=backwards))[: size + 1])
    if not found:
        return cut(rows, order, after="", before="", size=size)
    return _slice_before(found, size) if backwards else _slice(found, size, begins=False)


def _slice(found: list[Document], size: int, *, begins: bool) -> Slice:
    shown = found[:size]
    if not shown:
        return Slice()
    return Slice(
        shown,
        before="" if begins else _cursor(shown[0]),
        after=_cursor(shown[-1]) if len(found) > size else "",
    )


def _slice_before(found: list[Document], size: int) -> Slice:
    shown = found[:size][::-1]
    return Slice(shown, before=_cursor(shown[0]) if len(found) > size else "", after=_cursor(shown[-1]))


def _cursor(document: Document) -> str:
    value = document.sorted_by  # type: ignore[attr-defined]
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"{text}~{document.pk.hex}"


def moment(text: str) -> datetime:
    given = datetime.fromisoformat(text)
    if given.tzinfo is None:
        raise ValueError(text)
    return given.astimezone(UTC)


def number(text: str, digits: int = _MOST_DIGITS) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= digits):
        raise ValueError(text)
    return int(text)


def big_number(text: str) -> int:
    return number(text, 18)


def words(text: str) -> str:
    if "\x00" in text:
        raise ValueError(text)
    return text
