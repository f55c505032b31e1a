"""What tokens cost, in US dollars. Only what is known is listed: a call that cannot be priced has no price."""

from dataclasses import dataclass
from decimal import Decimal

from documents.ai.protocol import Usage

VERSION = "2026-11-01"
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens. None where a price is not known; `up_to` is the longest prompt it holds for."""

    input: Decimal
    output: Decimal
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    up_to: int | None = None


# By the beginning of the model's name; the longest that fits counts.
PRICES = {
    "claude-haiku-4-5": Price(
        input=Decimal("1.00"), output=Decimal("5.00"), cache_read=Decimal("0.10"), cache_write=Decimal("1.25")
    ),
    "claude-haiku-5-5": Price(input=Decimal("0.10"), output=Decimal("0.50"), up_to=100_000),
    "local-": Price(input=Decimal(0), output=Decimal(0), cache_read=Decimal(0), cache_write=Decimal(0)),
}


def cost(model: str, usage: Usage) -> Decimal | None:
    """What a call cost in dollars, or None when its price is not known."""
    price = _price(model)
    if price is None or (price.up_to is not None and _prompt_tokens(usage) > price.up_to):
        return None
    parts = [
        _part(usage.input_tokens, price.input),
        _part(usage.output_tokens, price.output),
        _part(usage.cache_read_tokens, price.cache_read),
        _part(usage.cache_write_tokens, price.cache_write),
    ]
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


def most(model: str, prompt_tokens: int, answer_tokens: int) -> Decimal | None:
    """The most that a call can cost, nothing of its prompt being cached; None when its price is not known."""
    price = _price(model)
    if price is None or (price.up_to is not None and prompt_tokens > price.up_to):
        return None
    written = max(price.input, price.cache_write or price.input)
    return (prompt_tokens * written + answer_tokens * price.output) / _MILLION


def _price(model: str) -> Price | None:
    return next((PRICES[name] for name in sorted(PRICES, key=len, reverse=True) if model.startswith(name)), None)


def _prompt_tokens(usage: Usage) -> int:
    return usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens


def _part(tokens: int, price: Decimal | None) -> Decimal | None:
    if not tokens:
        return Decimal(0)
    return None if price is None else tokens * price / _MILLION
