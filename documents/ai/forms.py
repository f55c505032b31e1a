"""The JSON forms of an answer that quotes: as a schema, in words for servers without schemas, and read back from what
came."""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from documents.ai import fields
from documents.ai.protocol import Field, Request, Task
from documents.values import FieldType

# Beginnings of JSON that turn out to be none, in one answer: more than these are not looked at.
MOST_TRIES = 200
NOT_IN_FORM = "The answer is not in the form asked for."

_QUOTE = {"type": "string", "description": "The words it rests on, copied exactly from one document"}


def _storable(value: Any) -> Any:
    """Without what no database takes: NUL, and halves of characters."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "").encode("utf-8", "replace").decode()


Text = Annotated[str, AfterValidator(_storable)]
AnyValue = Annotated[Any, AfterValidator(_storable)]


class Checked(BaseModel):
    """What comes from outside must look like this. Errors name the field and hold none of the text."""

    model_config = ConfigDict(hide_input_in_errors=True)


class Classification(Checked):
    label: Text
    reason: Text
    quote: Text


class Found(Checked):
    value: AnyValue
    quote: Text


class Statement(Checked):
    text: Text
    quote: Text = ""
    label: Text = ""


class _Statements(Checked):
    statements: list[Statement]


_CLASSIFICATION = TypeAdapter(Classification)
_EXTRACTION = TypeAdapter(dict[str, Found | None])
_STATEMENTS = TypeAdapter(_Statements)
_LIST = TypeAdapter(list[Statement])
_STATEMENT = TypeAdapter(Statement)


# What is asked for.


def schema(request: Request, labels: Sequence[str]) -> dict[str, Any]:
    """The form of the answer as a JSON schema."""
    if request.task is Task.EXTRACT:
        return fields.as_schema(request.fields)
    if request.task is Task.CLASSIFY:
        quote = {"type": "string", "description": "The words that decide it, copied exactly from one document"}
        reason = {"type": "string", "description": "One sentence that says why the label fits"}
        return _object(quote=quote, reason=reason, label={"type": "string", "enum": list(labels)})
    statement = _object(label={"type": "string"}, text={"type": "string"}, quote=_QUOTE)
    return _object(statements={"type": "array", "items": statement})


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def explained(request: Request, *, in_words: bool) -> list[str]:
    """What has to be said about the form beside its schema, and all of it where there can be no schema."""
    is_free = request.task not in (Task.EXTRACT, Task.CLASSIFY)
    said = [_ABOUT_STATEMENTS] if is_free else []
    if in_words:
        said.append(f"Answer with JSON alone, nothing before and nothing after it, in this form:\n{_example(request)}")
    return said


_ABOUT_STATEMENTS = (
    "Give the answer as a list of statements: one for each sentence of prose, or one for each line of a list. `text` "
    "is the sentence or line itself; `label` is what would stand before the colon of the line, and empty where no such "
    "form was asked for; `quote` is the words of a document that the statement rests on, copied exactly, without "
    "leaving anything out in between."
)


def _example(request: Request) -> str:
    if request.task is Task.EXTRACT:
        found = ", ".join(f"{json.dumps(field.name, ensure_ascii=False)}: {_shown(field)}" for field in request.fields)
        return f"{{{found}}}\nwith null in place of the braces where the documents do not give a value."
    if request.task is Task.CLASSIFY:
        return '{"quote": "…", "reason": "…", "label": "…"}'
    return '{"statements": [{"label": "…", "text": "…", "quote": "…"}]}'


def _shown(field: Field) -> str:
    """A value as it is to be written: what it may be stands beside it."""
    match field.type:
        case FieldType.NUMBER:
            value = "0.5"
        case FieldType.BOOLEAN:
            value = "true or false"
        case FieldType.DATE:
            value = '"2026-05-12"'
        case FieldType.CHOICE:
            value = " or ".join(json.dumps(choice, ensure_ascii=False) for choice in field.choices)
        case _:
            value = '"…"'
    return f'{{"quote": "…", "value": {value}}}'


# What came.


def classification(answer: str) -> Classification:
    """Raises ValueError where the answer holds none, as do the next two."""
    return _first(_CLASSIFICATION, answer)


def extraction(answer: str) -> dict[str, Found | None]:
    return _first(_EXTRACTION, answer)


def statements(answer: str) -> list[Statement]:
    """All of them; of an answer that was cut short, those that came whole."""
    for value in _values(answer):
        if (whole := _as(_STATEMENTS, value)) is not None:
            return whole.statements
        if listed := _as(_LIST, value):
            return listed
    single = [found for value in _values(answer) if (found := _as(_STATEMENT, value)) is not None]
    if not single:
        raise ValueError(NOT_IN_FORM)
    return single


def _first[Form](form: TypeAdapter[Form], answer: str) -> Form:
    for value in _values(answer):
        if (found := _as(form, value)) is not None:
            return found
    raise ValueError(NOT_IN_FORM)


def _as[Form](form: TypeAdapter[Form], value: Any) -> Form | None:
    try:
        return form.validate_python(value)
    except ValidationError:
        return None


def _values(answer: str) -> Iterator[Any]:
    """Every JSON object and list of the answer, whatever stands around them; what is inside one is not given again."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(MOST_TRIES):
        at = min((found for found in (answer.find("{", at), answer.find("[", at)) if found >= 0), default=-1)
        if at < 0:
            return
        try:
            value, at = decoder.raw_decode(answer, at)
            yield value
        except (ValueError, RecursionError):
            at += 1
