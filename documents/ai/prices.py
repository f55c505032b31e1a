"""What tokens cost, in US dollars. Only what is known is listed: a call that cannot be priced has no price.

From the models' pages and the price list on platform.claude.com, looked up on 26 November 2026.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from documents.ai.protocol import Usage

VERSION = "2026-11-26"
_MILLION = Decimal(1_000_000)
# Requests that are handed over together cost half, whatever kind their tokens are of.
_IN_A_BATCH = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens: of the prompt, the answer, and of prompts written to and read from the cache.

    It holds from the day `since`, for prompts of `up_to` tokens. A longer one costs the next price, all of it.
    """

    input: Decimal
    output: Decimal
    cache_write: Decimal
    cache_read: Decimal
    up_to: int | None = None
    since: date = date.min


def _dollars(prompt: str, answer: str, write: str, read: str, *, up_to: int | None = None, since: str = "") -> Price:
    from_day = date.fromisoformat(since) if since else date.min
    return Price(Decimal(prompt), Decimal(answer), Decimal(write), Decimal(read), up_to, from_day)


# By the beginning of the model's name; the longest that fits counts. Of one name, from the shortest prompts up.
PRICES = {
    "claude-haiku-4-5": (_dollars("1", "5", "1.25", "0.10"),),
    "claude-haiku-5-5": (
        _dollars("0.10", "0.50", "0.125", "0.01", up_to=100_000),
        _dollars("0.50", "2.50", "0.625", "0.05"),
    ),
    "claude-sonnet-5-5": (
        _dollars("2", "10", "2.50", "0.20"),
        _dollars("2", "10", "2.50", "0.10", since="2026-10-07"),
    ),
    "claude-opus-5-5": (_dollars("4", "20", "5", "0.20"),),
    "local-": (_dollars("0", "0", "0", "0"),),
}


def cost(model: str, usage: Usage, *, batch: bool = False, on: date | None = None) -> Decimal | None:
    """What a call cost in dollars, or None when its price is not known. `on` is the day of the call, if not today."""
    prompt_tokens = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
    price = _price(model, prompt_tokens, on or _today())
    if price is None:
        return None
    whole = (
        usage.input_tokens * price.input
        + usage.output_tokens * price.output
        + usage.cache_write_tokens * price.cache_write
        + usage.cache_read_tokens * price.cache_read
    )
    return whole * _share(batch=batch) / _MILLION


def most(model: str, prompt_tokens: int, answer_tokens: int, *, batch: bool = False) -> Decimal | None:
    """The most that a call can cost, nothing of its prompt being cached; None when its price is not known."""
    price = _price(model, prompt_tokens, _today())
    if price is None:
        return None
    whole = prompt_tokens * max(price.input, price.cache_write) + answer_tokens * price.output
    return whole * _share(batch=batch) / _MILLION


def _price(model: str, prompt_tokens: int, on: date) -> Price | None:
    """The price of the day: the youngest of those for prompts of this length."""
    fitting = [price for price in _listed(model) if price.since <= on and _covers(price, prompt_tokens)]
    shortest = min((price.up_to for price in fitting if price.up_to is not None), default=None)
    return max((price for price in fitting if price.up_to == shortest), key=lambda price: price.since, default=None)


def _listed(model: str) -> Iterator[Price]:
    name = max((name for name in PRICES if model.startswith(name)), key=len, default="")
    yield from PRICES.get(name, ())


def _covers(price: Price, prompt_tokens: int) -> bool:
    return price.up_to is None or prompt_tokens <= price.up_to


def _share(*, batch: bool) -> Decimal:
    return _IN_A_BATCH if batch else Decimal(1)


def _today() -> date:
    return datetime.now(UTC).date()
