"""Words that were copied elsewhere, kept as a document."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from accounts.http import UserRequest
from documents import actions
from documents.web.forms import refusals_told_in

MOST_CHARACTERS = 1_000_000
NOTHING = "There is no text. Paste or write some words."
_TITLE_CHARACTERS = 80


class PasteForm(forms.Form):
    title = forms.CharField(required=False, max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    text = forms.CharField(
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea({"rows": 12}),
        error_messages={
            "required": NOTHING,
            "max_length": f"This is longer than {MOST_CHARACTERS:,} characters. Save it as a file and put that in.",
        },
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(NOTHING)
        return text

    @property
    def named(self) -> str:
        """The title given, or the beginning of the text."""
        first = next(line for line in self.cleaned_data["text"].splitlines() if line.strip())
        return self.cleaned_data["title"] or " ".join(first.split())[:_TITLE_CHARACTERS]


@login_required
@require_http_methods(["GET", "POST"])
def paste(request: UserRequest) -> HttpResponse:
    form = PasteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _keep(request, form):
        return redirect("documents:library")
    if request.htmx:
        again = render(request, "documents/_paste_fields.html", {"form": form})
        return reswap(retarget(again, "#paste-fields"), "innerHTML")
    return render(request, "documents/paste.html", {"form": form})


def _keep(request: UserRequest, form: PasteForm) -> bool:
    with refusals_told_in(form, "text"):
        upload = actions.upload_text(owner=request.user, title=form.named, content=form.cleaned_data["text"])
        if upload.created:
            messages.success(request, f"“{upload.document.title}” is kept and will be read now.")
        else:
            messages.info(request, f"You already have this text: “{upload.document.title}”.")
    return form.is_valid()
