"""The pages of an account that are about what a person keeps here: what there is, taking it along, leaving."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import UserRequest
from accounts.models import User
from documents import actions, budgets, leaving, takeout
from documents.models import Recipe
from documents.models.work import ACTIVE

RECEIPT = "documents.web.account.gone"
RECEIPT_SECONDS = 86_400
WRONG_PASSWORD = "This is not your password."  # noqa: S105 - words
TOO_MANY = "That was too often. Wait a minute, then try again."

# Kinds of rows as a person knows them; what only the server knows is told of in one sum.
TOLD = {
    "documents": ("document", "documents"),
    "pages": ("page", "pages"),
    "analyses": ("analysis", "analyses"),
    "conversations": ("conversation", "conversations"),
    "messages": ("question with its answer", "questions with their answers"),
    "citations": ("quotation", "quotations"),
    "notes": ("note", "notes"),
    "tags": ("tag", "tags"),
    "collections": ("collection", "collections"),
    "recipes": ("recipe of your own", "recipes of your own"),
    "runs": ("run", "runs"),
    "calls": ("call to a model in the books", "calls to models in the books"),
    "tokens": ("API token", "API tokens"),
    "sessions": ("session", "sessions"),
    "addresses": ("e-mail address", "e-mail addresses"),
    "accounts": ("account", "accounts"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """So many of a kind."""

    count: int
    words: str


class LeaveForm(forms.Form):
    """That it is she who leaves, and that she means it."""

    email = forms.CharField(
        label="Your e-mail address",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Type the address, so that this does not happen by accident."},
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Give your password, so that nobody else can do this."},
    )

    def __init__(self, *args: Any, request: UserRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["email"].help_text = f"Type {request.user.email} to say that you mean it."

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.normalize_email(email) != self.request.user.email:
            raise forms.ValidationError("This is another address than the one you sign in with.")
        return email

    def clean_password(self) -> str:
        """Whoever found an open browser may not guess for long."""
        password: str = self.cleaned_data["password"]
        if not ratelimit.consume(self.request, action="reauthenticate", user=self.request.user):
            raise forms.ValidationError(TOO_MANY)
        if not self.request.user.check_password(password):
            raise forms.ValidationError(WRONG_PASSWORD)
        return password


@login_required
@require_GET
def data(request: UserRequest) -> HttpResponse:
    """What there is of hers, and what of this month's budget is used."""
    standing = budgets.standing(request.user.pk)
    used = standing.spent + standing.held
    context = {
        "sizes": takeout.measure(request.user),
        "recipes": Recipe.objects.filter(owner=request.user).count(),
        "standing": standing,
        "percent": min(round(100 * used / standing.limit), 100) if standing.limit else 0,
        "month": budgets.month_of(timezone.now()),
    }
    return render(request, "documents/account_data.html", context)


@login_required
@require_GET
def export(request: UserRequest) -> HttpResponse:
    """What the ZIP will hold, and how large it will be."""
    context = {"sizes": takeout.measure(request.user), "left_out": takeout.LEFT_OUT.values()}
    return render(request, "documents/account_export.html", context)


@login_required
@require_GET
def download(request: UserRequest) -> StreamingHttpResponse:
    return zipped(request.user)


def zipped(person: User) -> StreamingHttpResponse:
    """All that is hers, made while it is sent."""
    name = f"glossa-{timezone.now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(takeout.pack(person), content_type="application/zip", headers=headers)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def delete(request: UserRequest) -> HttpResponse:
    """What will be removed, and the form that does it."""
    form = LeaveForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid():
        try:
            departure = actions.leave(person=request.user)
        except actions.Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _signed_out(request, departure)
    counts = leaving.left(request.user.pk)
    context = {
        "form": form,
        "lines": list(_lines(counts)),
        "further": _further(counts),
        "sizes": takeout.measure(request.user),
        "running": request.user.jobs.filter(state__in=ACTIVE).count(),
        "last": leaving.is_last_superuser(request.user),
        "last_words": actions.LAST_SUPERUSER,
    }
    return render(request, "documents/account_delete.html", context)


def _signed_out(request: UserRequest, departure: leaving.Departure) -> HttpResponse:
    """The receipt lies in its address: no row here may know of her any more."""
    receipt = signing.dumps([request.user.pk, dict(departure.rows), departure.files], salt=RECEIPT, compress=True)
    logout(request)
    return redirect(f"{reverse('documents:account_gone')}?receipt={receipt}")


@never_cache
@require_GET
def gone(request: HttpRequest) -> HttpResponse:
    """What was removed, and what is left now: looked up anew each time."""
    try:
        person, counts, files = signing.loads(request.GET.get("receipt", ""), salt=RECEIPT, max_age=RECEIPT_SECONDS)
    except signing.BadSignature as error:
        raise Http404("There is no such receipt.") from error
    context = {
        "lines": list(_lines(counts)),
        "further": _further(counts),
        "files": files,
        "left": leaving.left(person).total(),
    }
    return render(request, "documents/account_gone.html", context)


def _lines(counts: dict[str, int]) -> Iterator[Line]:
    for kind, (one, many) in TOLD.items():
        if count := counts.get(kind, 0):
            yield Line(count, one if count == 1 else many)


def _further(counts: dict[str, int]) -> int:
    """Rows that only the server knows: of search, of work, of its log."""
    return sum(count for kind, count in counts.items() if kind not in TOLD)
