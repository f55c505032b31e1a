"""The pages of an account that allauth does not have."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.forms import TokenForm
from accounts.http import UserRequest


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
    actions.revoke_token(token=get_object_or_404(request.user.tokens, pk=pk))
    return redirect("accounts:tokens")
