"""Numbers become bars and ticks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.web import charts, usage


def drawn(*numbers: str, tick: str = "dollars") -> charts.Columns:
    values = [charts.Value(of=f"{at} May", number=Decimal(one), said=one) for at, one in enumerate(numbers, 1)]
    says = usage.at_axis if tick == "dollars" else usage.whole
    return charts.columns(values, name="x", title="X", total="9", head="X", tick=says, is_counted=tick == "whole")


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        ("0", ["0", "1"]),
        ("0.92", ["0", "0.5", "1.0"]),
        ("4", ["0", "1", "2", "3", "4"]),
        ("7", ["0", "2", "4", "6", "8"]),
        ("17.5", ["0", "5", "10", "15", "20"]),
        ("1000", ["0", "500", "1000"]),
    ],
)
def test_ticks_are_round(most: str, steps: list[str]) -> None:
    assert charts.axis(Decimal(most)) == [Decimal(step) for step in steps]


@given(st.decimals(min_value="0.0001", max_value="1000000000", allow_nan=False, places=4))
def test_there_are_few_ticks_and_the_last_is_not_below_the_most(most: Decimal) -> None:
    steps = charts.axis(most)

    assert 2 <= len(steps) <= 6
    assert steps[-2] < most <= steps[-1]


def test_what_is_counted_has_whole_ticks() -> None:
    assert [tick.label for tick in drawn("1", "2", tick="whole").ticks] == ["0", "1", "2"]


def test_bars_are_as_high_as_their_number_and_the_least_is_seen() -> None:
    chart = drawn("0", "0.001", "5", "10")

    assert [bar.height for bar in chart.bars] == [0, charts.LEAST_SEEN, charts.HEIGHT // 2, charts.HEIGHT]
    assert {bar.top + bar.height for bar in chart.bars} == {chart.base}


def test_bars_share_the_width() -> None:
    chart = drawn("1", "1", "1", "1")

    assert [bar.middle for bar in chart.bars] == ["12.500%", "37.500%", "62.500%", "87.500%"]


def test_a_chart_is_told_in_a_sentence() -> None:
    assert drawn("1", "3").summary == "9 in all. Most: 2 May, 3."
    assert drawn("0", "0").summary == "Nothing in this time."


def test_the_largest_share_takes_the_whole_width() -> None:
    rows = charts.shares([("a", Decimal(4), "", ""), ("b", Decimal(1), "", ""), ("c", Decimal(0), "", "")])

    assert [row.width for row in rows] == ["100.00%", "25.00%", "0.00%"]


@pytest.mark.parametrize(
    ("amount", "said"), [("0", "$0.00"), ("0.0123", "$0.0123"), ("1234.5", "$1,234.50"), ("1.239", "$1.24")]
)
def test_amounts_are_said_as_precisely_as_they_matter(amount: str, said: str) -> None:
    assert usage.dollars(Decimal(amount)) == said


@pytest.mark.parametrize(("amount", "said"), [("0", "0"), ("1200", "$1,200"), ("0.5", "$0.50"), ("0.005", "$0.005")])
def test_amounts_at_the_axis_are_short(amount: str, said: str) -> None:
    assert usage.at_axis(Decimal(amount)) == said
