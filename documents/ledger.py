"""The books: every attempt at a paid model is written down before it is made, and settled with its answer."""

import math
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from documents import breaker, budgets, places
from documents.ai import errors, prices
from documents.ai.protocol import Delta, Provider, Reference, Request, Result, Usage
from documents.models import AICall, CallState

# The rules and the question that go with every text, with room to spare.
PROMPT_BYTES = 8_000
# Counting tokens ahead is an estimate of the provider's.
COUNT_MARGIN = 1.1
# Of a call that is part of a batch: an analysis may be asked once more by itself, beginning with step 0.
BATCH_STEP = 1_000
# What is usual, for estimates: the characters of a token, and the tokens of rules, question and answer.
CHARACTERS_A_TOKEN = 3.6
USUAL_PROMPT, USUAL_ANSWER = 600, 500


@dataclass(frozen=True, slots=True)
class Estimate:
    """What calls would cost in US dollars: about, and at most. `known` is False when one has no known price."""

    calls: int = 0
    tokens: int = 0
    about: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    known: bool = True

    def __add__(self, other: "Estimate") -> "Estimate":
        return Estimate(
            self.calls + other.calls,
            self.tokens + other.tokens,
            self.about + other.about,
            self.most + other.most,
            self.known and other.known,
        )


def estimate(model: str, characters: int, size: int, max_tokens: int, *, window: int, batch: bool = False) -> Estimate:
    """An analysis of a text of so many characters, which are so many bytes: one call, or several and one about what
    they found if it is longer than the window."""
    max_tokens = min(max_tokens, window // 4)
    room = max(window * 3 // 4 - max_tokens, 1)
    portions = math.ceil(characters / CHARACTERS_A_TOKEN / room)
    calls = portions + 1 if portions > 1 else 1
    tokens = math.ceil(characters / CHARACTERS_A_TOKEN / calls) + USUAL_PROMPT
    about = prices.cost(model, Usage(tokens, min(USUAL_ANSWER, max_tokens)), batch=batch)
    # What is found in portions is read once more.
    most = prices.most(model, math.ceil(size / calls) + PROMPT_BYTES + max_tokens, max_tokens, batch=batch)
    known = about is not None and most is not None
    return Estimate(calls, calls * tokens, calls * (about or Decimal(0)), calls * (most or Decimal(0)), known)


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
        with places.waiting():
            result = provider.complete(request)
    except errors.ModelError as error:
        _close(call, error)
        breaker.failed(provider.name, error)
        raise
    breaker.answered(provider.name)
    return result


def stream(
    provider: Provider, request: Request, *, job: int, owner: int, subject: UUID, fence: int
) -> Generator[Delta | Reference | Result]:
    """As `ask`, piece by piece. Who closes it before the end has stopped an answer that may be charged."""
    if not provider.capabilities.charges:
        yield from provider.stream(request)
        return
    breaker.pass_through(provider.name)
    _give_up_earlier(subject)
    call = _reserved(provider, request, job_id=job, owner_id=owner, subject=subject, fence=fence)
    ended = False
    try:
        with places.waiting():
            for piece in provider.stream(request):
                ended = isinstance(piece, Result)
                yield piece
    except errors.ModelError as error:
        _close(call, error)
        breaker.failed(provider.name, error)
        raise
    finally:
        if not ended:
            AICall.objects.filter(pk=call.pk, state=CallState.INTENT).update(state=CallState.AMBIGUOUS)
        else:
            breaker.answered(provider.name)


def _reserved(provider: Provider, request: Request, *, owner_id: int, **columns: Any) -> AICall:
    """The call as it is written down, with the most it can cost. Raises OutOfBudget when that is more than is left."""
    with_bytes, exact = _most_by_bytes(request), None
    left = budgets.standing(owner_id).left
    if left is not None and (with_bytes is None or with_bytes > left):
        # Asking how many tokens they are costs nothing, but takes a call of its own: only where it decides.
        exact = _most_by_count(provider, request)
    with transaction.atomic():
        budgets.lock(owner_id)
        reserve = exact if exact is not None else with_bytes
        _refuse_beyond(budgets.standing(owner_id), reserve, request.model)
        return AICall.objects.create(
            owner_id=owner_id, provider=provider.name, model=request.model, reserved=reserve, **columns
        )


def reserve_batch(
    provider: Provider, requests: Mapping[UUID, Request], *, job: int, owner: int, batch: UUID, fence: int
) -> None:
    """Writes down a call for each request of a batch, all of them or none: those of a batch cost half.

    Raises OutOfBudget when what all can cost at most is more than is left.
    """
    breaker.pass_through(provider.name)
    most = {subject: _most_by_bytes(request, batch=True) for subject, request in requests.items()}
    left = budgets.standing(owner).left
    if left is not None and (None in most.values() or sum(filter(None, most.values())) > left):
        most = {subject: _most_by_count(provider, request, batch=True) for subject, request in requests.items()}
    with transaction.atomic():
        budgets.lock(owner)
        known = [reserve for reserve in most.values() if reserve is not None]
        whole = sum(known, Decimal(0)) if len(known) == len(most) else None
        _refuse_beyond(budgets.standing(owner), whole, next(iter(requests.values())).model)
        common = {"job_id": job, "owner_id": owner, "provider": provider.name, "batch": batch, "fence": fence}
        AICall.objects.bulk_create(
            AICall(subject=subject, step=BATCH_STEP, model=request.model, reserved=most[subject], **common)
            for subject, request in requests.items()
        )


def settle_batched(subject: UUID, batch: UUID, outcome: Result | errors.ModelError, *, used: bool = True) -> None:
    """Books what came back for one request of a batch. Called in the transaction that saves it."""
    call = AICall.objects.filter(batch=batch, subject=subject, state=CallState.INTENT).first()
    if call is None:
        return
    if isinstance(outcome, errors.ModelError):
        _close(call, outcome)
    else:
        _answered(AICall.objects.filter(pk=call.pk), outcome, CallState.ANSWERED if used else CallState.DISCARDED)


def give_back(batch: UUID) -> None:
    """Nothing of this batch was sent, or what is left of it was called off: what is held for it is free again."""
    calls = AICall.objects.filter(batch=batch, state=CallState.INTENT)
    calls.update(state=CallState.FAILED, reserved=None, error_code="called_off", answered_at=Now())


def lose_rest(batch: UUID) -> None:
    """What came back without these: they may have been charged."""
    AICall.objects.filter(batch=batch, state=CallState.INTENT).update(state=CallState.AMBIGUOUS)


def _most_by_count(provider: Provider, request: Request, *, batch: bool = False) -> Decimal | None:
    counted = round(provider.count(request) * COUNT_MARGIN)
    return prices.most(request.model, counted, request.max_tokens, batch=batch)


def _most_by_bytes(request: Request, *, batch: bool = False) -> Decimal | None:
    """What it can cost at most: no token is shorter than a byte."""
    texts = (sentence.text for source in request.sources for sentence in source.sentences)
    asked = [request.instruction, *request.labels, str(request.fields)]
    sent = sum(len(text.encode()) for text in [*texts, *asked]) + PROMPT_BYTES
    return prices.most(request.model, sent, request.max_tokens, batch=batch)


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


def supersede(*, subject: UUID, steps: Sequence[int]) -> None:
    """What was answered at these steps is of no use any more, because the text has changed: it was paid for all the
    same."""
    answered = AICall.objects.filter(subject=subject, step__in=steps, state=CallState.ANSWERED)
    answered.update(state=CallState.DISCARDED)


@contextmanager
def booked_anyway(result: Result, *, subject: UUID, fence: int) -> Iterator[None]:
    """An answer that came is paid for, even when what is made of it cannot be saved."""
    try:
        yield
    except BaseException:
        _book(result, CallState.DISCARDED, subject=subject, fence=fence)
        raise


def _book(result: Result, state: CallState, *, subject: UUID, fence: int) -> None:
    calls = AICall.objects.filter(subject=subject, fence=fence, batch=None, state=CallState.INTENT)
    _answered(calls, result, state)


def _answered(calls: QuerySet[AICall], result: Result, state: CallState) -> None:
    batch = calls.exclude(batch=None).exists()
    calls.update(
        state=state,
        model=result.model[:100],
        request_id=result.request_id[:100],
        answered_at=Now(),
        **_charge(result.model, result.usage, batch=batch),
    )


def _give_up_earlier(subject: UUID) -> None:
    """An intent without an answer is a worker that died while waiting: it may have been charged."""
    AICall.objects.filter(subject=subject, batch=None, state=CallState.INTENT).update(state=CallState.AMBIGUOUS)


def _close(call: AICall, error: errors.ModelError) -> None:
    """A refusal may have been charged all the same: then the error knows what was used."""
    is_lost = isinstance(error, errors.Ambiguous)
    AICall.objects.filter(pk=call.pk).update(
        state=CallState.AMBIGUOUS if is_lost else CallState.FAILED,
        reserved=F("reserved") if is_lost else None,
        error_code=error.code,
        request_id=error.request_id,
        answered_at=Now(),
        **(_charge(call.model, error.usage, batch=call.batch is not None) if error.usage else {}),
    )


def _charge(model: str, usage: Usage, *, batch: bool) -> dict[str, Any]:
    """The columns of what was used and what it costs."""
    return asdict(usage) | {"cost": prices.cost(model, usage, batch=batch), "price_version": prices.VERSION}
