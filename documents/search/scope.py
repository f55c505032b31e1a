"""What may be searched: documents a person may see, fewer if she wants. There is no way to one but from a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Self
from uuid import UUID

from django.db.models import Count, Q

from accounts.models import User
from documents.models import Collection, Document, Tag
from documents.models.document import DocumentQuerySet
from documents.reading.parsers import registry
from documents.search.query import Query


@dataclass(frozen=True, slots=True)
class Scope:
    """Documents to search in. The rows are never loaded: they are a condition of the statement that searches."""

    person: User
    documents: DocumentQuerySet

    @classmethod
    def of(cls, person: User) -> Self:
        """All that this person may see."""
        return cls(person, Document.objects.visible_to(person))

    def within(self, documents: Iterable[UUID]) -> Self:
        """Those of these documents that are in the scope."""
        return type(self)(self.person, self.documents.filter(pk__in=list(documents)))

    def within_collection(self, collection: int) -> Self:
        """Those of this collection, if the person may see it."""
        visible = Collection.objects.visible_to(self.person).filter(pk=collection)
        return type(self)(self.person, self.documents.filter(collections__in=visible))

    def languages(self) -> list[str]:
        """The languages of the documents, that of most of them first."""
        rows = self.documents.order_by().values_list("language").annotate(documents=Count("pk"))
        return [language for language, _ in rows.order_by("-documents", "language")]

    def narrowed(self, query: Query) -> Self:
        """Those that the filters of a query let through."""
        found = self.documents
        for title in query.titles:
            found = found.titled(title)
        for kind in query.types:
            found = found.filter(_of_type(kind))
        for name in query.collections:
            named = Collection.objects.visible_to(self.person).filter(name__iexact=name)
            found = found.filter(collections__in=named)
        for name in query.tags:
            found = found.filter(tags__in=Tag.objects.visible_to(self.person).named(name))
        return type(self)(self.person, found.filter(_added(query)))


def _of_type(kind: str) -> Q:
    """By the name of a format (pdf, word, markdown), an extension, or a family (image, text)."""
    types = [
        format_.media_type
        for format_ in registry.FORMATS
        if kind in format_.label.lower().replace("(", "").replace(")", "").split() or f".{kind}" in format_.extensions
    ]
    condition = Q(media_type__in=types)
    return condition if types else Q(media_type__startswith=f"{kind}/")


def _added(query: Query) -> Q:
    """Added before the first moment of a day; added on a day or later."""
    condition = Q()
    if query.before:
        condition &= Q(created_at__lt=datetime.combine(query.before, time(), UTC))
    if query.after:
        condition &= Q(created_at__gte=datetime.combine(query.after, time(), UTC))
    return condition
