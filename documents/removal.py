"""Documents that go for good: the row, all that was made from it and, once that is certain, its file."""

from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from documents import files, jobs, pictures
from documents.models import Analysis, Document
from documents.models.document import DocumentQuerySet
from documents.models.results import OPEN
from documents.search import vocabulary

TRIES = 3
# Of what is due so much is removed at a time: whoever sweeps has more to do.
AT_ONCE = 50


def remove(document: UUID, *, among: DocumentQuerySet | None = None) -> bool:
    """Removes a document if it is still there and still `among` these; False when it is not.

    Whoever puts it back meanwhile wins, or finds it gone: never half of it.
    """
    wanted = Document.objects.all() if among is None else among
    for tries_left in reversed(range(TRIES)):
        try:
            return _remove(document, wanted)
        except IntegrityError:  # an analysis was started in this very moment
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def remove_due() -> int:
    """Removes some of what lay in a bin for as long as it is kept there; how many were removed."""
    due = Document.objects.due_to_go()
    found = list(due.order_by("deleted_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(remove(pk, among=Document.objects.due_to_go()) for pk in found)


@transaction.atomic
def _remove(pk: UUID, wanted: DocumentQuerySet) -> bool:
    # Jobs first, then the document: whoever saves a reading locks them in this order.
    jobs.cancel(pk, *Analysis.objects.filter(document=pk, status__in=OPEN).values_list("pk", flat=True))
    locked = wanted.order_by().select_for_update(of=("self",)).only("owner_id", "file")
    document = locked.filter(pk=pk).first()
    if document is None:
        transaction.set_rollback(True)
        return False
    transaction.on_commit(partial(files.forget, document.file_name), robust=True)
    transaction.on_commit(partial(pictures.forget, document.file_name), robust=True)
    counts = vocabulary.of_document(pk)
    Document.objects.filter(pk=pk).delete()
    vocabulary.change(document.owner_id, {number: -count for number, count in counts.items()}, {})
    return True
