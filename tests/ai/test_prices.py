"""What a call costs, to the last fraction of a cent, or that it is not known."""

from decimal import Decimal

from documents.ai.prices import cost
from documents.ai.protocol import Usage


def test_every_kind_of_token_has_its_price() -> None:
    usage = Usage(input_tokens=1_000_000, output_tokens=100_000, cache_read_tokens=10_000, cache_write_tokens=1_000)

    assert cost("claude-haiku-4-5-20251001", usage) == Decimal("1.50225")


def test_the_smallest_call_is_not_rounded_away() -> None:
    assert cost("claude-haiku-5-5", Usage(input_tokens=1, output_tokens=1)) == Decimal("0.0000006")


def test_a_prompt_beyond_the_known_price_has_none() -> None:
    assert cost("claude-haiku-5-5", Usage(input_tokens=100_000)) == Decimal("0.01")
    assert cost("claude-haiku-5-5", Usage(input_tokens=100_001)) is None
    assert cost("claude-haiku-5-5", Usage(input_tokens=1, cache_read_tokens=1)) is None


def test_an_unknown_model_has_no_price_and_the_built_in_one_costs_nothing() -> None:
    assert cost("claude-unheard-of", Usage(input_tokens=1)) is None
    assert cost("local-extractive-1", Usage(input_tokens=1_000, output_tokens=9)) == Decimal(0)
