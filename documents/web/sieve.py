"""What of a library is shown, and in which order: read from an address, and written back into one."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from documents.models import Collection, Document, Status, Tag
from documents.models.document import DocumentQuerySet, title_has
from documents.reading.parsers import registry
from documents.web import keyset
from documents.web.keyset import Order

MOST_CHARACTERS = 200
NEWEST = "-added"
SORTS = {
    NEWEST: "Newest first",
    "added": "Oldest first",
    "title": "Title, A to Z",
    "-title": "Title, Z to A",
    "-size": "Largest first",
    "size": "Smallest first",
    "-pages": "Most pages first",
    "pages": "Fewest pages first",
}
STATUSES = {"ready": "Ready", "reading": "Being read", "failed": "Could not be read", "unread": "With unread pages"}
DAYS = {"week": 7, "month": 31, "year": 366}
ADDED = {"week": "In the last 7 days", "month": "In the last 31 days", "year": "In the last year"}
OTHER_TYPE = "other"
UNREAD = Q(status=Status.READY) & ~Q(unread_pages=[])
# Of a value that nothing can have: better no document than all of them.
_NOTHING = Q(pk__isnull=True)
_ORDERS: dict[str, tuple[F | Lower, Callable[[str], object]]] = {
    "added": (F("created_at"), keyset.moment),
    "title": (Lower("title"), keyset.words),
    "size": (F("size"), keyset.big_number),
    "pages": (F("page_count"), keyset.number),
}


@dataclass(frozen=True, slots=True)
class Sieve:
    """What a person narrows her library by; an empty value narrows nothing."""

    q: str = ""
    status: str = ""
    type: str = ""
    tag: str = ""
    collection: str = ""
    language: str = ""
    added: str = ""
    sort: str = NEWEST

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        given = {one.name: data.get(one.name, "").replace("\x00", "")[:MOST_CHARACTERS].strip() for one in fields(cls)}
        return cls(**given | {"sort": given["sort"] if given["sort"] in SORTS else NEWEST})

    @property
    def narrowing(self) -> dict[str, str]:
        """What narrows, by its name in an address."""
        return {name: value for name, value in asdict(self).items() if value and name != "sort"}

    @property
    def given(self) -> dict[str, str]:
        """All that is not as it is by itself."""
        return self.narrowing | ({} if self.sort == NEWEST else {"sort": self.sort})

    @property
    def order(self) -> Order:
        by, parse = _ORDERS[self.sort.removeprefix("-")]
        return Order(by, parse, descending=self.sort.startswith("-"))

    def but(self, **changed: str) -> Self:
        return replace(self, **changed)

    def address(self, **further: str) -> str:
        """The query of an address; always with its question mark, for links on the same page."""
        return "?" + urlencode(self.given | {name: value for name, value in further.items() if value})

    def conditions(self, person: User) -> dict[str, Q]:
        return {name: _CONDITIONS[name](value, person) for name, value in self.narrowing.items()}

    def sift(self, person: User) -> DocumentQuerySet:
        """The person's documents that are left."""
        return Document.objects.visible_to(person).filter(*self.conditions(person).values())

    def without_one(self, person: User) -> Iterator[tuple[str, int]]:
        """For each filter, how many documents there would be without it."""
        conditions = self.conditions(person)
        counts = {
            f"without_{name}": Count("pk", filter=_all(other for key, other in conditions.items() if key != name))
            for name in conditions
        }
        for name, count in Document.objects.visible_to(person).order_by().aggregate(**counts).items():
            yield name.removeprefix("without_"), count


def _all(conditions: Iterator[Q]) -> Q:
    whole = Q(pk__isnull=False)
    for condition in conditions:
        whole &= condition
    return whole


def type_of(media_type: str) -> str:
    """How a format is called in an address: pdf, docx, markdown."""
    format_ = registry.by_media_type(media_type)
    return re.sub(r"\W+", "-", format_.name.lower()) if format_ else OTHER_TYPE


def _by_words(value: str, person: User) -> Q:
    return title_has(value)


def _by_status(value: str, person: User) -> Q:
    return {
        "ready": Q(status=Status.READY),
        "reading": Q(status__in=[Status.QUEUED, Status.READING]),
        "failed": Q(status=Status.FAILED),
        "unread": UNREAD,
    }.get(value, _NOTHING)


def _by_type(value: str, person: User) -> Q:
    known = [one.media_type for one in registry.FORMATS]
    if value == OTHER_TYPE:
        return ~Q(media_type__in=known)
    return (
        Q(media_type__in=[one for one in known if type_of(one) == value]) if value in map(type_of, known) else _NOTHING
    )


def _by_tag(value: str, person: User) -> Q:
    tagged = Tag.documents.through.objects.filter(tag__owner=person)
    return Q(pk__in=tagged.filter(tag=int(value)).values("document")) if _is_key(value) else _NOTHING


def _by_collection(value: str, person: User) -> Q:
    put = Collection.documents.through.objects.filter(collection__in=Collection.objects.visible_to(person))
    return Q(pk__in=put.filter(collection=int(value)).values("document")) if _is_key(value) else _NOTHING


def _by_language(value: str, person: User) -> Q:
    return Q(language=value)


def _by_moment(value: str, person: User) -> Q:
    since = day(value)
    return Q(created_at__gte=datetime.combine(since, time.min, timezone.get_current_timezone())) if since else _NOTHING


def day(value: str) -> date | None:
    """The first day of those meant: the last week, month, year, or since a day."""
    if value in DAYS:
        return timezone.localdate() - timedelta(days=DAYS[value])
    try:
        given = date.fromisoformat(value)
    except ValueError:
        return None
    return given if given.year > 1 else None


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19


_CONDITIONS: dict[str, Callable[[str, User], Q]] = {
    "q": _by_words,
    "status": _by_status,
    "type": _by_type,
    "tag": _by_tag,
    "collection": _by_collection,
    "language": _by_language,
    "added": _by_moment,
}
