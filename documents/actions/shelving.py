"""Keeping order in a library: the bin, tags and collections of many documents at once."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from documents.actions.refusal import Refusal
from documents.models import Collection, Document, Tag
from documents.models.tags import COLOURS


def put_in_bin(*, person: User, documents: Sequence[UUID]) -> list[UUID]:
    """Takes documents out of sight; they can be put back until the bin is emptied. The ids of those that went."""
    with transaction.atomic():
        mine = Document.objects.visible_to(person).order_by().select_for_update(of=("self",), no_key=True)
        gone = list(mine.filter(pk__in=documents).values_list("pk", flat=True))
        Document.objects.filter(pk__in=gone).update(deleted_at=timezone.now())
    return gone


def put_back(*, person: User, documents: Sequence[UUID]) -> int:
    """Takes documents out of the bin again; how many came."""
    return Document.objects.in_bin_of(person).filter(pk__in=documents).update(deleted_at=None)


@transaction.atomic
def make_tag(*, owner: User, name: str) -> Tag:
    """The person's tag of this name: the one there is, whatever its capitals, or a new one in the next colour."""
    name = " ".join(name.split())[:50]
    if not name:
        raise Refusal("A tag needs a name. Write a word or two.", code="no_name")
    known = Tag.objects.visible_to(owner).filter(name__iexact=name).first()
    return known or Tag.objects.create(owner=owner, name=name, colour=owner.tags.count() % COLOURS)


def put_tag(*, person: User, tag: Tag, documents: Sequence[UUID]) -> int:
    """Puts a tag on documents; on how many."""
    found = _seen(person, documents)
    tag.documents.add(*found)
    return len(found)


def take_tag(*, tag: Tag, documents: Sequence[UUID]) -> None:
    """Takes a tag off documents."""
    tag.documents.remove(*Document.objects.filter(pk__in=documents).only("pk"))


def put_into(*, person: User, collection: Collection, documents: Sequence[UUID]) -> int:
    """Puts documents into a collection as well; how many."""
    found = _seen(person, documents)
    collection.documents.add(*found)
    return len(found)


def take_out_of(*, collection: Collection, documents: Sequence[UUID]) -> None:
    """Takes documents out of a collection; they stay in the library."""
    collection.documents.remove(*Document.objects.filter(pk__in=documents).only("pk"))


def _seen(person: User, documents: Sequence[UUID]) -> list[Document]:
    return list(Document.objects.visible_to(person).filter(pk__in=documents).only("pk"))
