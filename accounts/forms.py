"""What people fill in about their account."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from accounts.models import Scope

NEVER = "never"
LIFETIMES = [("30", "In 30 days"), ("90", "In 90 days"), ("365", "In a year"), (NEVER, "When it is revoked")]


class ProfileForm(forms.Form):
    """What Glossa calls a person."""

    name = forms.CharField(
        max_length=150,
        required=False,
        help_text="Glossa shows it to you alone, at the top of each page.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class TokenForm(forms.Form):
    """A token to be made."""

    name = forms.CharField(
        max_length=100,
        help_text="What will use it, so that you know it again.",
        error_messages={"required": "Give the token a name, such as the program that will use it."},
    )
    scope = forms.ChoiceField(label="It may", choices=Scope.choices, initial=Scope.WRITE)
    lifetime = forms.ChoiceField(label="It ends", choices=LIFETIMES, initial="90")

    @property
    def expires_at(self) -> datetime | None:
        """When the chosen lifetime ends; call it on a valid form."""
        lifetime = self.cleaned_data["lifetime"]
        return None if lifetime == NEVER else timezone.now() + timedelta(days=int(lifetime))
