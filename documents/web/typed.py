"""Values and days as people write them: 12 May 2026, 4,800.50, yes."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from documents.values import Field, FieldType

MOST_DIGITS = 30
# A year is a number that nobody groups.
_YEAR = re.compile(r"\b(?:years?|jahr|ann[ée]e|año|anno|ano|jaar|rok)\b", re.IGNORECASE)
_DAY = re.compile(r"(date|deadline)(?: (\d{4})(?:-(\d\d)(?:-(\d\d))?)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or the month or year that is known of it; `iso` is what machines read."""

    iso: str
    year: int
    month: str = ""
    day: int | None = None


def value(field: Field, text: str) -> str:
    """The value as people write it; as it is when it has not the form of its type."""
    match field.type:
        case FieldType.DATE:
            return _date(text)
        case FieldType.NUMBER:
            return _number(text, is_year=bool(_YEAR.search(f"{field.name.replace('_', ' ')} {field.description}")))
        case FieldType.BOOLEAN:
            return {"yes": "Yes", "no": "No"}.get(text, text)
        case _:
            return text


def day(label: str) -> tuple[bool, Day | None]:
    """Whether the label is that of a deadline, and its day, if it names one."""
    found = _DAY.fullmatch(label)
    if found is None:
        return False, None
    _, year, month, of_month = found.groups()
    try:
        first = date(int(year), int(month or 1), int(of_month or 1)) if year else None
    except ValueError:
        first = None
    is_deadline = found[1] == "deadline"
    if first is None:
        return is_deadline, None
    iso = "-".join(part for part in (year, month, of_month) if part)
    return is_deadline, Day(iso, first.year, f"{first:%B}" if month else "", first.day if of_month else None)


def label(text: str) -> str:
    """A label as people write it: "Deadline 12 May 2026" for "deadline 2026-05-12"."""
    is_deadline, found = day(text)
    if not is_deadline and found is None:
        return text
    parts = [str(found.day or ""), found.month, str(found.year)] if found else []
    return " ".join(part for part in ("Deadline" if is_deadline else "", *parts) if part)


def _date(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%-d %B %Y}"
    except ValueError:
        return text


def _number(text: str, *, is_year: bool) -> str:
    """Grouped by thousands."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        return text
    is_plain = is_year and len(text) == 4 and text.isdecimal()
    return text if is_plain else f"{number:,f}".replace("-", "−")
