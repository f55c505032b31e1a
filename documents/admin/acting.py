"""Actions on many rows: how many at once, the page that asks first, and what is said afterwards."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from accounts.admin import StaffAdmin

MOST_AT_ONCE = 500


def each[Row: Model](
    page: StaffAdmin[Row],
    request: HttpRequest,
    rows: QuerySet[Row],
    do: Callable[[Row], bool],
    *,
    done: str,
    left: str,
) -> None:
    """Does it to each row, writes it into their histories, and says how many those were, and how many were left."""
    taken = list(rows[:MOST_AT_ONCE])
    changed = [row for row in taken if do(row)]
    page.record(request, changed, done)
    if changed:
        page.message_user(request, f"{done}: {len(changed):,}.", messages.SUCCESS)
    if len(changed) < len(taken):
        page.message_user(request, f"{left}: {len(taken) - len(changed):,}.", messages.WARNING)
    if len(taken) == MOST_AT_ONCE and rows.count() > MOST_AT_ONCE:
        words = f"Only the first {MOST_AT_ONCE:,} were taken. Do it again for the rest."
        page.message_user(request, words, messages.WARNING)


def ask_first[Row: Model](
    page: StaffAdmin[Row],
    request: HttpRequest,
    rows: QuerySet[Row],
    form: forms.Form,
    *,
    action: str,
    title: str,
    verb: str,
) -> TemplateResponse:
    """The page between choosing rows and doing something to them."""
    chosen = list(rows[: MOST_AT_ONCE + 1])
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "title": title,
        "opts": page.opts,
        "form": form,
        "action": action,
        "verb": verb,
        "names": [page.named(row) for row in chosen[:20]],
        "keys": [row.pk for row in chosen],
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/ask_first.html", context)
