"""What is done with many documents of the library at once. Each form posts the boxes that are checked, or says that
all that match its filters are meant."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import UserRequest
from documents import actions, bundles
from documents.models import Collection, Document, Tag
from documents.models.document import DocumentQuerySet
from documents.web import conversations, keyset, runs, shelving
from documents.web.desk import identity
from documents.web.sieve import Sieve

# More ids than this make an address that some servers on the way refuse.
MOST_IN_AN_ADDRESS = 100
MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """The documents chosen, and the library they were chosen in. `everything` are all that match."""

    ids: Sequence[uuid.UUID]
    sieve: Sieve
    everything: bool
    place: dict[str, str]

    @property
    def back(self) -> str:
        return reverse("documents:library") + self.sieve.address(**self.place)


@login_required
@require_POST
def act(request: UserRequest, verb: str) -> HttpResponseBase:
    act_on = _VERBS.get(verb)
    if act_on is None:
        raise Http404("Nothing of this name can be done.")
    chosen = _chosen(request)
    if not chosen.ids:
        messages.error(request, "Choose at least one document first.")
        return redirect(chosen.back)
    try:
        return act_on(request, chosen)
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(chosen.back)


def _chosen(request: UserRequest) -> Chosen:
    sieve = Sieve.read(request.POST)
    everything = request.POST.get("all") == "yes"
    place = {name: request.POST.get(name, "") for name in ("after", "before")}
    rows = _matching(request, sieve) if everything else _checked(request)
    return Chosen(list(rows.order_by("-created_at", "-id").values_list("pk", flat=True)), sieve, everything, place)


def _checked(request: UserRequest) -> DocumentQuerySet:
    ids = [key for one in request.POST.getlist("document") if (key := identity(one))]
    return Document.objects.visible_to(request.user).filter(pk__in=ids)


def _matching(request: UserRequest, sieve: Sieve) -> DocumentQuerySet:
    """All that matched when the page was made: what came later was not meant."""
    rows = sieve.sift(request.user)
    try:
        return rows.filter(created_at__lte=keyset.moment(request.POST.get("seen", "")))
    except (ValueError, OverflowError):
        return rows


def _analyse(request: UserRequest, chosen: Chosen) -> HttpResponse:
    return _begin_with(request, chosen, "documents:new_run", runs.plan_for)


def _ask(request: UserRequest, chosen: Chosen) -> HttpResponse:
    return _begin_with(request, chosen, "documents:ask", conversations.ask_about)


def _begin_with(
    request: UserRequest, chosen: Chosen, page: str, show: Callable[[UserRequest, QueryDict], HttpResponse]
) -> HttpResponse:
    """The page on which something begins, with these documents chosen there."""
    if chosen.everything and set(chosen.sieve.narrowing) <= {"collection"}:
        return HttpResponseRedirect(f"{reverse(page)}?{urlencode(chosen.sieve.narrowing)}")
    if len(chosen.ids) > MOST_AT_ONCE:
        raise actions.Refusal(
            f"At most {MOST_AT_ONCE:,} documents can be chosen for this, and these are {len(chosen.ids):,}. "
            "Narrow them down, or put them into a collection and choose that.",
            code="too_many",
        )
    query = urlencode([("document", str(key)) for key in chosen.ids])
    if len(chosen.ids) <= MOST_IN_AN_ADDRESS:
        return HttpResponseRedirect(f"{reverse(page)}?{query}")
    return show(request, QueryDict(query))


def _tag(request: UserRequest, chosen: Chosen) -> HttpResponse:
    tag = _named_tag(request)
    count = actions.put_tag(person=request.user, tag=tag, documents=chosen.ids)
    messages.success(request, f"{counted(count)} now {_have(count)} the tag “{tag.name}”.")
    return redirect(chosen.back)


def _named_tag(request: UserRequest) -> Tag:
    if key := request.POST.get("put_tag", ""):
        return _own(Tag.objects.visible_to(request.user).filter(pk=_key(key)).first(), "tag")
    return actions.make_tag(owner=request.user, name=request.POST.get("new_tag", "").replace("\x00", ""))


def _take_tag(request: UserRequest, chosen: Chosen) -> HttpResponse:
    tag = _own(Tag.objects.visible_to(request.user).filter(pk=_key(chosen.sieve.tag)).first(), "tag")
    actions.take_tag(tag=tag, documents=chosen.ids)
    messages.success(request, f"“{tag.name}” was taken off {counted(len(chosen.ids))}.")
    return redirect(chosen.back)


def _collect(request: UserRequest, chosen: Chosen) -> HttpResponse:
    """Puts them into a collection; with `move`, out of the one that is looked at."""
    collection = _named_collection(request)
    count = actions.put_into(person=request.user, collection=collection, documents=chosen.ids)
    left = _seen_collection(request, chosen) if request.POST.get("move") else None
    if left and left != collection:
        actions.take_out_of(collection=left, documents=chosen.ids)
        messages.success(request, f"{counted(count)} moved from “{left.name}” to “{collection.name}”.")
    else:
        messages.success(request, f"{counted(count)} {'is' if count == 1 else 'are'} in “{collection.name}” now.")
    return redirect(chosen.back)


def _named_collection(request: UserRequest) -> Collection:
    mine = Collection.objects.visible_to(request.user)
    if key := request.POST.get("put_into", ""):
        return _own(mine.filter(pk=_key(key)).first(), "collection")
    name = " ".join(request.POST.get("new_collection", "").replace("\x00", "").split())
    if not name:
        raise actions.Refusal("A collection needs a name. Write a word or two.", code="no_name")
    return mine.filter(name__iexact=name).first() or actions.make_collection(owner=request.user, name=name)


def _seen_collection(request: UserRequest, chosen: Chosen) -> Collection | None:
    return Collection.objects.visible_to(request.user).filter(pk=_key(chosen.sieve.collection)).first()


def _take_out(request: UserRequest, chosen: Chosen) -> HttpResponse:
    collection = _own(_seen_collection(request, chosen), "collection")
    actions.take_out_of(collection=collection, documents=chosen.ids)
    messages.success(
        request, f"{counted(len(chosen.ids))} taken out of “{collection.name}”. They stay in your library."
    )
    return redirect(chosen.back)


def _export(request: UserRequest, chosen: Chosen) -> HttpResponseBase:
    rows = Document.objects.visible_to(request.user).filter(pk__in=chosen.ids).order_by("-created_at", "-id")
    response = StreamingHttpResponse(bundles.pieces(bundles.items(rows)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="glossa-documents-{timezone.localdate():%Y-%m-%d}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _delete(request: UserRequest, chosen: Chosen) -> HttpResponse:
    shelving.offer_undo(request, actions.put_in_bin(person=request.user, documents=chosen.ids))
    return redirect(chosen.back)


def _typed(request: UserRequest, chosen: Chosen) -> HttpResponse:
    """Enter was pressed in one of the boxes for a new name."""
    if request.POST.get("new_tag", "").strip():
        return _tag(request, chosen)
    if request.POST.get("new_collection", "").strip():
        return _collect(request, chosen)
    return redirect(chosen.back)


def counted(count: int) -> str:
    return f"{count:,} document{'' if count == 1 else 's'}"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _own[Kept: (Tag, Collection)](found: Kept | None, what: str) -> Kept:
    if found is None:
        raise actions.Refusal(f"There is no such {what} any more. Choose another one.", code=f"unknown_{what}")
    return found


_VERBS: dict[str, Callable[[UserRequest, Chosen], HttpResponseBase]] = {
    "analyse": _analyse,
    "ask": _ask,
    "tag": _tag,
    "take-tag": _take_tag,
    "collect": _collect,
    "take-out": _take_out,
    "export": _export,
    "delete": _delete,
    "typed": _typed,
}
