"""A recipe as a person writes it."""

from typing import Any

from django import forms
from django.http import QueryDict

from documents.ai.fields import MOST_FIELDS
from documents.models import Recipe
from documents.web import field_rows
from documents.web.forms import listed

STATEMENTS, CLASS, VALUES = "statements", "class", "values"
OUTCOMES = (
    (STATEMENTS, "Statements"),
    (CLASS, "One of several classes"),
    (VALUES, "Values for a table"),
)
MOST_TOKENS = 8_192
MOST_LABELS = 50
LONGEST_LABEL = 100


class RecipeForm(forms.Form):
    """The columns of a recipe; its fields are rows beside the form's own."""

    name = forms.CharField(
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Give the recipe a name, so that you know it again."},
    )
    description = forms.CharField(max_length=300, required=False, widget=forms.TextInput({"autocomplete": "off"}))
    outcome = forms.ChoiceField(
        choices=OUTCOMES,
        initial=STATEMENTS,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what comes out.", "invalid_choice": "Say what comes out."},
    )
    instruction = forms.CharField(max_length=4000, required=False, widget=forms.Textarea({"rows": 4}))
    labels = forms.CharField(
        max_length=6000,
        required=False,
        label="Classes",
        help_text="Separated by commas: invoice, contract, letter.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    model = forms.CharField(
        max_length=100,
        required=False,
        help_text="Empty: the model this server uses.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    max_tokens = forms.IntegerField(
        min_value=1,
        max_value=MOST_TOKENS,
        initial=2048,
        label="Longest answer",
        help_text=f"In tokens, which are about four characters each; {MOST_TOKENS:,} at most.",
    )
    automatic = forms.BooleanField(required=False, label="Carry it out on each new document")

    def __init__(self, data: QueryDict | None = None, *, recipe: Recipe | None = None) -> None:
        super().__init__(data, initial=_initial(recipe) if recipe else None)
        given = field_rows.filled_in(data) if data is not None else None
        self.given = field_rows.of_schema(recipe.schema if recipe else None) if given is None else given

    @property
    def rows(self) -> tuple[field_rows.Row, ...]:
        """The rows to fill in, some of them empty."""
        return field_rows.with_spare(self.given)

    @property
    def row_errors(self) -> bool:
        return any(row.error for row in self.given)

    def clean(self) -> dict[str, Any]:
        check = {STATEMENTS: self._check_instruction, CLASS: self._check_labels, VALUES: self._check_rows}
        check.get(self.cleaned_data.get("outcome", ""), lambda: None)()
        return self.cleaned_data

    @property
    def columns(self) -> dict[str, Any]:
        """The recipe's columns; what belongs to another outcome than the chosen one counts for nothing."""
        kept = ("name", "description", "instruction", "model", "max_tokens", "automatic")
        outcome = self.cleaned_data["outcome"]
        return {
            **{name: self.cleaned_data[name] for name in kept},
            "labels": list(listed(self.cleaned_data["labels"])) if outcome == CLASS else [],
            "schema": field_rows.schema(self.given) if outcome == VALUES else None,
        }

    def _check_instruction(self) -> None:
        if not self.cleaned_data.get("instruction") and "instruction" not in self.errors:
            self.add_error("instruction", "Say what is to be found out.")

    def _check_labels(self) -> None:
        labels = listed(self.cleaned_data.get("labels", ""))
        if len(labels) < 2 and "labels" not in self.errors:
            self.add_error("labels", "Give two classes or more, separated by commas.")
        if len(labels) > MOST_LABELS or any(len(label) > LONGEST_LABEL for label in labels):
            self.add_error("labels", f"Up to {MOST_LABELS} classes of {LONGEST_LABEL} characters are possible.")

    def _check_rows(self) -> None:
        self.given = field_rows.checked(self.given)
        if not self.given:
            self.add_error(None, "Give at least one value to find.")
        elif len(self.given) > MOST_FIELDS:
            self.add_error(None, f"{MOST_FIELDS} values are the most. Remove some, or make two recipes of it.")
        elif self.row_errors:
            self.add_error(None, "One of the values is not complete. See what stands beside it.")


def _initial(recipe: Recipe) -> dict[str, Any]:
    kept = ("name", "description", "instruction", "model", "max_tokens", "automatic")
    return {
        **{name: getattr(recipe, name) for name in kept},
        "labels": ", ".join(recipe.labels),
        "outcome": VALUES if recipe.schema else CLASS if recipe.labels else STATEMENTS,
    }
