"""The pages of an account that allauth does not have."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, sessions
from accounts.forms import ProfileForm, TokenForm
from accounts.http import UserRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: UserRequest) -> HttpResponse:
    """Who the person is here."""
    form = ProfileForm(request.POST if request.method == "POST" else None, initial={"name": request.user.name})
    if form.is_bound and form.is_valid():
        actions.rename_person(person=request.user, name=form.cleaned_data["name"])
        messages.success(request, "Your name is kept.")
        return redirect("accounts:account")
    return render(request, "accounts/account.html", {"form": form})


@login_required
@require_GET
def sessions_page(request: UserRequest) -> HttpResponse:
    """Where the person is signed in."""
    seats = sessions.of(request.user, here=request.session.session_key)
    return render(request, "accounts/sessions.html", {"seats": seats, "others": sum(not one.current for one in seats)})


@login_required
@require_POST
def end_session(request: UserRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(UserSession, pk=pk, user=request.user)
    actions.end_session(session=found)
    messages.success(request, f"{sessions.named(found.user_agent)} is signed out.")
    return redirect("accounts:sessions")


@login_required
@require_POST
def end_other_sessions(request: UserRequest) -> HttpResponse:
    actions.end_other_sessions(person=request.user, but=request.session.session_key)
    messages.success(request, "You are signed out everywhere but here.")
    return redirect("accounts:sessions")


@never_cache  # the answer to a POST carries the new token, and sends `no-store`
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: UserRequest) -> HttpResponse:
    """The tokens of the person; a new one is shown in the answer that makes it, and never again."""
    form, new_token = TokenForm(request.POST or None), ""
    if form.is_valid():
        _, new_token = actions.issue_token(
            user=request.user,
            name=form.cleaned_data["name"],
            scope=form.cleaned_data["scope"],
            expires_at=form.expires_at,
        )
        form = TokenForm()
    context = {"tokens": request.user.tokens.all(), "form": form, "new_token": new_token}
    return render(request, "accounts/tokens.html", context)


@login_required
@require_POST
def revoke_token(request: UserRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(request.user.tokens, pk=pk)
    actions.revoke_token(token=token)
    messages.success(request, f"“{token.name}” is revoked: what used it is locked out.")
    return redirect("accounts:tokens")
