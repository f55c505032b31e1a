"""What a question begins with: its words, what it is about, and the conversations so far."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Count, Prefetch
from django.http import QueryDict

from accounts.models import User
from documents import actions, providers
from documents.actions import AskEstimate
from documents.models import Collection, Conversation, Document, Message, ScopeKind, Status
from documents.web.choosing import ALL, COLLECTION, MOST_COLLECTIONS, PICKED, SourcesForm, with_ready
from documents.web.forms import PersonForm

PAGE_SIZE = 20
MOST_PAGES = 500
NAMED = 3


class QuestionForm(PersonForm):
    """A question, and the model that is to answer it. `key` is of the asking: what is sent twice is asked once."""

    question = forms.CharField(required=False)
    model = forms.ChoiceField(required=False, error_messages={"invalid_choice": "There is no such model here."})
    key = forms.UUIDField(required=False)
    sweep = forms.BooleanField(required=False)
    confirmed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["model"].choices = [(name, name) for name in providers.models()]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        """As the action takes it. Another question under the same key, after a step back, is another question."""
        question: str = self.cleaned_data["question"]
        key, sweep = self.cleaned_data["key"] or uuid.uuid4(), self.cleaned_data["sweep"] or None
        named = uuid.uuid5(key, f"{question}\n{sweep}" if sweep else question)
        return {"question": question, "model": self.cleaned_data["model"], "key": named, "sweep": sweep}

    def forecast(self, **about: Any) -> AskEstimate | None:
        """What it would cost to ask each document, where that has to be agreed to first."""
        is_agreed = self.cleaned_data["confirmed"] or not providers.provider().capabilities.charges
        if is_agreed or not self.cleaned_data["sweep"]:
            return None
        asked = {name: value for name, value in self.asked.items() if name != "key"}
        return actions.estimate_ask(person=self.person, **about, **asked)


class AskForm(SourcesForm, QuestionForm):
    """The first question of a conversation, and what it is about."""

    @property
    def over(self) -> actions.Over:
        match self.cleaned_data["source"]:
            case "picked":
                return actions.Over(documents=self.cleaned_data["document"])
            case "collection":
                return actions.Over(collection=self.cleaned_data["collection"])
            case _:
                return actions.Over()


@dataclass(frozen=True, slots=True)
class Composer:
    """The box for a question: what stands in it, why it was not taken, and the models to choose from. `forecast` is
    what asking each document would cost, when that is to be agreed to."""

    question: str = ""
    model: str = ""
    trouble: str = ""
    sweep: bool = False
    forecast: AskEstimate | None = None
    models: Sequence[str] = field(default_factory=providers.models)
    key: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a new conversation is about, as far as it is filled in, and what can be chosen."""

    source: str
    collection: str
    title: str
    collections: Sequence[Collection]
    ready: int


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A conversation in the list: what it is about, in words, and how many questions it has."""

    conversation: Conversation
    about: str
    questions: int


@dataclass(frozen=True, slots=True)
class Threads:
    """One page of them, the latest first."""

    rows: Sequence[ThreadRow]
    words: str
    page: int
    has_more: bool

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def following(self) -> int:
        return self.page + 1 if self.has_more else 0


def composer(data: QueryDict, *, trouble: str = "", forecast: AskEstimate | None = None) -> Composer:
    return Composer(data.get("question", ""), data.get("model", ""), trouble, bool(data.get("sweep")), forecast)


def choice(person: User, data: QueryDict) -> Choice:
    default = PICKED if data.getlist("document") else COLLECTION if data.get("collection") else ALL
    return Choice(
        source=data.get("source", default),
        collection=data.get("collection", ""),
        title=data.get("title", ""),
        collections=list(with_ready(Collection.objects.visible_to(person))[:MOST_COLLECTIONS]),
        ready=Document.objects.visible_to(person).filter(status=Status.READY).count(),
    )


def trouble(form: forms.Form) -> str:
    """What is wrong with a form, in one sentence."""
    return str(next(iter(form.errors.values()))[0])


def threads(person: User, *, words: str, page: str) -> Threads:
    """The conversations with these words in their title or a question."""
    number = min(max(int(page), 1), MOST_PAGES) if page.isdecimal() and len(page) < 7 else 1
    first = (number - 1) * PAGE_SIZE
    words = words.replace("\x00", "")[:200]
    mine = Conversation.objects.visible_to(person).mentioning(words)
    keys = list(mine.values_list("pk", flat=True)[first : first + PAGE_SIZE + 1])
    return Threads(_rows(keys[:PAGE_SIZE]), words, number, len(keys) > PAGE_SIZE)


def about_document(person: User, document: uuid.UUID) -> Sequence[ThreadRow]:
    """The latest conversations that are about this document among few."""
    mine = Conversation.objects.visible_to(person).filter(documents=document)
    return _rows(list(mine.values_list("pk", flat=True)[:PAGE_SIZE]))


def _rows(keys: Sequence[uuid.UUID]) -> list[ThreadRow]:
    slim = Prefetch("documents", queryset=Document.objects.only("title", "deleted_at"))
    found = Conversation.objects.filter(pk__in=keys).select_related("collection").prefetch_related(slim)
    counts = Message.objects.filter(conversation__in=keys).order_by().values_list("conversation").annotate(Count("pk"))
    questions = dict(counts)
    return [ThreadRow(one, about(one), questions.get(one.pk, 0)) for one in found]


def about(conversation: Conversation) -> str:
    """What a conversation is about, in words."""
    if conversation.kind == ScopeKind.EVERYTHING:
        return "All your documents"
    if conversation.kind == ScopeKind.COLLECTION:
        return f"Collection “{conversation.collection.name}”" if conversation.collection else "A deleted collection"
    titles = [document.title for document in conversation.documents.all() if document.deleted_at is None]
    if not titles:
        return "Deleted documents"
    return ", ".join(f"“{title}”" for title in titles) if len(titles) < NAMED else f"{len(titles)} documents"
