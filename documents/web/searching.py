"""The search page: what was asked, what was understood of it, and the documents found with their best words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from documents.models import Collection, Document
from documents.reading.parsers import registry
from documents.search import highlights
from documents.search.passages import Group, Hit, Understood, find_documents, similar
from documents.search.query import Query, parse
from documents.search.scope import Scope
from documents.search.scoring import Order
from documents.values import Span

PAGE_SIZE = 10
MOST_COLLECTIONS = 200
DAYS = {"week": (7, "In the last 7 days"), "month": (31, "In the last 31 days"), "year": (366, "In the last year")}
MOST_PAGES = 100
EXCERPT_CHARACTERS = 320
SIMILAR = 5
# Documents less alike (cosine of their mean vectors) have nothing to do with each other.
LEAST_ALIKE = 0.35


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of an excerpt; `marked` when it is one of the words that were looked for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage in the list: its words, where they stand, and the address that opens the document there."""

    words: tuple[Word, ...]
    place: str
    headings: tuple[str, ...]
    href: str
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document and its best passages; `pictured` ones have a picture of their first page."""

    title: str
    kind: str
    hit: Hit
    passages: tuple[PassageView, ...]
    pictured: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a filter can have."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What narrows a search without being written: `name` is that of the form's field."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for: her words, and what she chose beside them."""

    words: str
    sort: str = ""
    type: str = ""
    added: str = ""
    collection: str = ""
    page: str = ""

    @property
    def query(self) -> Query:
        query = parse(self.words)
        if self.type:
            query = replace(query, types=(*query.types, self.type))
        if self.collection:
            query = replace(query, collections=(*query.collections, self.collection))
        days = DAYS.get(self.added, (0, ""))[0]
        return replace(query, after=timezone.localdate() - timedelta(days=days)) if days and not query.after else query

    @property
    def narrowed(self) -> dict[str, str]:
        """What was chosen, for addresses."""
        chosen = {"q": self.words, "type": self.type, "added": self.added, "collection": self.collection}
        return {name: value for name, value in chosen.items() if value}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results. `told` says in words what was understood beyond the words themselves."""

    asked: Asked
    order: str
    documents: tuple[DocumentView, ...]
    told: tuple[str, ...]
    corrections: tuple[tuple[str, str], ...]
    number: int
    has_more: bool
    by_meaning: bool

    @property
    def following(self) -> str:
        return self._address(self.number + 1) if self.has_more and self.number < MOST_PAGES else ""

    @property
    def previous(self) -> str:
        return self._address(self.number - 1) if self.number > 1 else ""

    def _address(self, number: int) -> str:
        sort = {"sort": self.order} if self.order != Order.RELEVANCE else {}
        return "?" + urlencode({**self.asked.narrowed, **sort, "page": number})

    @property
    def sorted_other(self) -> str:
        """The address of the same in the other order."""
        sort = {"sort": Order.NEWEST} if self.order == Order.RELEVANCE else {}
        return "?" + urlencode({**self.asked.narrowed, **sort})


def filters(person: User, asked: Asked) -> tuple[Filter, ...]:
    """What this person's search can be narrowed by: the kinds of her files, when they came, her collections."""
    types = Document.objects.visible_to(person).order_by().values_list("media_type", flat=True).distinct()
    formats = sorted({format_.name: format_ for kind in types if (format_ := registry.by_media_type(kind))})
    names = Collection.objects.visible_to(person).values_list("name", flat=True)[:MOST_COLLECTIONS]
    choices = {
        ("type", "Any type"): [(_type_of(name), name) for name in formats],
        ("added", "Added any time"): [(value, name) for value, (_, name) in DAYS.items()],
        ("collection", "Any collection"): [(name, name) for name in names],
    }
    chosen = {"type": asked.type, "added": asked.added, "collection": asked.collection}
    return tuple(
        Filter(name, label, tuple(Choice(value, shown, value == chosen[name]) for value, shown in values))
        for (name, label), values in choices.items()
        if values
    )


def _type_of(name: str) -> str:
    """How a format is called in the query language: by its first extension."""
    return next(format_.extensions[0] for format_ in registry.FORMATS if format_.name == name).lstrip(".")


def page(person: User, asked: Asked) -> Page | None:
    """What is found; None when nothing was asked."""
    query = asked.query
    if query.is_empty:
        return None
    order = Order(asked.sort) if asked.sort in set(Order) else Order.RELEVANCE
    number = asked.page
    at = min(max(int(number), 1), MOST_PAGES) if number.isdecimal() and len(number) < 5 else 1
    found = find_documents(Scope.of(person), query, PAGE_SIZE, offset=(at - 1) * PAGE_SIZE, order=order)
    hits = [hit for group in found.groups for hit in group.hits]
    return Page(
        asked=asked,
        order=order,
        documents=tuple(_document(group) for group in found.groups),
        told=tuple(_told(found.understood)),
        corrections=tuple(found.understood.corrections.items()),
        number=at,
        has_more=found.has_more,
        by_meaning=bool(hits) and bool(query.words) and not any(hit.bm25 > 0 for hit in hits),
    )


def alike(person: User, document: UUID) -> list[Document]:
    """The documents most like this one, most like it first."""
    found = [key for key, score in similar(Scope.of(person), document, SIMILAR) if score >= LEAST_ALIKE]
    rows = Document.objects.visible_to(person).light().in_bulk(found)
    return [rows[key] for key in found if key in rows]


def _document(group: Group) -> DocumentView:
    hit = group.best
    format_ = registry.by_media_type(hit.media_type)
    kind = format_.heading if format_ else "File"
    passages = tuple(_passage(one) for one in group.hits)
    return DocumentView(hit.title, kind, hit, passages, pictured=format_ is not None and format_.is_paged)


def _passage(hit: Hit) -> PassageView:
    marks = tuple(Span(mark.start - hit.start, mark.end - hit.start) for mark in hit.highlights)
    start, end = highlights.excerpt(hit.text, marks, EXCERPT_CHARACTERS)
    first, last = _sentences(hit, start, end)
    return PassageView(
        words=tuple(_words(hit.text, marks, start, end)),
        place=_place(hit),
        headings=hit.heading_path[-2:],
        href=f"{reverse('documents:document', args=[hit.document])}?at={first}-{last}#found",
        opens=start > 0,
        closes=end < len(hit.text),
    )


def _words(text: str, marks: tuple[Span, ...], start: int, end: int) -> Iterator[Word]:
    at = start
    for mark in marks:
        if mark.start >= at and mark.end <= end:
            yield Word(text[at : mark.start], marked=False)
            yield Word(text[mark.start : mark.end], marked=True)
            at = mark.end
    yield Word(text[at:end], marked=False)


def _sentences(hit: Hit, start: int, end: int) -> tuple[int, int]:
    """The sentences with a word that was looked for, from the first shown to the last; without any, the excerpt's."""
    inside = [mark for mark in hit.highlights if start <= mark.start - hit.start < end]
    first, last = (inside[0].start, inside[-1].end) if inside else (start + hit.start, end + hit.start)
    touched = [one for one in hit.sentences if one.start < last and one.end > first]
    return (touched[0].start, touched[-1].end) if touched else (hit.start, hit.end)


def _place(hit: Hit) -> str:
    if len(hit.pages) < 2:
        return f"page {hit.pages[0]}" if hit.pages else ""
    return f"pages {hit.pages[0]}–{hit.pages[-1]}"


def _told(understood: Understood) -> Iterator[str]:
    query: Query = understood.query
    yield from (f"exactly “{phrase}”" for phrase in query.phrases)
    yield from (f"without “{phrase}”" for phrase in query.excluded)
    yield from (f"“{title}” in the title" for title in query.titles)
    yield from (f"of type {kind}" for kind in query.types)
    yield from (f"in the collection “{name}”" for name in query.collections)
    yield from (f"with the tag “{name}”" for name in query.tags)
    if query.after:
        yield f"added on or after {query.after:%-d %B %Y}"
    if query.before:
        yield f"added before {query.before:%-d %B %Y}"
