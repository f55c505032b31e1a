"""The bin: what lies in it, put back, deleted for good; and the offer to undo what was just deleted."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from accounts.http import UserRequest
from accounts.models import User
from documents import actions
from documents.models import Document
from documents.models.document import DocumentQuerySet
from documents.web import keyset, library
from documents.web.desk import identity, number
from documents.web.sieve import Sieve

# Where a session keeps the moment at which something was deleted last, and that it was not told yet. What went into the
# bin together has one moment, so that very many take no more room than one.
DELETED_AT, UNTOLD = "deleted_at", "deleted_untold"
MOST_CHOSEN = 10_000
PAGE_SIZE = 50
NAMED = 10
BIN = "bin"


@dataclass(frozen=True, slots=True)
class Undo:
    """What was just deleted; the title where it is one document."""

    count: int
    title: str
    days: int


def offer_undo(request: HttpRequest, ids: Sequence[uuid.UUID]) -> None:
    """Remembers what went into the bin. The next page offers once to put it back, or the next part of one that includes
    `documents/_undo.html`."""
    moment = Document.objects.filter(pk__in=ids[:1]).values_list("deleted_at", flat=True).first()
    request.session[DELETED_AT] = moment.isoformat() if moment else None
    request.session[UNTOLD] = bool(ids)


class Undos:
    """The offer that stands, if one does. Whoever goes through it takes it: it is shown once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __iter__(self) -> Iterator[Undo]:
        session = getattr(self._request, "session", {})
        if session.pop(UNTOLD, False):
            yield from _undo(_remembered(self._request))


def _undo(binned: DocumentQuerySet) -> Iterator[Undo]:
    count = binned.count()
    if count:
        title = binned.values_list("title", flat=True).get() if count == 1 else ""
        yield Undo(count, title, settings.BIN_DAYS)


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the bin."""

    document: Document

    @property
    def title(self) -> SafeString:
        return library.title(self.document)

    @property
    def kind(self) -> str:
        return library.kind(self.document)

    @property
    def days(self) -> int:
        """Whole days until it goes."""
        return max((self.document.goes_at - timezone.now()).days, 0) if self.document.goes_at else 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the bin, what was deleted last first."""

    rows: Sequence[Row]
    total: int
    number: int

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def following(self) -> int:
        return self.number + 1 if self.number * PAGE_SIZE < self.total else 0


def page(person: User, asked: str) -> Page:
    """The page asked for, or the nearest one."""
    binned = Document.objects.in_bin_of(person).light()
    total = binned.count()
    at = min(max(number(asked), 1), max(-(-total // PAGE_SIZE), 1))
    shown = binned.order_by("-deleted_at", "-pk")[(at - 1) * PAGE_SIZE : at * PAGE_SIZE]
    return Page([Row(document) for document in shown], total, at)


@login_required
@require_GET
def bin_(request: UserRequest) -> HttpResponse:
    context = {"page": page(request.user, request.GET.get("page", "")), "days": settings.BIN_DAYS}
    return render(request, "documents/bin.html", context)


@login_required
@require_POST
def put_back(request: UserRequest) -> HttpResponse:
    """Takes out of the bin what the form names; without a name what was deleted last."""
    to = request.POST.get("to", "")
    named = to == BIN or request.POST.getlist("document")
    chosen = _chosen(request) if named else list(_remembered(request).values_list("pk", flat=True))
    if to == BIN and not chosen:
        messages.info(request, "Choose at least one document first.")
    else:
        came = actions.put_back(person=request.user, documents=chosen)
        _tell(request, came, "back in your library", nothing="This is no longer in the bin.")
    if to == "document" and len(chosen) == 1:
        return redirect("documents:document", chosen[0])
    if to == BIN:
        return redirect("documents:bin")
    return redirect(reverse("documents:library") + Sieve.read(request.POST).address())


def _chosen(request: HttpRequest) -> list[uuid.UUID]:
    """Those that were ticked, or the one whose own button was pressed."""
    named = request.POST.getlist("only") or request.POST.getlist("document")
    return [key for one in named[:MOST_CHOSEN] if (key := identity(one))]


def _remembered(request: HttpRequest) -> DocumentQuerySet:
    """What of that which was deleted last is still in the bin."""
    return Document.objects.in_bin_of(request.user).filter(deleted_at=request.session.get(DELETED_AT))


def _tell(request: HttpRequest, count: int, what: str, *, nothing: str) -> None:
    if count:
        told = f"1 document is {what}." if count == 1 else f"{count:,} documents are {what}."
        messages.success(request, told)
    else:
        messages.info(request, nothing)


@login_required
@require_POST
def empty_bin(request: UserRequest) -> HttpResponse:
    """Deletes for good what was chosen, or all of it, once that is confirmed."""
    doomed = _doomed(request)
    if not doomed.exists():
        messages.info(request, "Choose at least one document first.")
        return redirect("documents:bin")
    if "confirmed" not in request.POST:
        return _confirm(request, doomed)
    count = actions.empty_bin(person=request.user, documents=list(doomed.values_list("pk", flat=True)))
    _tell(request, count, "deleted for good", nothing="This is no longer in the bin.")
    return redirect("documents:bin")


def _doomed(request: UserRequest) -> DocumentQuerySet:
    binned = Document.objects.in_bin_of(request.user)
    if "all" in request.POST:
        return binned.filter(deleted_at__lte=_until(request))
    return binned.filter(pk__in=_chosen(request))


def _until(request: HttpRequest) -> datetime:
    """What came into the bin after it was asked to empty it was not meant."""
    try:
        return keyset.moment(request.POST.get("until", ""))
    except (ValueError, OverflowError):
        return timezone.now()


def _confirm(request: UserRequest, doomed: DocumentQuerySet) -> HttpResponse:
    count, everything = doomed.count(), "all" in request.POST
    context = {
        "count": count,
        "titles": list(doomed.order_by("-deleted_at", "-pk").values_list("title", flat=True)[:NAMED]),
        "more": max(count - NAMED, 0),
        "until": timezone.now().isoformat() if everything else "",
        "ids": [] if everything else _chosen(request),
    }
    return render(request, "documents/empty_bin.html", context)


def lies_in_bin(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """What is shown in the place of a document that its owner deleted; it is not found, but can be put back."""
    found = get_object_or_404(Document.objects.in_bin_of(request.user).light(), pk=pk)
    return render(request, "documents/in_bin.html", {"document": found}, status=404)
