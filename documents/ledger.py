"""The books: every attempt at a paid model is written down before it is made, and settled with its answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from documents.ai import errors, prices
from documents.ai.protocol import Provider, Request, Result, Usage
from documents.models import AICall, CallState


def ask(provider: Provider, request: Request, *, job: int, owner: int, subject: UUID, fence: int) -> Result:
    """The provider's answer. A call that charges is on the books before it leaves; `settle` closes it."""
    if not provider.capabilities.charges:
        return provider.complete(request)
    _give_up_earlier(subject)
    call = AICall.objects.create(
        job_id=job, owner_id=owner, subject=subject, fence=fence, provider=provider.name, model=request.model
    )
    try:
        return provider.complete(request)
    except errors.ModelError as error:
        _close(call, error)
        raise


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
    state = CallState.AMBIGUOUS if isinstance(error, errors.Ambiguous) else CallState.FAILED
    AICall.objects.filter(pk=call.pk).update(
        state=state,
        error_code=error.code,
        request_id=error.request_id,
        answered_at=Now(),
        **(_charge(call.model, error.usage) if error.usage else {}),
    )


def _charge(model: str, usage: Usage) -> dict[str, Any]:
    """The columns of what was used and what it costs."""
    return asdict(usage) | {"cost": prices.cost(model, usage), "price_version": prices.VERSION}
