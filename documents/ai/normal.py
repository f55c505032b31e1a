"""Numbers and dates as values, whatever way they are written. What can be read in two ways is read in both."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

_NUMBER = re.compile(
    r"(?<![\w.,])[-−]?\d{1,3}(?:[ \u00a0\u202f'’.,]\d{3})+(?:[.,]\d{1,4})?(?!\d)|(?<![\w.,])[-−]?\d+(?:[.,]\d+)?"
)
_SCALES = {
    "k": 3, "thousand": 3, "tausend": 3, "m": 6, "mn": 6, "mio": 6, "million": 6, "millions": 6, "millionen": 6,
    "millones": 6, "bn": 9, "b": 9, "mrd": 9, "billion": 9, "billions": 9, "milliarden": 9, "milliards": 9,
}  # fmt: skip
_SCALE = re.compile(r"[ \u00a0\u202f]?([A-Za-z]{1,10})\b")
_MONTHS = [
    "jan january januar jänner janvier enero gennaio",
    "feb february februar février febrero febbraio",
    "mar march märz mars marzo",
    "apr april avril abril aprile",
    "may mai mayo maggio",
    "jun june juni juin junio giugno",
    "jul july juli juillet julio luglio",
    "aug august août agosto",
    "sep sept september septembre septiembre settembre",
    "oct october oktober octobre octubre ottobre",
    "nov november novembre noviembre",
    "dec december dezember décembre diciembre dicembre",
]
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_DIGITS = re.compile(r"(?<!\d)(\d{1,2})[./-] ?(\d{1,2})[./-] ?(\d{4}|\d{2})(?!\d)")
# Text recognition parts what stands high: "1s t day".
_HIGH = r"(?:s ?t|n ?d|r ?d|t ?h)"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?: ?{_HIGH}|er|\.|º)?\s(?:day of |of |de )?"
    r"([^\W\d]{3,10})\.?(?: ?,)?(?: de)?\s(\d{4})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"([^\W\d]{{3,10}})\.?\s(?:the )?(\d{{1,2}})(?: ?{_HIGH})?(?: ?,)?\s(\d{{4}})(?!\d)", re.IGNORECASE
)
_POINTS = re.compile(r"\d\. ?\d{1,2}\. ?\d")
_HAN = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def numbers(text: str) -> set[Decimal]:
    """Every number of the text, with "1.250" as 1250 and as 1.25, and "4.8 million" as 4.8 and as 4800000."""
    found: set[Decimal] = set()
    for match in _NUMBER.finditer(text):
        scale = _SCALE.match(text, match.end())
        power = _SCALES.get(scale[1].lower(), 0) if scale else 0
        for value in _readings(match.group()):
            found |= {value, value.scaleb(power)}
    return found


def _readings(written: str) -> Iterator[Decimal]:
    """One value, or two where a single mark before three digits may part thousands or decimals."""
    sign = "-" if written[0] in "-−" else ""
    digits = re.sub(r"[^\d.,]", "", written)
    marks = [char for char in digits if char in ".,"]
    whole, _, rest = digits.rpartition(marks[-1]) if marks else (digits, "", "")
    groups_only = len(marks) > 1 and len(set(marks)) == 1
    if not marks or groups_only or (len(marks) == 1 and len(rest) == 3):
        yield Decimal(sign + re.sub(r"\D", "", digits))
    if marks and not groups_only:
        yield Decimal(f"{sign}{re.sub(r'[^0-9]', '', whole) or '0'}.{rest}")


def dates(text: str) -> set[date]:
    """Every whole date of the text, with "3/4/2026" in both orders."""
    text = " ".join(text.split())
    found = [(int(y), int(m), int(d)) for y, m, d in [*_ISO.findall(text), *_HAN.findall(text)]]
    for first, second, year in _DIGITS.findall(text):
        full = int(year) + _century(year)
        found += [(full, int(second), int(first)), (full, int(first), int(second))]
    found += [(int(year), _month(name), int(day)) for day, name, year in _DAY_FIRST.findall(text)]
    found += [(int(year), _month(name), int(day)) for name, day, year in _MONTH_FIRST.findall(text)]
    return {day for parts in found if (day := _date(*parts))}


def _century(year: str) -> int:
    """What a year of two digits leaves out: 69 to 99 are of the twentieth, as programs have it."""
    return 0 if len(year) == len("2026") else 1900 if int(year) >= 69 else 2000


_MONTH_AND_YEAR = re.compile(r"(?<!\w)([^\W\d]{3,10})\.?,?(?: de)? (\d{4})(?!\d)", re.I)
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_HAN_MONTH = re.compile(r"(\d{4})年(\d{1,2})月")


def when(text: str, *, month_first: bool = False) -> str:
    """A date as 2026-05-12, or 2026-05 or 2026 where it says no more; empty for none. Of 3/4/2026 the order decides."""
    text = " ".join(text.split())
    days = dates(text)
    # Points part day, month and year in Europe, whatever the rest of the document does.
    month_first = month_first and not _POINTS.search(text)
    if days:
        return min(days, key=lambda day: (_digits_of(text) != _as_written(day, month_first), day)).isoformat()
    named = [(int(year), _month(name)) for name, year in _MONTH_AND_YEAR.findall(text)]
    named += [(int(year), int(month)) for year, month in _HAN_MONTH.findall(text)]
    month = next((f"{year:04}-{number:02}" for year, number in named if 1 <= number <= 12), "")
    year = _YEAR.search(text)
    return month or (year[1] if year else "")


def is_month_first(text: str) -> bool:
    """Whether this can only be month/day/year."""
    digits = _digits_of(text)
    return digits is not None and digits[0] <= 12 < digits[1]


def is_day_first(text: str) -> bool:
    """Whether this can only be day/month/year."""
    digits = _digits_of(text)
    return digits is not None and digits[1] <= 12 < digits[0]


def _as_written(day: date, month_first: bool) -> tuple[int, int]:
    return (day.month, day.day) if month_first else (day.day, day.month)


def _digits_of(text: str) -> tuple[int, int] | None:
    found = _DIGITS.search(text)
    return (int(found[1]), int(found[2])) if found else None


def _month(name: str) -> int:
    return _MONTH.get(name.lower(), 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
