"""The books: every attempt at a paid model is written down before it is made, and settled with its answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from documents import breaker, budgets
from documents.ai import errors, prices
from documents.ai.protocol import Provider, Request, Result, Usage
from documents.models import AICall, CallState

# The rules and the question that go with every text, with room to spare.
PROMPT_BYTES = 8_000
# Counting tokens ahead is an estimate of the provider's.
COUNT_MARGIN = 1.1


def ask(
    provider: Provider, request: Request, *, job: int, owner: int, subject: UUID, fence: int, step: int = 0
) -> Result:
    """The provider's answer. A call that charges is on the books and within the budget before it leaves; `settle`
    closes it.

    Raises the provider's errors, OutOfBudget, and NotNow while the provider is left alone after an outage.
    """
    if not provider.capabilities.charges:
        return provider.complete(request)
    breaker.pass_through(provider.name)
    _give_up_earlier(subject)
    call = _reserved(provider, request, job_id=job, owner_id=owner, subject=subject, fence=fence, step=step)
    try:
        result = provider.complete(request)
    except errors.ModelError as error:
        _close(call, error)
        breaker.failed(provider.name, error)
        raise
    breaker.answered(provider.name)
    return result


def _reserved(provider: Provider, request: Request, *, owner_id: int, **columns: Any) -> AICall:
    """The call as it is written down, with the most it can cost. Raises OutOfBudget when that is more than is left."""
    with_bytes, exact = _most_by_bytes(request), None
    left = budgets.standing(owner_id).left
    if left is not None and (with_bytes is None or with_bytes > left):
        # Asking how many tokens they are costs nothing, but takes a call of its own: only where it decides.
        exact = prices.most(request.model, round(provider.count(request) * COUNT_MARGIN), request.max_tokens)
    with transaction.atomic():
        budgets.lock(owner_id)
        reserve = exact if exact is not None else with_bytes
        _refuse_beyond(budgets.standing(owner_id), reserve, request.model)
        return AICall.objects.create(
            owner_id=owner_id, provider=provider.name, model=request.model, reserved=reserve, **columns
        )


def _most_by_bytes(request: Request) -> Decimal | None:
    """What it can cost at most: no token is shorter than a byte."""
    texts = (sentence.text for source in request.sources for sentence in source.sentences)
    sent = sum(len(text.encode()) for text in texts) + len(request.instruction.encode()) + PROMPT_BYTES
    return prices.most(request.model, sent, request.max_tokens)


def _refuse_beyond(standing: budgets.Standing, reserve: Decimal | None, model: str) -> None:
    if standing.limit is None:
        return
    if reserve is None:
        raise errors.OutOfBudget(
            f"What {model} costs is not known here, so it cannot be kept within your monthly budget. Choose another "
            "model, or ask whoever runs this server."
        )
    if standing.left is not None and reserve > standing.left:
        raise errors.OutOfBudget(
            f"Your budget of ${standing.limit} for this month does not cover this: ${standing.left:.2f} are left, and "
            f"it may cost up to ${reserve:.2f}. Ask whoever runs this server for more, or wait for the next month."
        )


def settle(result: Result, *, subject: UUID, fence: int) -> None:
    """Books the answer. Called in the transaction that saves it: the two are kept together or not at all."""
    _book(result, CallState.ANSWERED, subject=subject, fence=fence)


@contextmanager
def booked_anyway(result: Result, *, subject: UUID, fence: int) -> Iterator[None]:
    """An answer that came is paid for, even when what is made of it cannot be saved."""
    try:
        yield
    except BaseException:
        _book(result, CallState.DISCARDED, subject=subject, fence=fence)
        raise


def _book(result: Result, state: CallState, *, subject: UUID, fence: int) -> None:
    AICall.objects.filter(subject=subject, fence=fence, state=CallState.INTENT).update(
        state=state,
        model=result.model[:100],
        request_id=result.request_id[:100],
        answered_at=Now(),
        **_charge(result.model, result.usage),
    )


def _give_up_earlier(subject: UUID) -> None:
    """An intent without an answer is a worker that died while waiting: it may have been charged."""
    AICall.objects.filter(subject=subject, state=CallState.INTENT).update(state=CallState.AMBIGUOUS)


def _close(call: AICall, error: errors.ModelError) -> None:
    """A refusal may have been charged all the same: then the error knows what was used."""
    is_lost = isinstance(error, errors.Ambiguous)
    AICall.objects.filter(pk=call.pk).update(
        state=CallState.AMBIGUOUS if is_lost else CallState.FAILED,
        reserved=F("reserved") if is_lost else None,
        error_code=error.code,
        request_id=error.request_id,
        answered_at=Now(),
        **(_charge(call.model, error.usage) if error.usage else {}),
    )


def _charge(model: str, usage: Usage) -> dict[str, Any]:
    """The columns of what was used and what it costs."""
    return asdict(usage) | {"cost": prices.cost(model, usage), "price_version": prices.VERSION}
