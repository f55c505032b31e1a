"""An answer: passages of a scope → the provider, streamed → citations held against the text → saved with its cost.

What comes is told to whoever watches at once, and written into the row every half second: a tab that is closed stops
nothing, and what a restart cuts off is still in the row.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils import timezone

from documents import drafts, evidence, jobs, ledger, providers, questions, streams
from documents.ai import citations
from documents.ai.errors import NothingToRead
from documents.ai.protocol import (
    Claim,
    Delta,
    Provider,
    Reference,
    Request,
    Result,
    Sentence,
    Source,
    StopReason,
    Usage,
)
from documents.asker import Asker
from documents.models import Citation, Conversation, Document, Job, JobState, Message, MessageStatus, ScopeKind, Status
from documents.search.pages import FoundPages, find_pages
from documents.search.passages import Hit
from documents.search.query import Query
from documents.search.scope import Scope
from documents.sweeps import watching
from documents.values import CheckedCitation, CheckedResult, Task

# A model that writes is given the best pages, by about two passages each: some 3,500 tokens. Twelve passages hold a
# sixth less of the evidence (docs/search.md).
PAGES, PASSAGES = 10, 20
MAX_TOKENS = 2_048
# Of the conversation so far, what a follow-up question may point at.
EARLIER_QUESTIONS, EARLIER_CHARACTERS = 3, 1_500
# A shorter question hardly says by itself what it is about.
TELLING_WORDS = 8

NOTHING_TO_READ = (
    "There is no document with a text to answer from. Put one in, choose others, or wait until they are read."
)


def run(held: jobs.Held) -> list[Job]:
    """Answers the question and saves the answer, once. One that is asked of each document waits for these."""
    message = Message.objects.select_related("conversation__owner").filter(pk=held.subject).first()
    if message is None:
        jobs.drop(held)
        return []
    if message.of_each:
        return watching.step(held, message)
    _Answering(held, message, providers.provider()).run()
    return []


def fail(held: jobs.Held, *, state: JobState, code: str, message: str) -> None:
    """The question cannot be answered: whoever asked learns why; what was written stays."""
    with jobs.ending(held, state, error=message):
        Message.objects.filter(pk=held.subject).update(
            status=MessageStatus.FAILED, error_code=code, error=message[:500], finished_at=timezone.now()
        )
    streams.publish(held.subject, "error", status=MessageStatus.FAILED, code=code, detail=message)


def scope_of(conversation: Conversation) -> Scope:
    """What its owner may see of what the conversation is about."""
    everything = Scope.of(conversation.owner)
    if conversation.kind == ScopeKind.DOCUMENTS:
        return everything.within(conversation.documents.values_list("pk", flat=True))
    if conversation.kind == ScopeKind.COLLECTION:
        return everything.within_collection(conversation.collection_id or 0)
    return everything


def read_for(scope: Scope, question: str) -> FoundPages:
    """What a model that writes is given of a scope to answer from."""
    return find_pages(scope, Query(words=question), pages=PAGES, passages=PASSAGES)


class _Answering:
    """One question on its way to its answer."""

    def __init__(self, held: jobs.Held, message: Message, provider: Provider) -> None:
        self.held = held
        self.message = message
        self.provider = provider
        self.scope = scope_of(message.conversation)

    def run(self) -> None:
        readable = self.scope.documents.filter(status=Status.READY).count()
        # Told before it is written: a commit takes as long as all that was done so far.
        streams.publish(self.message.pk, "status", status=MessageStatus.RUNNING, documents=readable)
        ours = Message.objects.filter(jobs.fenced(self.held), pk=self.message.pk)
        if not ours.update(status=MessageStatus.RUNNING, text=""):
            raise jobs.Lost(f"message {self.message.pk}")
        if not readable:
            raise NothingToRead(NOTHING_TO_READ)
        earlier = _earlier(self.message)
        if self.provider.capabilities.writes:
            passages, result = self._written(earlier)
        else:
            passages, result = self._chosen(earlier)
        self._save(passages, result, readable)

    def _written(self, earlier: Sequence[Message]) -> tuple["_Passages", Result]:
        """By a model that writes, from the pages that fit best."""
        words = self.message.question
        if earlier and len(words.split()) < TELLING_WORDS:
            words = f"{earlier[-1].question} {words}"
        passages = _Passages(read_for(self.scope, words).hits)
        self._tell_passages(passages)
        request = Request(
            task=Task.INSTRUCTION,
            sources=passages.sources,
            model=self.message.model or self.provider.default_model,
            max_tokens=MAX_TOKENS,
            instruction=_asked(self.message, earlier),
        )
        telling = _Telling(self.held, passages)
        with drafts.kept.including(telling.draft):
            return passages, Asker(self.held, self.provider).tell(request, telling.tell)

    def _chosen(self, earlier: Sequence[Message]) -> tuple["_Passages", Result]:
        """By the built-in provider: the one sentence that answers, if any does."""
        found = questions.extract(self.scope, self.message.question)
        passages = _Passages([found.hit] if found else [])
        self._tell_passages(passages)
        claims: tuple[Claim, ...] = ()
        if found and found.answers:
            at = found.hit.sentences.index(found.sentence)
            claims = (Claim(found.text, (Reference(0, at, at + 1, found.text),)),)
            _Telling(self.held, passages).tell_all(claims)
        return passages, _by_choice(claims, self.provider)

    def _tell_passages(self, passages: "_Passages") -> None:
        found = [
            {"document": str(hit.document), "title": hit.title, "start": hit.start, "end": hit.end, "pages": hit.pages}
            for hit in passages.hits
        ]
        streams.publish(self.message.pk, "passages", passages=found)

    def _save(self, passages: "_Passages", result: Result, readable: int) -> None:
        with ledger.booked_anyway(result, subject=self.held.subject, fence=self.held.fence):
            checked = passages.still_there(passages.check(result))
            rows = passages.rows(self.message, checked)
            shown = evidence.shown(checked) | {"answered": any(claim.citations for claim in checked.claims)}
            with jobs.ending(self.held):
                Citation.objects.filter(message=self.message).delete()
                Citation.objects.bulk_create(rows)
                ledger.settle(result, subject=self.message.pk, fence=self.held.fence)
                Message.objects.filter(pk=self.message.pk).update(
                    status=MessageStatus.DONE,
                    text=checked.text,
                    result=shown,
                    searched={"documents": readable, "passages": len(passages.hits)},
                    provider=result.provider,
                    model=result.model[:100],
                    prompt_version=result.prompt_version,
                    truncated=result.stop_reason == StopReason.TRUNCATED,
                    usage=asdict(result.usage),
                    finished_at=timezone.now(),
                )
        told = {name: shown[name] for name in ("verified", "total", "answered")}
        streams.publish(self.message.pk, "done", status=MessageStatus.DONE, **told)


def _earlier(message: Message) -> list[Message]:
    """The answered questions before it, oldest first."""
    before = Message.objects.filter(conversation=message.conversation_id, ordinal__lt=message.ordinal)
    return list(before.filter(status=MessageStatus.DONE).order_by("-ordinal")[:EARLIER_QUESTIONS])[::-1]


def _asked(message: Message, earlier: Sequence[Message]) -> str:
    """The question; before it, what was said so far."""
    question = f"Answer this question: {message.question.strip()}"
    if not earlier:
        return question
    said = "\n".join(f"Question: {one.question}\nAnswer: {one.text[:EARLIER_CHARACTERS]}" for one in earlier)
    return f"So far the reader asked, and was told:\n{said}\n\n{question}"


def _by_choice(claims: tuple[Claim, ...], provider: Provider) -> Result:
    return Result(
        claims=claims,
        stop_reason=StopReason.COMPLETE,
        usage=Usage(),
        provider=provider.name,
        model=provider.default_model,
        prompt_version="answer-1",
    )


@dataclass
class _Passages:
    """The passages an answer is made from; as sources their sentences count from the passage's own start."""

    hits: Sequence[Hit]
    sources: tuple[Source, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.sources = tuple(_source(hit) for hit in self.hits)

    def check(self, result: Result) -> CheckedResult:
        """The answer held against the passages, its citations placed in their documents."""
        checked = citations.check(result, self.sources, [hit.text for hit in self.hits])
        return replace(checked, citations=tuple(self._placed(citation) for citation in checked.citations))

    def still_there(self, checked: CheckedResult) -> CheckedResult:
        """The answer without the words of documents that were deleted while it was written: they count for nothing."""
        cited = {self._of(citation) for citation in checked.citations} - {None}
        here = set(Document.objects.filter(pk__in=cited).values_list("pk", flat=True))
        return replace(
            checked,
            citations=tuple(
                replace(one, quote="", verified=False, start=None, end=None)
                if one.verified and self._of(one) not in here
                else one
                for one in checked.citations
            ),
        )

    def _placed(self, citation: CheckedCitation) -> CheckedCitation:
        if citation.start is None or citation.end is None:
            return citation
        offset = self.hits[citation.source].start
        return replace(citation, start=citation.start + offset, end=citation.end + offset)

    def rows(self, message: Message, checked: CheckedResult) -> list[Citation]:
        """Only of documents that are still there."""
        documents = {hit.document for hit in self.hits}
        digests = dict(Document.objects.filter(pk__in=documents).values_list("pk", "content_sha256"))
        places = {
            pk: evidence.Places(pk, digest, [one for one in checked.citations if self._of(one) == pk])
            for pk, digest in digests.items()
        }
        return [
            Citation(
                message=message,
                ordinal=ordinal,
                document_id=document if document in digests else None,
                title=self.hits[citation.source].title if citation.verified else "",
                quote=citation.quote,
                verified=citation.verified,
                start=citation.start,
                end=citation.end,
                text_sha256=digests.get(document, "") if document else "",
                **(places[document].of(citation) if document in places else {}),
            )
            for ordinal, citation in enumerate(checked.citations)
            for document in [self._of(citation)]
        ]

    def _of(self, citation: CheckedCitation) -> Any:
        return self.hits[citation.source].document if citation.verified else None


def _source(hit: Hit) -> Source:
    spans = [(span.start - hit.start, span.end - hit.start) for span in hit.sentences]
    sentences = tuple(Sentence(start, end, hit.text[start:end]) for start, end in spans)
    return Source(str(hit.id), hit.title, sentences)


class _Telling:
    """Tells of an answer as it comes, and keeps its draft. Raises Lost when it was stopped."""

    def __init__(self, held: jobs.Held, passages: _Passages) -> None:
        self.held = held
        self.passages = passages
        self.draft = drafts.Draft(held)
        self.ordinals: dict[CheckedCitation, int] = {}

    def tell(self, piece: Delta | Reference) -> None:
        if isinstance(piece, Delta):
            self.draft.add(piece.text)
            streams.say(self.held.subject, piece.text)
        else:
            self._tell_citation(piece)

    def tell_all(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            self.tell(Delta(claim.text))
            for reference in claim.references:
                self.tell(reference)

    def _tell_citation(self, reference: Reference) -> None:
        checked = self.passages.check(_of_one(reference)).citations[0]
        ordinal = self.ordinals.setdefault(checked, len(self.ordinals))
        document = self.passages.hits[checked.source] if checked.verified else None
        streams.publish(
            self.held.subject,
            "citation",
            at=len(self.draft.text),
            ordinal=ordinal,
            verified=checked.verified,
            quote=checked.quote,
            document=str(document.document) if document else None,
            title=document.title if document else "",
            start=checked.start,
            end=checked.end,
        )


def _of_one(reference: Reference) -> Result:
    claim = Claim("", (reference,))
    return Result((claim,), StopReason.COMPLETE, Usage(), "", "", "")
