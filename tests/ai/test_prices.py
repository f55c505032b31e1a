"""What a call costs, to the last fraction of a cent, or that it is not known."""

from datetime import date
from decimal import Decimal

import pytest

from documents.ai.prices import cost, most
from documents.ai.protocol import Usage


def test_every_kind_of_token_has_its_price() -> None:
    usage = Usage(input_tokens=1_000_000, output_tokens=100_000, cache_read_tokens=10_000, cache_write_tokens=1_000)

    assert cost("claude-haiku-4-5-20251001", usage) == Decimal("1.50225")


def test_the_smallest_call_is_not_rounded_away() -> None:
    assert cost("claude-haiku-5-5", Usage(input_tokens=1, output_tokens=1)) == Decimal("0.0000006")
    assert cost("claude-haiku-5-5", Usage(input_tokens=1), batch=True) == Decimal("0.00000005")


@pytest.mark.parametrize(
    ("usage", "dollars"),
    [
        (Usage(input_tokens=100_000, output_tokens=1_000), "0.0105"),
        (Usage(input_tokens=100_001, output_tokens=1_000), "0.0525005"),
        (Usage(input_tokens=1, cache_read_tokens=100_000), "0.0050005"),
        (Usage(input_tokens=1, cache_write_tokens=100_000), "0.0625005"),
        (Usage(cache_write_tokens=100_000), "0.0125"),
        (Usage(cache_read_tokens=100_000), "0.001"),
    ],
)
def test_a_long_prompt_costs_more_on_every_token_of_it(usage: Usage, dollars: str) -> None:
    assert cost("claude-haiku-5-5", usage) == Decimal(dollars)


def test_a_price_holds_from_its_day_on() -> None:
    usage = Usage(input_tokens=1_000_000, output_tokens=1_000_000, cache_read_tokens=1_000_000)

    assert cost("claude-sonnet-5-5", usage, on=date(2026, 10, 6)) == Decimal("12.20")
    assert cost("claude-sonnet-5-5", usage, on=date(2026, 10, 7)) == cost("claude-sonnet-5-5", usage)
    assert cost("claude-sonnet-5-5", usage) == Decimal("12.10")


def test_opus_has_its_price() -> None:
    usage = Usage(1_000_000, 1_000_000, cache_read_tokens=1_000_000, cache_write_tokens=1_000_000)

    assert cost("claude-opus-5-5", usage) == Decimal("29.20")


def test_a_batch_costs_half_whatever_its_tokens_are() -> None:
    usage = Usage(1_000, 1_000, 1_000, 1_000)

    alone = cost("claude-haiku-4-5", usage)

    assert alone is not None
    assert cost("claude-haiku-4-5", usage, batch=True) == alone / 2
    assert most("claude-haiku-4-5", 1_000_000, 0, batch=True) == Decimal("0.625")


@pytest.mark.parametrize("prompt_tokens", [1, 99_999, 100_000, 100_001, 900_000])
@pytest.mark.parametrize("model", ["claude-haiku-4-5", "claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"])
def test_no_call_costs_more_than_the_most_it_can(model: str, prompt_tokens: int) -> None:
    reserved = most(model, prompt_tokens, 500)

    spent = [
        cost(model, Usage(prompt_tokens, 500)),
        cost(model, Usage(output_tokens=500, cache_write_tokens=prompt_tokens)),
        cost(model, Usage(output_tokens=500, cache_read_tokens=prompt_tokens)),
    ]
    assert reserved is not None
    assert all(dollars is not None and dollars <= reserved for dollars in spent)


def test_an_unknown_model_has_no_price_and_the_built_in_one_costs_nothing() -> None:
    assert cost("claude-unheard-of", Usage(input_tokens=1)) is None
    assert most("claude-unheard-of", 1, 1, batch=True) is None
    assert cost("local-extractive-1", Usage(input_tokens=1_000, output_tokens=9)) == Decimal(0)
    assert most("local-extractive-1", 1_000, 9) == Decimal(0)
