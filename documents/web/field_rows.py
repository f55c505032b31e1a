"""The fields of a recipe as rows that a person fills in: to a JSON schema, and back."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from django.http import QueryDict

from documents.ai import fields
from documents.values import Field, FieldType
from documents.web.forms import listed

TYPES = (
    (FieldType.TEXT, "Text"),
    (FieldType.NUMBER, "Number"),
    (FieldType.DATE, "Date"),
    (FieldType.BOOLEAN, "Yes or no"),
    (FieldType.CHOICE, "Choice"),
)
# Without scripts there are so many rows to fill in.
SPARE = 5
# The rows are in an order, and PostgreSQL does not keep that of an object's properties.
LONGEST = 2_000
_JSON_TYPES = {FieldType.NUMBER: "number", FieldType.BOOLEAN: "boolean"}


@dataclass(frozen=True, slots=True)
class Row:
    """One field as it was filled in; `error` says what is wrong with it."""

    name: str = ""
    type: str = FieldType.TEXT
    choices: str = ""
    description: str = ""
    error: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.choices or self.description)

    @property
    def described(self) -> dict[str, Any]:
        """As a property of a JSON schema."""
        said = {"description": self.description} if self.description else {}
        if self.type == FieldType.CHOICE:
            return {"type": "string", "enum": list(listed(self.choices)), **said}
        form = {"format": "date"} if self.type == FieldType.DATE else {}
        return {"type": _JSON_TYPES.get(FieldType(self.type), "string"), **form, **said}


def filled_in(data: QueryDict) -> tuple[Row, ...]:
    """The rows with anything in them."""
    columns = (data.getlist(f"field_{name}") for name in ("name", "type", "choices", "description"))
    rows = (Row(*(" ".join(value.split())[:LONGEST] for value in row)) for row in zip_longest(*columns, fillvalue=""))
    return tuple(row for row in rows if not row.is_empty)


def checked(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, each with what is wrong with it."""
    names = Counter(row.name.casefold() for row in rows)
    return tuple(replace(row, error=_error(row, names)) for row in rows)


def schema(rows: Sequence[Row]) -> dict[str, Any]:
    """The rows as a JSON schema. Raises ValueError with a sentence when they are none."""
    made = {
        "type": "object",
        "properties": {row.name: row.described for row in rows},
        fields.ORDERING: [row.name for row in rows],
    }
    fields.from_schema(made)
    return made


def of_schema(schema: Mapping[str, Any] | None) -> tuple[Row, ...]:
    """The rows that give this schema."""
    return tuple(Row(field.name, field.type, ", ".join(field.choices), field.description) for field in in_order(schema))


def in_order(schema: Mapping[str, Any] | None) -> tuple[Field, ...]:
    """The fields of a schema in the order they were written in; none for one that is not readable any more."""
    if not schema:
        return ()
    try:
        return fields.from_schema(schema)
    except ValueError:
        return ()


def with_spare(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows and some empty ones."""
    spare = min(SPARE, fields.MOST_FIELDS - len(rows)) if rows else SPARE
    return (*rows, *(Row() for _ in range(max(spare, 0))))


def _error(row: Row, names: Counter[str]) -> str:
    return next(_faults(row, names), "")


def _faults(row: Row, names: Counter[str]) -> Iterator[str]:
    if not row.name:
        yield "Give this field a name."
        return
    if names[row.name.casefold()] > 1:
        yield "Another field has this name. Give each its own."
    if row.type not in set(FieldType):
        yield "There is no such kind of value. Choose one of the list."
        return
    if row.type == FieldType.CHOICE and not listed(row.choices):
        yield "Say what can be chosen, separated by commas."
    try:
        fields.from_schema({"type": "object", "properties": {row.name: row.described}})
    except ValueError:
        yield _unfit(row)


def _unfit(row: Row) -> str:
    if len(listed(row.choices)) > fields.MOST_CHOICES:
        return f"These are too many to choose from. {fields.MOST_CHOICES} is the most."
    return "Begin the name with a letter; up to 60 letters, digits, spaces and . , / ( ) - are possible."
