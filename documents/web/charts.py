"""Numbers to the places of bars and ticks: what the templates draw as SVG. Widths are shares, so that words keep their
size on every screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

HEIGHT = 132
TOP, BELOW = 10, 24
STEPS = (1, 2, 5, 10)
GAP = 0.28  # of a column's place
LEAST_SEEN = 2


@dataclass(frozen=True, slots=True)
class Value:
    """A number to be drawn: what it is of, how it is said, and what stands below it, if anything. `is_minor` marks go
    where there is little room."""

    of: str
    number: Decimal
    said: str
    mark: str = ""
    is_minor: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    value: Value
    left: str
    width: str
    middle: str
    place: str
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Tick:
    top: int
    label: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of columns side by side."""

    name: str
    title: str
    total: str
    head: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    height: int = TOP + HEIGHT + BELOW
    base: int = TOP + HEIGHT
    foot: int = TOP + HEIGHT + 17

    @property
    def told(self) -> tuple[Bar, ...]:
        """Those with something to tell."""
        return tuple(bar for bar in self.bars if bar.value.number)

    @property
    def summary(self) -> str:
        """The chart in a sentence."""
        if not self.told:
            return "Nothing in this time."
        most = max(self.told, key=lambda bar: bar.value.number).value
        return f"{self.total} in all. Most: {most.of}, {most.said}."


@dataclass(frozen=True, slots=True)
class Share:
    """One of several bars below each other."""

    label: str
    said: str
    about: str
    width: str


def columns(
    values: Sequence[Value],
    *,
    name: str,
    title: str,
    total: str,
    head: str,
    tick: Callable[[Decimal], str],
    is_counted: bool = False,
) -> Columns:
    """`tick` says how a number stands at the axis, `head` what the values are of; counted ones have whole ticks."""
    steps = axis(max((value.number for value in values), default=Decimal(0)), whole=is_counted)
    most = steps[-1]
    place = 100 / max(len(values), 1)
    bars = tuple(_bar(value, number, place, most) for number, value in enumerate(values))
    ticks = tuple(Tick(TOP + HEIGHT - round(HEIGHT * step / most), tick(step)) for step in steps)
    return Columns(name, title, total, head, bars, ticks)


def axis(most: Decimal, *, whole: bool = False) -> list[Decimal]:
    """Round numbers from 0 to the first that is not below the most: three to six of them."""
    if most <= 0:
        return [Decimal(0), Decimal(1)]
    tenth = Decimal(10) ** floor(log10(most / 4))
    step = next(Decimal(one) * tenth for one in STEPS if Decimal(one) * tenth * 4 >= most)
    step = max(step, Decimal(1)) if whole else step
    return [number * step for number in range(ceil(most / step) + 1)]


def shares(rows: Sequence[tuple[str, Decimal, str, str]]) -> tuple[Share, ...]:
    """Rows of label, number, how it is said, and what else is known; the largest takes the whole width."""
    most = max((number for _, number, _, _ in rows), default=Decimal(0)) or Decimal(1)
    return tuple(Share(label, said, about, percent(number / most)) for label, number, said, about in rows)


def percent(share: Decimal | float) -> str:
    return f"{min(max(float(share), 0), 1) * 100:.2f}%"


def _bar(value: Value, number: int, place: float, most: Decimal) -> Bar:
    height = round(HEIGHT * value.number / most)
    height = max(height, LEAST_SEEN) if value.number else 0
    left = number * place
    return Bar(
        value=value,
        left=f"{left + place * GAP / 2:.3f}%",
        width=f"{place * (1 - GAP):.3f}%",
        middle=f"{left + place / 2:.3f}%",
        place=f"{place:.3f}%",
        top=TOP + HEIGHT - height,
        height=height,
    )
