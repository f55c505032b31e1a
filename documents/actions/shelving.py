"""Keeping order in a library: the bin, tags and collections of many documents at once."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from documents import removal
from documents.actions.refusal import Refusal
from documents.models import Collection, Document, Tag
from documents.models.document import LONG_AGO, DocumentQuerySet
from documents.models.tags import COLOURS

LONGEST_NAME = 50
NO_NAME = "A tag needs a name. Write a word or two."


def put_in_bin(*, person: User, documents: Sequence[UUID]) -> list[UUID]:
    """Takes documents out of sight; they can be put back until the bin is emptied. The ids of those that went."""
    with transaction.atomic():
        gone = _locked(Document.objects.visible_to(person), documents)
        Document.objects.filter(pk__in=gone).update(deleted_at=timezone.now())
    return gone


def put_back(*, person: User, documents: Sequence[UUID]) -> int:
    """Takes documents out of the bin again; how many came."""
    with transaction.atomic():
        back = _locked(Document.objects.in_bin_of(person), documents)
        return Document.objects.filter(pk__in=back).update(deleted_at=None)


def empty_bin(*, person: User, documents: Sequence[UUID] | None = None) -> int:
    """Deletes what is in the bin for good, all of it or these documents; how many. Nobody can put them back from now
    on; of very many the rest is removed by the next sweeps."""
    with transaction.atomic():
        gone = _locked(Document.objects.in_bin_of(person), documents)
        Document.objects.filter(pk__in=gone).update(deleted_at=LONG_AGO)
    for pk in gone[: removal.AT_ONCE]:
        removal.remove(pk, among=Document.objects.due_to_go())
    return len(gone)


def _locked(documents: DocumentQuerySet, wanted: Sequence[UUID] | None) -> list[UUID]:
    """The ids of these documents, locked in one order, so that two who move the same ones never wait for each other."""
    chosen = documents if wanted is None else documents.filter(pk__in=wanted)
    rows = chosen.order_by("pk").select_for_update(of=("self",), no_key=True)
    return list(rows.values_list("pk", flat=True))


def make_tag(*, owner: User, name: str, colour: int | None = None) -> Tag:
    """The person's tag of this name: the one there is, whatever its capitals, or a new one in the next colour."""
    name = _clean(name)
    mine = Tag.objects.visible_to(owner)
    if known := mine.named(name).first():
        return known
    colour = mine.count() % COLOURS if colour is None else colour
    try:
        with transaction.atomic():
            return Tag.objects.create(owner=owner, name=name, colour=colour)
    except IntegrityError:  # somebody was quicker
        return mine.named(name).get()


@transaction.atomic
def change_tag(*, tag: Tag, name: str | None = None, colour: int | None = None) -> None:
    """Renames a tag, or gives it another colour; None leaves it as it is."""
    if name is not None:
        tag.name = _clean(name)
        if Tag.objects.filter(owner=tag.owner_id).named(tag.name).exclude(pk=tag.pk).exists():
            raise Refusal(
                f"You have a tag called “{tag.name}” already. Merge the two, or choose another name.",
                code="name_taken",
                status=409,
            )
    if colour is not None:
        tag.colour = colour
    tag.save(update_fields=["name", "colour"])


@transaction.atomic
def merge_tags(*, tag: Tag, into: Tag) -> None:
    """Puts another tag of the same person on all that bear this one, in the bin too, and removes this one."""
    if tag.owner_id != into.owner_id or tag.pk == into.pk:
        raise Refusal("Choose another one of your tags to merge it into.", code="no_such_tag")
    into.documents.add(*_rows(_locked(Document.objects.filter(tags=tag), None)))
    tag.delete()


def remove_tag(*, tag: Tag) -> None:
    """Removes a tag; the documents that bore it stay."""
    tag.delete()


def _clean(name: str) -> str:
    """On one line, and without what no database keeps."""
    printable = "".join(sign if sign.isprintable() else " " for sign in name)
    name = " ".join(printable.split())[:LONGEST_NAME].strip()
    if not name:
        raise Refusal(NO_NAME, code="no_name")
    return name


@transaction.atomic
def put_tag(*, person: User, tag: Tag, documents: Sequence[UUID]) -> int:
    """Puts a tag on documents; on how many."""
    found = _seen(person, documents)
    tag.documents.add(*_rows(found))
    return len(found)


def take_tag(*, tag: Tag, documents: Sequence[UUID]) -> None:
    """Takes a tag off documents."""
    tag.documents.remove(*_rows(documents))


@transaction.atomic
def put_into(*, person: User, collection: Collection, documents: Sequence[UUID]) -> int:
    """Puts documents into a collection as well; how many."""
    found = _seen(person, documents)
    collection.documents.add(*_rows(found))
    return len(found)


def take_out_of(*, collection: Collection, documents: Sequence[UUID]) -> None:
    """Takes documents out of a collection; they stay in the library."""
    collection.documents.remove(*_rows(documents))


def _seen(person: User, documents: Sequence[UUID]) -> list[UUID]:
    """Those of them that she sees, locked: none goes for good before it is written down."""
    return _locked(Document.objects.visible_to(person), documents)


def _rows(documents: Sequence[UUID]) -> DocumentQuerySet:
    return Document.objects.filter(pk__in=documents).only("pk")
