"""The statements of an analysis, and the orders they are shown in: under labels, field by field, along the time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from documents.ai.occurrences import MOST_OF_ONE
from documents.values import Field
from documents.web import typed

# So many marks of one statement stand in sight.
FEW = 5


@dataclass(frozen=True, slots=True)
class Quote:
    """The words a statement rests on. Not verified: no number, and it leads nowhere.

    `same` says that the statement itself is these words.
    `href` leads to the words; `leads` says that this is the first mark of its number, to which the words lead back.
    """

    number: int | None
    text: str
    page: int | None
    start: int
    same: bool = False
    href: str = ""
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim of an analysis; `score` is a percentage where the claim has one."""

    number: int
    text: str
    label: str
    score: int | None
    quotes: tuple[Quote, ...]
    doubt: str = ""

    @property
    def heading(self) -> str:
        """The label as people write it."""
        return typed.label(self.label)

    @property
    def reason(self) -> str:
        """What the text says beyond the label."""
        return "" if alike(self.text, self.label) else self.text

    @property
    def verified(self) -> bool:
        return any(quote.number for quote in self.quotes) and not self.doubt

    @property
    def marks(self) -> tuple[Quote, ...]:
        return tuple(quote for quote in self.quotes if quote.number)

    @property
    def first_marks(self) -> tuple[Quote, ...]:
        """Those in sight; one more is no reason to hide any."""
        marks = self.marks
        return marks if len(marks) <= FEW + 1 else marks[:FEW]

    @property
    def more_marks(self) -> tuple[Quote, ...]:
        return self.marks[len(self.first_marks) :]

    @property
    def more_places(self) -> str:
        """How many more there are, in words: no more than so many are ever looked for."""
        return f"{len(self.more_marks)} more places" + (" at least" if len(self.marks) >= MOST_OF_ONE else "")


@dataclass(frozen=True, slots=True)
class LabelledStatements:
    label: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field, and what was found for it."""

    field: Field
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on a day, in a month or a year; `day` is None where it hangs on no fixed one."""

    statement: Statement
    is_deadline: bool
    day: typed.Day | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happens when, in the order of time; then what has no fixed day."""

    dated: tuple[Moment, ...]
    undated: tuple[Moment, ...]


def by_label(statements: Sequence[Statement]) -> tuple[LabelledStatements, ...]:
    """The statements under their labels, in the order the labels first appear."""
    order = {statement.label: place for place, statement in reversed(list(enumerate(statements)))}
    ordered = sorted(statements, key=lambda statement: order[statement.label])
    runs = groupby(ordered, key=lambda statement: statement.label)
    return tuple(LabelledStatements(label, tuple(run)) for label, run in runs)


def by_field(fields: Iterable[Field], statements: Sequence[Statement]) -> tuple[FieldView, ...]:
    """Every field in its order, those that nothing was found for too."""
    return tuple(
        FieldView(field, tuple(statement for statement in statements if statement.label == field.name))
        for field in fields
    )


def timeline(statements: Sequence[Statement]) -> Timeline:
    moments = [Moment(statement, *typed.day(statement.label)) for statement in statements]
    dated = sorted((one for one in moments if one.day), key=lambda one: one.day.iso if one.day else "")
    return Timeline(tuple(dated), tuple(one for one in moments if not one.day))


def alike(one: str, other: str) -> bool:
    """The same letters and digits."""
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
