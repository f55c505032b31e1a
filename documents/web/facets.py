"""How many documents a library has of what: counted for the whole of it in two questions to the database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, Value
from django.utils.translation import get_language_info

from accounts.models import User
from documents.models import Collection, Document, Status, Tag
from documents.reading.parsers import registry
from documents.web import sieve
from documents.web.sieve import Sieve

LABELS = {
    "q": "Title",
    "status": "Status",
    "type": "Type",
    "tag": "Tag",
    "collection": "Collection",
    "language": "Language",
    "added": "Added",
}
IN_SIGHT = 8
GONE = "one that is gone"
# Those that can be recognised and that Django has no name for.
_LANGUAGES = {
    "am": "Amharic", "an": "Aragonese", "as": "Assamese", "dz": "Dzongkha", "fo": "Faroese", "gu": "Gujarati",
    "jv": "Javanese", "ku": "Kurdish", "la": "Latin", "lo": "Lao", "mg": "Malagasy", "mt": "Maltese", "oc": "Occitan",
    "or": "Odia", "ps": "Pashto", "qu": "Quechua", "rw": "Kinyarwanda", "se": "Northern Sami", "si": "Sinhala",
    "tl": "Tagalog", "vo": "Volapük", "wa": "Walloon", "xh": "Xhosa", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """A tag or a collection, and on how many documents it is."""

    value: str
    name: str
    count: int
    colour: int = 0


@dataclass(frozen=True, slots=True)
class Census:
    """What there is in a library."""

    statuses: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    tags: Sequence[Label] = ()
    collections: Sequence[Label] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be chosen, and the address of the library when it is, or is no more."""

    name: str
    href: str
    count: int | None = None
    chosen: bool = False
    colour: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    label: str
    choices: Sequence[Choice]

    @property
    def first(self) -> Sequence[Choice]:
        """Those in sight."""
        return self.choices[:IN_SIGHT]

    @property
    def further(self) -> Sequence[Choice]:
        return self.choices[IN_SIGHT:]

    @property
    def opens(self) -> bool:
        """One of those that are not in sight is chosen."""
        return any(choice.chosen for choice in self.further)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: what it says, the address without it, and, where nothing is left, what there would be."""

    label: str
    name: str
    href: str
    count: int | None = None


def census(person: User) -> Census:
    statuses, types, languages = Counter[str](), Counter[str](), Counter[str]()
    rows = Document.objects.visible_to(person).order_by().values_list("status", "media_type", "language")
    for status, media_type, language, count, unread in rows.annotate(
        count=Count("pk"), unread=Count("pk", filter=sieve.UNREAD)
    ):
        statuses[_status(status)] += count
        statuses["unread"] += unread
        types[sieve.type_of(media_type)] += count
        languages[language] += count
    tags, collections = _labels(person)
    total = types.total()
    return Census(statuses, types, {code: n for code, n in languages.items() if code}, tags, collections, total)


def _status(status: str) -> str:
    return "reading" if status in {Status.QUEUED, Status.READING} else status


def _labels(person: User) -> tuple[list[Label], list[Label]]:
    """Tags and collections, by name, in one question."""
    seen = Count("documents", filter=Q(documents__deleted_at=None, documents__owner=person))
    tags = Tag.objects.visible_to(person).order_by().values_list("pk", "name", "colour").annotate(seen=seen)
    collections = (
        Collection.objects.visible_to(person).order_by().values_list("pk", "name").annotate(colour=Value(-1), seen=seen)
    )
    rows = sorted(tags.union(collections, all=True).order_by(), key=lambda row: row[1].casefold())
    made = [Label(str(pk), name, held, colour) for pk, name, colour, held in rows]
    return [one for one in made if one.colour >= 0], [one for one in made if one.colour < 0]


def facets(asked: Sieve, found: Census) -> list[Facet]:
    """What stands beside the library; what has one value only narrows nothing and is left out."""
    given = asked.narrowing
    return [
        Facet(LABELS[name], [_choice(asked, name, *one) for one in choices])
        for name, choices in _choices(found).items()
        if len(choices) > 1 or name in given or (choices and name in {"tag", "collection"})
    ]


def _choices(found: Census) -> dict[str, list[tuple[str, str, int | None, int | None]]]:
    statuses = [(key, name, found.statuses.get(key, 0), None) for key, name in sieve.STATUSES.items()]
    types = sorted(found.types.items(), key=lambda one: (-one[1], one[0]))
    languages = sorted(found.languages.items(), key=lambda one: (-one[1], one[0]))
    return {
        "status": [one for one in statuses if one[2]],
        "type": [(key, type_name(key), count, None) for key, count in types],
        "tag": [(one.value, one.name, one.count, one.colour) for one in found.tags],
        "collection": [(one.value, one.name, one.count, None) for one in found.collections],
        "language": [(code, language_name(code), count, None) for code, count in languages],
        "added": [(key, name, None, None) for key, name in sieve.ADDED.items()],
    }


def _choice(asked: Sieve, name: str, value: str, words: str, count: int | None, colour: int | None) -> Choice:
    chosen = asked.narrowing.get(name) == value
    return Choice(words, asked.but(**{name: "" if chosen else value}).address(), count, chosen, colour)


def chips(asked: Sieve, found: Census, counts: Iterable[tuple[str, int]] = ()) -> list[Chip]:
    """The filters that are on; `counts` says how many documents there would be without each."""
    known = dict(counts)
    return [
        Chip(LABELS[name], value_name(name, value, found), asked.but(**{name: ""}).address(), known.get(name))
        for name, value in asked.narrowing.items()
    ]


def value_name(name: str, value: str, found: Census) -> str:
    """What a filter's value is called."""
    match name:
        case "q":
            return f"“{value}”"
        case "status":
            return sieve.STATUSES.get(value, value)
        case "type":
            return type_name(value)
        case "tag":
            return _name_of(value, found.tags)
        case "collection":
            return _name_of(value, found.collections)
        case "language":
            return language_name(value)
        case _:
            return _since(value)


def _name_of(value: str, labels: Iterable[Label]) -> str:
    return next((one.name for one in labels if one.value == value), GONE)


def _since(value: str) -> str:
    since = sieve.day(value)
    return sieve.ADDED.get(value) or (f"since {since:%-d %B %Y}" if since else value)


def type_name(value: str) -> str:
    return next((one.heading for one in registry.FORMATS if sieve.type_of(one.media_type) == value), value.capitalize())


def language_name(code: str) -> str:
    """The language in English; its code where nobody knows it."""
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return _LANGUAGES.get(code, code)
