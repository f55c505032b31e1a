"""Questions that are asked of each document: whether one is, what it would cost, begun, stopped and gone on with."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Func, IntegerField, Q
from django.db.models.functions import Length, Lower
from django.utils import timezone

from documents import answers, jobs, ledger, providers, streams
from documents.actions.owing import owe_again, owe_each
from documents.actions.refusal import Refusal
from documents.ai import sweeping
from documents.models import (
    Analysis,
    AnalysisStatus,
    Conversation,
    Examination,
    JobKind,
    Message,
    MessageStatus,
    Status,
)
from documents.models.conversations import UNANSWERED
from documents.models.document import DocumentQuerySet
from documents.models.results import OPEN
from documents.search.scope import Scope
from documents.sweeps.conclusion import conclude
from documents.values import Task

MOST_IN_A_SWEEP = 1_000
# Of what one document says to the question.
MAX_TOKENS = 1_024
# Of a passage, as it is cut.
USUAL_PASSAGE_CHARACTERS = 630


@dataclass(frozen=True, slots=True)
class Way:
    """How a question is answered: asked of each document, or of the best passages though only each could tell."""

    of_each: bool = False
    suggests_sweep: bool = False


@dataclass(frozen=True, slots=True)
class AskEstimate:
    """What a question would cost in US dollars, about and at most; None where the price is not known. `sweep`: asked of
    each of the `documents`, as was wanted or as its wording asks for; `unreadable` ones of them have no text."""

    sweep: bool
    documents: int
    unreadable: int
    tokens: int
    cost: Decimal | None
    most: Decimal | None


def way(question: str, scope: Scope, sweep: bool | None) -> Way:
    """As was wanted; else by the wording, but never so that it costs more than was asked for."""
    if sweep is not None:
        return Way(of_each=sweep)
    if not sweeping.asks_of_each(question):
        return Way()
    documents = scope.documents.count()
    if documents < 2:
        return Way()
    is_free = not providers.provider().capabilities.charges
    of_each = is_free and documents <= MOST_IN_A_SWEEP
    return Way(of_each=of_each, suggests_sweep=not of_each)


def estimate_ask(*, question: str, scope: Scope, sweep: bool | None = None, model: str = "") -> AskEstimate:
    """What it would cost, before it is asked. A question whose wording asks for a sweep is estimated as one."""
    wanted = way(question, scope, sweep)
    of_each = wanted.of_each or wanted.suggests_sweep
    documents = scope.documents.count()
    if of_each:
        _refuse_too_many(documents)
    ready = scope.documents.filter(status=Status.READY)
    whole = _cost_of_each(ready, model) if of_each else _cost_of_one(model)
    is_free = not providers.provider().capabilities.charges
    cost, most = (whole.about, whole.most) if whole.known else (None, None)
    return AskEstimate(
        sweep=of_each,
        documents=documents,
        unreadable=documents - ready.count(),
        tokens=0 if is_free else whole.tokens,
        cost=Decimal(0) if is_free else cost,
        most=Decimal(0) if is_free else most,
    )


def _cost_of_each(ready: DocumentQuerySet, model: str) -> ledger.Estimate:
    provider = providers.provider()
    model = model or provider.default_model
    size = Func("content", function="octet_length", output_field=IntegerField())
    sizes = ready.order_by().annotate(characters=Length("content"), bytes=size).values_list("characters", "bytes")
    window = provider.window(model)
    each = [ledger.estimate(model, characters, size, MAX_TOKENS, window=window) for characters, size in sizes]
    return sum(each, ledger.Estimate())


def _cost_of_one(model: str) -> ledger.Estimate:
    """Of an answer from the best passages."""
    provider = providers.provider()
    model, characters = model or provider.default_model, answers.PASSAGES * USUAL_PASSAGE_CHARACTERS
    return ledger.estimate(model, characters, characters, answers.MAX_TOKENS, window=provider.window(model))


def _refuse_too_many(documents: int) -> None:
    if documents > MOST_IN_A_SWEEP:
        raise Refusal(
            f"These are {documents:,} documents; up to {MOST_IN_A_SWEEP:,} can be asked one by one. Ask about a "
            "collection or chosen documents, or have it answered from the best passages.",
            code="too_many",
        )


def begin(message: Message, scope: Scope) -> None:
    """The ledger's entries and the jobs of all documents of the scope. Called in the transaction that asks."""
    _refuse_too_many(scope.documents.count())
    # Locked, so that none is deleted before all of it is written down.
    documents = scope.documents.select_for_update(no_key=True, of=("self",)).order_by(Lower("title"), "pk")
    rows = list(documents.values_list("pk", "title", "status"))
    asked = {pk: _examining(message, pk, title) for pk, title, status in rows if status == Status.READY}
    Analysis.objects.bulk_create(asked.values(), batch_size=500)
    Examination.objects.bulk_create(
        (
            Examination(message=message, ordinal=ordinal, document_id=pk, title=title, analysis=asked.get(pk))
            for ordinal, (pk, title, _) in enumerate(rows)
        ),
        batch_size=500,
    )
    owe_each(message.owner.pk, list(asked.values()))


def _examining(message: Message, document: UUID, title: str) -> Analysis:
    columns = {"task": Task.INSTRUCTION, "instruction": message.question, "max_tokens": MAX_TOKENS}
    return Analysis(owner_id=message.owner.pk, document_id=document, title=title, model=message.model, **columns)


@transaction.atomic
def halt(message: Message) -> bool:
    """Stops asking; what was found so far becomes the answer. False when it had already ended."""
    rows = Message.objects.select_for_update(no_key=True).filter(pk=message.pk, status__in=UNANSWERED)
    if not rows.exists():
        return False
    asked = Analysis.objects.filter(examination__message=message, status__in=OPEN)
    jobs.cancel(message.pk, *asked.values_list("pk", flat=True))
    asked.update(status=AnalysisStatus.CANCELLED, finished_at=timezone.now())
    conclude(message).save(message, MessageStatus.CANCELLED)
    return True


@transaction.atomic
def resume(message: Message) -> None:
    """Asks the documents that were not asked, and none that were."""
    ended = Message.objects.select_for_update(no_key=True).filter(pk=message.pk).exclude(status__in=UNANSWERED)
    missed = Examination.objects.filter(message=message).select_related("analysis", "document")
    again = [one for one in missed.filter(_missed(), document__deleted_at=None) if one.document]
    is_done = ended.filter(status=MessageStatus.DONE).exists()
    if not ended.exists() or (is_done and not again):
        raise Refusal("This question is answered, or is being answered.", code="not_ended", status=409)
    columns = {"text": "", "result": None, "error": "", "error_code": "", "finished_at": None}
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.QUEUED, **columns)
    owe_again(JobKind.ANSWER, message)
    owe_each(message.owner.pk, [_again(message, one) for one in again])


def _missed() -> Q:
    """What failed or was stopped, and what could not be read but can now."""
    ended = Q(analysis__status__in=(AnalysisStatus.FAILED, AnalysisStatus.CANCELLED))
    return ended | Q(analysis=None, document__status=Status.READY)


def _again(message: Message, examination: Examination) -> Analysis:
    analysis = examination.analysis
    if analysis is None:
        assert examination.document_id is not None
        analysis = _examining(message, examination.document_id, examination.title)
        analysis.save(force_insert=True)
        Examination.objects.filter(pk=examination.pk).update(analysis=analysis)
        return analysis
    rows = Analysis.objects.filter(pk=analysis.pk)
    rows.update(status=AnalysisStatus.QUEUED, progress=0, error="", error_code="", finished_at=None)
    transaction.on_commit(partial(streams.clear, analysis.pk), robust=True)
    return analysis


def forget(conversation: Conversation) -> None:
    """Removes what documents were asked for its questions."""
    asked = Analysis.objects.filter(examination__message__conversation=conversation)
    jobs.cancel(*asked.filter(status__in=OPEN).values_list("pk", flat=True))
    asked.delete()
