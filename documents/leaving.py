"""An account that goes, with all that is hers.

It goes in portions, each a transaction of its own: whoever is killed in the middle leaves a person who is marked, who
can do nothing any more, and whom the next sweep finds. Files go before the rows that name them: none is forgotten.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Now

from accounts import sessions
from accounts.models import ApiToken, User
from documents import files, jobs, pictures, providers, streams
from documents.ai import errors
from documents.models import (
    AICall,
    Analysis,
    ApiReply,
    Batch,
    Budget,
    Citation,
    Collection,
    Conversation,
    Document,
    Examination,
    Job,
    LibraryMap,
    Message,
    NextVector,
    Note,
    Page,
    Part,
    Passage,
    Portion,
    Recipe,
    Run,
    Tag,
    Term,
)

log = logging.getLogger(__name__)

AT_ONCE = 500
DOCUMENTS_AT_ONCE = 50
TRIES = 5
ABANDONED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Kind:
    """A table of what is hers: which of its columns lead to her, and what its rows are called."""

    words: str
    model: type[Model]
    paths: tuple[str, ...]

    def of(self, person: int) -> QuerySet[Model]:
        conditions = Q()
        for path in self.paths:
            conditions |= Q(**{path: person})
        return self.model._default_manager.filter(conditions).order_by()


# What leads somewhere goes before what it leads to: each row goes by itself, and none is loaded to go with another.
KINDS = (
    Kind("tokens", ApiToken, ("user",)),
    Kind("sessions", UserSession, ("user",)),
    Kind("calls", AICall, ("owner",)),
    Kind("jobs", Job, ("owner",)),
    Kind("replies", ApiReply, ("user",)),
    Kind("examinations", Examination, ("message__conversation__owner",)),
    Kind("citations", Citation, ("analysis__owner", "message__conversation__owner", "document__owner")),
    Kind("portions", Portion, ("analysis__owner",)),
    Kind("analyses", Analysis, ("owner",)),
    Kind("messages", Message, ("conversation__owner",)),
    Kind("conversations", Conversation, ("owner",)),
    Kind("batches", Batch, ("owner",)),
    Kind("runs", Run, ("owner",)),
    Kind("notes", Note, ("owner",)),
    Kind("tags", Tag, ("owner",)),
    Kind("collections", Collection, ("owner",)),
    Kind("maps", LibraryMap, ("owner",)),
    Kind("vectors", NextVector, ("passage__owner",)),
    Kind("passages", Passage, ("owner",)),
    Kind("pages", Page, ("document__owner",)),
    Kind("parts", Part, ("container__owner",)),
    Kind("documents", Document, ("owner",)),
    Kind("words", Term, ("owner",)),
    Kind("recipes", Recipe, ("owner",)),
    Kind("budgets", Budget, ("owner",)),
    Kind("confirmations", EmailConfirmation, ("email_address__user",)),
    Kind("addresses", EmailAddress, ("user",)),
    Kind("log", LogEntry, ("user",)),
)
_WORDS = {kind.model._meta.label: kind.words for kind in KINDS} | {User._meta.label: "accounts"}


@dataclass(slots=True)
class Departure:
    """What was removed so far: rows by kind, and files. `finished`: nothing of the person is left."""

    rows: Counter[str] = field(default_factory=Counter)
    files: int = 0
    finished: bool = False


def begin(person: int) -> None:
    """She can do nothing from now on, nor can anything that works for her. In the caller's transaction."""
    User.objects.filter(pk=person).update(is_active=False, password="!", leaving_at=Now())  # noqa: S106 - none at all
    jobs.cancel_all_of(person)


def is_last_superuser(person: User) -> bool:
    """Whether nobody else could do everything here when this person is gone."""
    if not (person.is_superuser and person.is_active):
        return False
    return not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk).exists()


def abandoned(limit: int = 3) -> list[int]:
    """People whose removal was begun, and with whom nobody is at it."""
    rows = User.objects.filter(leaving_at__lt=Now() - ABANDONED).order_by("leaving_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def finish(person: int, *, patience_seconds: float | None = None) -> Departure:
    """Removes what there is, until nothing is left or the patience is over."""
    until = None if patience_seconds is None else time.monotonic() + patience_seconds
    departure = Departure()
    if not User.objects.filter(pk=person, leaving_at__isnull=False).exists():
        return departure
    _call_off_batches(person)
    sessions.end_all(User(pk=person))
    while not departure.finished and (until is None or time.monotonic() < until):
        _go_on(person, departure)
    if departure.finished:
        streams.forget_on_disk()
    return departure


def left(person: int) -> Counter[str]:
    """How many rows there still are, by kind; nothing when all is gone."""
    counts = Counter({kind.words: kind.of(person).count() for kind in KINDS})
    counts["accounts"] = User.objects.filter(pk=person).count()
    return +counts


def _go_on(person: int, departure: Departure) -> None:
    """One portion more, or the account itself when it is all that is left."""
    for tries_left in reversed(range(TRIES)):
        try:
            if not _remove_portion(person, departure):
                departure.finished = _close(person, departure)
        except (
            IntegrityError,
            OperationalError,
        ):  # something was written in this very moment, which the next try meets
            if not tries_left:
                raise
        else:
            return


def _remove_portion(person: int, departure: Departure) -> bool:
    """Removes some rows of the first kind that has any; False when none has."""
    for kind in KINDS:
        most = DOCUMENTS_AT_ONCE if kind.model is Document else AT_ONCE
        if keys := list(kind.of(person).values_list("pk", flat=True)[:most]):
            originals = _forget_files(keys, departure) if kind.model is Document else []
            with transaction.atomic():
                # Others may still write what leads to her: it goes with a later portion.
                User.objects.select_for_update(no_key=True).only("pk").filter(pk=person).first()
                User.objects.filter(pk=person).update(leaving_at=Now())
                gone = _delete(kind.model, keys)
            departure.rows.update(gone)
            _clear_up(keys, originals)
            return True
    return False


def _delete(model: type[Model], keys: list[Any]) -> Counter[str]:
    """The rows, and what staff's log says about them."""
    about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
    found = [
        about.filter(object_id__in=[str(key) for key in keys]),
        model._default_manager.filter(pk__in=keys).only("pk"),
    ]
    return _counted(rows.delete() for rows in found)


def _counted(deleted: Iterable[tuple[int, dict[str, int]]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for _, by_model in deleted:
        for label, count in by_model.items():
            counts[_WORDS.get(label, "links")] += count
    return counts


def _forget_files(documents: list[UUID], departure: Departure) -> list[str]:
    """Removes the originals and pictures of these documents; the names of the originals."""
    names = list(Document.objects.filter(pk__in=documents).values_list("file", flat=True))
    for name in names:
        place, drawn = files.path(name), pictures.folder(name)
        departure.files += place.exists() + sum(one.is_file() for one in drawn.glob("*"))
        files.forget(name)
        pictures.forget(name)
    return names


def _clear_up(keys: list[Any], originals: list[str]) -> None:
    """What was told about them; and a picture that was drawn while its document went."""
    streams.clear(*(key for key in keys if isinstance(key, UUID)))
    for name in originals:
        pictures.forget(name)


@transaction.atomic
def _close(person: int, departure: Departure) -> bool:
    """Removes the account itself, unless something of hers came meanwhile. True when she is gone."""
    # Nobody can write a row of hers while this lock is held, and afterwards there is nobody to write it for.
    account = User.objects.select_for_update().filter(pk=person).first()
    if account is None:
        return True
    if any(kind.of(person).exists() for kind in KINDS):
        return False
    departure.rows.update(_delete(User, [person]))
    log.info("an account has left with all that was hers")
    return True


def _call_off_batches(person: int) -> None:
    """What the provider was given and has not answered is called off; should it not hear, it forgets in some weeks."""
    keys = list(Batch.objects.filter(owner=person, ended_at=None).exclude(key="").values_list("key", flat=True))
    batches = providers.provider().batches if keys else None
    for key in keys if batches else ():
        assert batches is not None
        try:
            batches.cancel(key)
        except (errors.Never, errors.NotNow) as error:
            log.warning("a batch of an account that leaves was not called off: %s", type(error).__name__)
