"""Typed values: their form, and whether they follow from the words they are said to rest on."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.ai import fields, normal
from documents.values import Field, FieldType

AMOUNT = Field("amount", FieldType.NUMBER)
DUE = Field("due", FieldType.DATE)
NOTE = Field("note")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,250.00 EUR", {"1250"}),
        ("1.250,00 EUR", {"1250"}),
        ("CHF 1'250.50", {"1250.5"}),
        ("1 250,75", {"1250.75"}),
        ("1.250.000", {"1250000"}),
        ("1,250", {"1250", "1.25"}),
        ("4.8 million", {"4.8", "4800000"}),
        ("-3.5 %", {"-3.5"}),
        ("none", set()),
    ],
)
def test_numbers_are_read_in_every_way_they_can_be_meant(text: str, expected: set[str]) -> None:
    assert normal.numbers(text) == {Decimal(number) for number in expected}


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-12",
        "12 May 2026",
        "May 12, 2026",
        "12.05.2026",
        "12th day of May, 2026",
        "12. Mai 2026",
        "2026年5月12日",
    ],
)
def test_a_date_is_read_whatever_way_it_is_written(text: str) -> None:
    assert date(2026, 5, 12) in normal.dates(f"It is due on {text}, at noon.")


def test_a_date_of_digits_is_read_in_both_orders_and_one_that_is_none_in_neither() -> None:
    assert normal.dates("3/4/2026") == {date(2026, 4, 3), date(2026, 3, 4)}
    assert normal.dates("31/31/2026 and 30 Feb 2026") == set()


@given(st.text(max_size=200))
def test_no_text_stops_the_reading_of_values(text: str) -> None:
    assert isinstance(normal.numbers(text), set)
    assert isinstance(normal.dates(text), set)


@pytest.mark.parametrize(
    ("field", "value", "quote", "follows"),
    [
        (AMOUNT, "4800", "The work costs €4,800.", True),
        (AMOUNT, "4900", "The work costs €4,800.", False),
        (AMOUNT, "125000", "It costs 1,250.00.", False),
        (DUE, "2026-05-12", "on 12 May 2026 from 9 a.m.", True),
        (DUE, "2026-05-13", "on 12 May 2026 from 9 a.m.", False),
        (NOTE, "Room 12", "It is in room 12 on the left.", True),
        (NOTE, "Room 13", "It is in room 12 on the left.", False),
        (Field("paid", FieldType.BOOLEAN), "yes", "It was settled.", True),
    ],
)
def test_numbers_and_dates_follow_from_their_quote_or_are_doubted(
    field: Field, value: str, quote: str, follows: bool
) -> None:
    assert (fields.doubt(field, value, quote) == "") is follows


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (AMOUNT, 4800, "4800"),
        (AMOUNT, 4800.50, "4800.5"),
        (DUE, "2026-05-12", "2026-05-12"),
        (NOTE, " two\n words ", "two words"),
        (Field("paid", FieldType.BOOLEAN), False, "no"),
        (Field("kind", FieldType.CHOICE, choices=("lease", "invoice")), "lease", "lease"),
    ],
)
def test_values_are_written_in_the_form_of_their_type(field: Field, value: Any, expected: str) -> None:
    assert fields.written(field, value) == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (AMOUNT, "many"),
        (AMOUNT, True),
        (AMOUNT, float("nan")),
        (DUE, "soon"),
        (DUE, 3),
        (NOTE, ["a"]),
        (Field("paid", FieldType.BOOLEAN), "yes"),
        (Field("kind", FieldType.CHOICE, choices=("lease",)), "invoice"),
    ],
)
def test_a_value_of_another_form_is_refused_by_name(field: Field, value: Any) -> None:
    with pytest.raises(ValueError, match=field.name):
        fields.written(field, value)


def test_a_schema_says_which_fields_are_wanted() -> None:
    schema = {
        "type": "object",
        "properties": {
            "tenant": {"type": "string", "description": "Who rents"},
            "rent": {"type": "number"},
            "from": {"type": "string", "format": "date"},
            "furnished": {"type": "boolean"},
            "kind": {"enum": ["flat", "house"]},
        },
    }

    assert fields.from_schema(schema) == (
        Field("tenant", FieldType.TEXT, "Who rents"),
        Field("rent", FieldType.NUMBER),
        Field("from", FieldType.DATE),
        Field("furnished", FieldType.BOOLEAN),
        Field("kind", FieldType.CHOICE, "", ("flat", "house")),
    )


@pytest.mark.parametrize(
    "schema",
    [
        None,
        [],
        "x",
        {},
        {"properties": {}},
        {"properties": {"a": 3}},
        {"properties": {"1": {"type": "string"}}},
        {"properties": {"a": {"type": "array"}}},
        {"properties": {"a": {"enum": [1]}}},
        {"properties": {"a": {"enum": []}}},
        {"properties": {f"a{number}": {} for number in range(41)}},
    ],
)
def test_a_schema_that_is_none_is_refused_with_words(schema: Any) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        fields.from_schema(schema)
