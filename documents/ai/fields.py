"""Typed values: which are asked for, whether an answer has their form, and whether they follow from their quotes."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from documents.ai import normal
from documents.values import Field, FieldType

MOST_FIELDS = 40
MOST_CHOICES = 50
ORDERING = "propertyOrdering"
NOT_IN_QUOTE = "The value does not stand in the words cited."
_NAME = re.compile(r"[^\W\d][\w .,/()-]{0,59}")
_JSON_TYPES = {
    "string": FieldType.TEXT,
    "number": FieldType.NUMBER,
    "integer": FieldType.NUMBER,
    "boolean": FieldType.BOOLEAN,
}


def from_schema(schema: Any) -> tuple[Field, ...]:
    """The fields of a JSON schema: an object of strings (also with `format: date` or `enum`), numbers and booleans.

    Raises ValueError with a sentence for whoever wrote it.
    """
    if not isinstance(schema, Mapping) or not isinstance(schema.get("properties"), Mapping):
        raise ValueError('Give an object: {"type": "object", "properties": {"name": {"type": "string"}}}.')
    properties = schema["properties"]
    if not 1 <= len(properties) <= MOST_FIELDS:
        raise ValueError(f"Give from 1 to {MOST_FIELDS} properties.")
    return tuple(_field(name, properties[name]) for name in in_order(schema))


def in_order(schema: Mapping[str, Any]) -> list[str]:
    """The names of its properties, first those that `propertyOrdering` has: databases keep no order of keys."""
    properties, ordering = schema.get("properties", {}), schema.get(ORDERING)
    first = ordering if isinstance(ordering, list) else []
    return list(dict.fromkeys([*(name for name in first if isinstance(name, str) and name in properties), *properties]))


def ordered(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with the order of its properties written down."""
    return {**schema, ORDERING: in_order(schema)}


def _field(name: Any, described: Any) -> Field:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a property here: begin with a letter, up to 60 characters.")
    if not isinstance(described, Mapping):
        raise ValueError(f"{name}: describe it as an object with a `type`.")
    description = str(described.get("description", ""))[:500]
    if "enum" in described:
        return Field(name, FieldType.CHOICE, description, _choices(name, described["enum"]))
    kind = _JSON_TYPES.get(str(described.get("type", "string")))
    if kind is None:
        raise ValueError(f"{name}: its type may be string, number, integer or boolean, or it has an enum.")
    is_date = kind is FieldType.TEXT and described.get("format") == "date"
    return Field(name, FieldType.DATE if is_date else kind, description)


def _choices(name: str, given: Any) -> tuple[str, ...]:
    if (
        not isinstance(given, list)
        or not 1 <= len(given) <= MOST_CHOICES
        or not all(isinstance(one, str) for one in given)
    ):
        raise ValueError(f"{name}: an enum is a list of up to {MOST_CHOICES} strings.")
    return tuple(given)


def as_schema(fields: tuple[Field, ...]) -> dict[str, Any]:
    """What a model is asked to answer: for each field a value and the quote it rests on, or null."""
    return {
        "type": "object",
        "properties": {field.name: {"anyOf": [_found(field), {"type": "null"}]} for field in fields},
        "required": [field.name for field in fields],
        "additionalProperties": False,
    }


def _found(field: Field) -> dict[str, Any]:
    quote = {"type": "string", "description": "The words it stands in, copied exactly from one document"}
    return {
        "type": "object",
        "properties": {"quote": quote, "value": _value_schema(field)},
        "required": ["quote", "value"],
        "additionalProperties": False,
    }


def _value_schema(field: Field) -> dict[str, Any]:
    described = {"description": field.description} if field.description else {}
    match field.type:
        case FieldType.NUMBER:
            return {"type": "number", **described}
        case FieldType.BOOLEAN:
            return {"type": "boolean", **described}
        case FieldType.CHOICE:
            return {"type": "string", "enum": list(field.choices), **described}
        case FieldType.DATE:
            return {"type": "string", "format": "date", **described}
        case _:
            return {"type": "string", **described}


def written(field: Field, value: Any) -> str:
    """The value as text, in the form of its type. Raises ValueError with a sentence when it has not that form."""
    match field.type:
        case FieldType.NUMBER if isinstance(value, int | float) and not isinstance(value, bool):
            return _number(field, value)
        case FieldType.BOOLEAN if isinstance(value, bool):
            return "yes" if value else "no"
        case FieldType.CHOICE if value in field.choices:
            return str(value)
        case FieldType.DATE if isinstance(value, str):
            return _day(field, value)
        case FieldType.TEXT if isinstance(value, str):
            return " ".join(value.split())
        case _:
            raise ValueError(f"{field.name} is not a {field.type}.")


def typed(field: Field, text: str) -> str | int | float | bool:
    """A value that was `written`, as JSON has it: a number, true or false; dates and texts as they are."""
    text = text.strip()
    match field.type:
        case FieldType.NUMBER:
            number = Decimal(text)
            return int(number) if number == number.to_integral_value() else float(number)
        case FieldType.BOOLEAN:
            return text == "yes"
        case _:
            return text


def _number(field: Field, value: float) -> str:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{field.name} is not a number.")
    return f"{number.normalize():f}"


def _day(field: Field, value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise ValueError(f"{field.name} is not a date written as 2026-05-12.") from error


def doubt(field: Field, value: str, quote: str) -> str:
    """Why the value does not follow from the quote; empty when it does. Choices and yes or no are judgements."""
    match field.type:
        case FieldType.NUMBER:
            follows = Decimal(value) in normal.numbers(quote)
        case FieldType.DATE:
            follows = date.fromisoformat(value) in normal.dates(quote)
        case FieldType.TEXT:
            follows = _numbers_follow(value, quote)
        case _:
            follows = True
    return "" if follows else NOT_IN_QUOTE


def _numbers_follow(value: str, quote: str) -> bool:
    """Whether every number in a text stands in the quote."""
    told = normal.numbers(quote)
    pieces = re.findall(r"\d[\d.,'’]*", value)
    return all(normal.numbers(piece.rstrip(".,")) & told or piece.rstrip(".,") in quote for piece in pieces)
