"""Asking documents: a question, its answer, and the conversations they stand in."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from documents import answers, jobs, providers, streams
from documents.actions import sweeping
from documents.actions.owing import owe, owe_again
from documents.actions.refusal import Refusal
from documents.models import Collection, Conversation, Document, JobKind, Message, MessageStatus, ScopeKind
from documents.models.conversations import MOST_CHARACTERS, UNANSWERED
from documents.search.scope import Scope

MOST_DOCUMENTS = 1_000


@dataclass(frozen=True, slots=True)
class Over:
    """What a new conversation is about: these documents, a collection, or, with neither, all that a person may see."""

    documents: tuple[UUID, ...] = ()
    collection: Collection | None = None


def ask(
    *,
    person: User,
    question: str,
    over: Over | None = None,
    conversation: Conversation | None = None,
    model: str = "",
    key: UUID | None = None,
    sweep: bool | None = None,
) -> Message:
    """Asks, in a conversation or in a new one. The same `key` in the same conversation, or in a new one, asks once.

    `sweep` asks each document by itself; None leaves that to the wording of the question, as long as it costs nothing.
    """
    question = " ".join(question.replace("\x00", "").split())
    _refuse_question(question)
    _refuse_model(model)
    key = key or uuid.uuid4()
    try:
        return _ask(_Asking(person, question, model, key, sweep), over or Over(), conversation)
    except IntegrityError:
        thread = conversation.pk if conversation else _identity(person, key)
        asked = Message.objects.visible_to(person).filter(conversation=thread, key=key).first()
        if asked is None:
            raise
        return asked


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question as it was put."""

    person: User
    question: str
    model: str
    key: UUID
    sweep: bool | None


def _refuse_question(question: str) -> None:
    if not any(sign.isalnum() for sign in question):
        raise Refusal("There is no question. Write what you want to know.", code="empty_question")
    if len(question) > MOST_CHARACTERS:
        raise Refusal(
            f"A question has at most {MOST_CHARACTERS:,} characters. Put what is longer in as a document and ask "
            "about that.",
            code="question_too_long",
        )


def _refuse_model(model: str) -> None:
    known = providers.models()
    if model and model not in known:
        raise Refusal(f"There is no such model here. Choose one of {', '.join(known)}.", code="unknown_model")


@transaction.atomic
def _ask(asking: _Asking, over: Over, conversation: Conversation | None) -> Message:
    if conversation is None:
        # Nobody else knows of it yet.
        return _put(asking, _open(asking.person, asking.question, over, asking.key), 0)
    # One question of a thread is numbered at a time.
    thread = Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
    asked = Message.objects.filter(conversation=thread, key=asking.key).first()
    if asked is not None:
        return asked
    Conversation.objects.filter(pk=thread.pk).update(updated_at=timezone.now())
    return _put(asking, thread, Message.objects.filter(conversation=thread).count())


def _put(asking: _Asking, thread: Conversation, number: int) -> Message:
    """The question in its thread, and what answers it."""
    scope = answers.scope_of(thread)
    way = sweeping.way(asking.question, scope, asking.sweep)
    message = Message.objects.create(
        conversation=thread,
        ordinal=number,
        key=asking.key,
        question=asking.question,
        model=asking.model,
        of_each=way.of_each,
        suggests_sweep=way.suggests_sweep,
    )
    owe(JobKind.ANSWER, message)
    if way.of_each:
        sweeping.begin(message, scope)
    return message


def estimate_ask(
    *,
    person: User,
    question: str,
    over: Over | None = None,
    conversation: Conversation | None = None,
    model: str = "",
    sweep: bool | None = None,
) -> sweeping.AskEstimate:
    """What a question would cost, before it is asked; refused for the same reasons."""
    question = " ".join(question.replace("\x00", "").split())
    _refuse_question(question)
    scope = answers.scope_of(conversation) if conversation else _scope(person, over or Over())
    return sweeping.estimate_ask(question=question, scope=scope, sweep=sweep, model=model)


def _scope(person: User, over: Over) -> Scope:
    everything = Scope.of(person)
    if over.documents:
        return everything.within(one.pk for one in _documents(person, over.documents))
    return everything.within_collection(over.collection.pk) if over.collection else everything


def _identity(person: User, key: UUID) -> UUID:
    """Of the conversation that begins with this key: a double click opens one."""
    return uuid.uuid5(key, str(person.pk))


def _open(person: User, question: str, over: Over, key: UUID) -> Conversation:
    kind = ScopeKind.DOCUMENTS if over.documents else ScopeKind.COLLECTION if over.collection else ScopeKind.EVERYTHING
    about = {"title": question[:200], "kind": kind, "collection": over.collection}
    thread = Conversation.objects.create(id=_identity(person, key), owner=person, **about)
    if over.documents:
        thread.documents.set(_documents(person, over.documents))
    return thread


def _documents(person: User, wanted: Sequence[UUID]) -> list[Document]:
    if len(set(wanted)) > MOST_DOCUMENTS:
        raise Refusal(f"Choose up to {MOST_DOCUMENTS:,} documents, or a collection.", code="too_many")
    found = list(Document.objects.visible_to(person).filter(pk__in=wanted).only("pk"))
    if len(found) != len(set(wanted)):
        raise Refusal("Some of these documents are not there. Look them up again.", code="unknown_document")
    return found


def stop(*, message: Message) -> bool:
    """Stops an answer; what was written or found stays. False when it had already ended."""
    stopped = sweeping.halt(message) if message.of_each else _stop(message)
    if stopped:
        streams.publish(message.pk, "cancelled", status=MessageStatus.CANCELLED)
    return stopped


@transaction.atomic
def _stop(message: Message) -> bool:
    jobs.cancel(message.pk)
    unanswered = Message.objects.filter(pk=message.pk, status__in=UNANSWERED)
    return bool(unanswered.update(status=MessageStatus.CANCELLED, finished_at=timezone.now()))


@transaction.atomic
def ask_again(*, message: Message) -> None:
    """Answers a question once more that failed or was stopped. A sweep goes on with the documents it did not reach."""
    if message.of_each:
        sweeping.resume(message)
        return
    ended = (MessageStatus.FAILED, MessageStatus.CANCELLED)
    rows = Message.objects.filter(pk=message.pk, status__in=ended)
    if not rows.update(status=MessageStatus.QUEUED, text="", error="", error_code="", finished_at=None):
        raise Refusal("This question is answered, or is being answered.", code="not_ended", status=409)
    owe_again(JobKind.ANSWER, message)


def rename_conversation(*, conversation: Conversation, title: str) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(title=" ".join(title.split())[:200] or "Untitled")


def forget_conversation(*, conversation: Conversation) -> None:
    """Removes the questions and their answers; whoever is at one finds out."""
    with transaction.atomic():
        jobs.cancel(*conversation.messages.values_list("pk", flat=True))
        sweeping.forget(conversation)
        conversation.delete()
