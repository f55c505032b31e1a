"""What people fill in on the pages about documents."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from documents.actions import MAX_PAGES_AGAIN, Options, Refusal
from documents.models import Recipe
from documents.values import Task

NO_SUCH_ANALYSIS = "There is no such analysis. Choose one of the list."
# Those that can be chosen on a page; programs may ask for any other one.
LANGUAGES = (
    "English",
    "German",
    "French",
    "Spanish",
    "Italian",
    "Portuguese",
    "Dutch",
    "Polish",
    "Ukrainian",
    "Turkish",
    "Arabic",
    "Chinese",
    "Japanese",
)


@contextmanager
def refusals_told_in(form: forms.BaseForm, field: str | None = None) -> Iterator[None]:
    """What an action refuses stands in the form, which is then no longer valid."""
    try:
        yield
    except Refusal as refusal:
        form.add_error(field, str(refusal))


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files. Empty ones pass: saying what is wrong with a file is the action's."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = [super(FilesField, self).clean(file, initial) for file in data or [None]]
        return [file for file in files if file]


class UploadForm(forms.Form):
    file = FilesField(
        allow_empty_file=True, max_length=None, error_messages={"required": "Choose at least one file first."}
    )

    @property
    def files_chosen(self) -> "list[UploadedFile[Any]]":
        return list(self.cleaned_data["file"])


class PersonForm(forms.Form):
    """A form that offers each person what is hers."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person


class AnalyseForm(PersonForm):
    """Which analysis: a recipe, or none of them and the person's own words."""

    recipe = forms.ModelChoiceField(
        Recipe.objects.none(),
        required=False,
        error_messages={"invalid_choice": NO_SUCH_ANALYSIS},
    )
    instruction = forms.CharField(required=False, max_length=4000)
    labels = forms.CharField(required=False, max_length=1000)
    language = forms.ChoiceField(
        choices=[(name, name) for name in LANGUAGES],
        required=False,
        error_messages={"invalid_choice": "There is no such language here. Choose one of the list."},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["recipe"].queryset = Recipe.objects.visible_to(person)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data["recipe"] and not self.cleaned_data["instruction"]:
            raise forms.ValidationError("Choose an analysis, or say in your own words what to find out.")
        return self.cleaned_data

    @property
    def options(self) -> Options:
        """What belongs to another recipe than the chosen one was only hidden: it counts for nothing."""
        recipe = self.cleaned_data["recipe"]
        if recipe is None:
            return Options(instruction=self.cleaned_data["instruction"])
        labels = listed(self.cleaned_data["labels"]) if recipe.task == Task.CLASSIFY else ()
        language = self.cleaned_data["language"] if recipe.task == Task.TRANSLATION else ""
        return Options(recipe=recipe, labels=labels, language=language)


def listed(text: str) -> tuple[str, ...]:
    """What stands between the commas, each once."""
    return tuple(dict.fromkeys(word for part in text.split(",") if (word := " ".join(part.split()))))


class PagesField(forms.Field):
    """Numbers of pages, each in a value of its own; none means all."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> tuple[int, ...]:
        try:
            numbers = tuple(int(number) for number in value or ())
        except ValueError as error:
            raise forms.ValidationError("These are no numbers of pages.") from error
        if len(numbers) > MAX_PAGES_AGAIN or not all(0 < number < 1_000_000 for number in numbers):
            raise forms.ValidationError("There are no such pages.")
        return numbers


class ReadAgainForm(forms.Form):
    page = PagesField(required=False)
    ocr = forms.BooleanField(required=False)


class RenameForm(forms.Form):
    title = forms.CharField(max_length=300, widget=forms.TextInput({"autocomplete": "off"}))
