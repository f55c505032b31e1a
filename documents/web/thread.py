"""A conversation as it is shown: questions and answers, whose marks are numbered on through all of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from documents.models import Citation, Conversation, Document, Job, JobKind, JobState, Message
from documents.models.conversations import UNANSWERED
from documents.sweeps.coverage import Coverage, cost_of, coverage_of, may_cost_more
from documents.web import results
from documents.web.reader import Cited
from documents.web.results import Parted
from documents.web.statements import Quote, Statement, alike

MOST_TURNS = 50
GONE = "its document is no longer here"


@dataclass(frozen=True, slots=True)
class Mark(Quote):
    """The words in a document that a statement of an answer rests on; `ordinal` is the citation's in its message.

    `old` says that the document was read again since, so the words may no longer stand there.
    """

    ordinal: int = 0
    end: int = 0
    document: UUID | None = None
    title: str = ""
    place: str = ""
    old: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer. `first` counts the marks of the turns before; `waits` says what it waits for."""

    message: Message
    statements: tuple[Statement, ...] = ()
    first: int = 0
    waits: str = ""
    cost: Decimal | None = None
    may_cost_more: bool = False
    coverage: Coverage | None = None

    @property
    def sentence(self) -> str:
        """What the documents say taken together, when each of them was asked."""
        told: dict[str, Any] = (self.message.result or {}).get("coverage", {})
        return str(told.get("sentence", ""))

    @property
    def verified(self) -> int:
        return sum(statement.verified for statement in self.statements)

    @property
    def answered(self) -> bool:
        return bool((self.message.result or {}).get("answered"))

    @property
    def made_by(self) -> str:
        return results.made_by(self.message)

    @property
    def is_local(self) -> bool:
        return self.message.provider == results.LOCAL

    @property
    def tokens(self) -> tuple[int, int]:
        """Read, those kept ready among them, and written."""
        usage = self.message.usage or {}
        read = ("input_tokens", "cache_read_tokens", "cache_write_tokens")
        return sum(usage.get(name, 0) for name in read), usage.get("output_tokens", 0)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Every mark once, in the order of their numbers."""
        found = {quote.number: quote for one in self.statements for quote in one.quotes if isinstance(quote, Mark)}
        return tuple(found[number] for number in sorted(number for number in found if number))

    @property
    def changed(self) -> tuple[str, ...]:
        """The titles of cited documents that were read again since."""
        return tuple(dict.fromkeys(mark.title for mark in self.marks if mark.old))

    @property
    def sources(self) -> tuple[tuple[str, int], ...]:
        """The documents cited, by title, with how many marks lead there."""
        counts: dict[tuple[UUID | None, str], int] = {}
        for mark in self.marks:
            counts[mark.document, mark.title] = counts.get((mark.document, mark.title), 0) + 1
        return tuple((title, count) for (_, title), count in counts.items())


def turns(conversation: Conversation) -> tuple[Turn, ...]:
    """The latest of them, oldest first."""
    latest = list(conversation.messages.order_by("-ordinal").prefetch_related("citations")[:MOST_TURNS])[::-1]
    return tuple(_numbered(conversation, latest))


def turn(message: Message, *, first: int) -> Turn:
    """One of them alone."""
    return _turn(message, first, _digests([message]))


def _numbered(conversation: Conversation, messages: Sequence[Message]) -> Iterator[Turn]:
    first, digests = 0, _digests(messages)
    for message in messages:
        message.conversation = conversation
        found = _turn(message, first, digests)
        yield found
        first += len(found.marks)


def _digests(messages: Iterable[Message]) -> dict[UUID, str]:
    """The text that each cited document has now; of those in the bin there is none."""
    cited = {one.document_id for message in messages for one in message.citations.all() if one.document_id}
    return dict(Document.objects.out_of_bin().filter(pk__in=cited).values_list("pk", "content_sha256"))


def _turn(message: Message, first: int, digests: dict[UUID, str]) -> Turn:
    coverage = coverage_of(message.pk) if message.of_each else None
    if message.status in UNANSWERED:
        return Turn(message, first=first, waits="" if coverage else waits_for(message), coverage=coverage)
    if message.result is None:
        return Turn(message, first=first, coverage=coverage)
    here = [one for one in message.citations.all() if one.document_id is None or one.document_id in digests]
    citations = {citation.ordinal: citation for citation in here}
    claims = [claim for claim in (message.result or {}).get("claims", []) if claim["text"].strip()]
    numbers = _numbers(claims, citations, first)
    marks = {ordinal: _mark(one, numbers.get(ordinal), message, digests) for ordinal, one in citations.items()}
    statements = tuple(_statement(number, claim, marks) for number, claim in enumerate(claims, start=1))
    return Turn(message, statements, first, "", cost_of(message), may_cost_more(message), coverage)


def waits_for(message: Message) -> str:
    """Why an answer is put off, in words; nothing while it is under way."""
    owed = Job.objects.filter(kind=JobKind.ANSWER, subject=message.pk, state=JobState.QUEUED)
    return owed.values_list("error", flat=True).first() or ""


def _numbers(claims: Iterable[dict[str, Any]], citations: dict[int, Citation], first: int) -> dict[int, int]:
    """The number of each verified citation's mark, as they come; the same words share one."""
    numbers: dict[int, int] = {}
    by_words: dict[tuple[Any, ...], int] = {}
    for ordinal in (ordinal for claim in claims for ordinal in claim["citations"]):
        one = citations.get(ordinal)
        if one is not None and one.verified and one.document_id:
            words = (one.document_id, one.start, one.end)
            numbers[ordinal] = by_words.setdefault(words, first + len(by_words) + 1)
    return numbers


def _mark(citation: Citation, number: int | None, message: Message, digests: dict[UUID, str]) -> Mark:
    current = digests.get(citation.document_id) if citation.document_id else None
    mark = Mark(
        number=number,
        text=citation.quote,
        page=citation.page,
        start=citation.start or 0,
        ordinal=citation.ordinal,
        end=citation.end or 0,
        document=citation.document_id,
        title=citation.title,
        place=citation.anchor or (f"Page {citation.page}" if citation.page else ""),
        old=current is not None and current != citation.text_sha256,
    )
    return replace(mark, href=_address(mark, message)) if number else mark


def _address(mark: Mark, message: Message) -> str:
    """Of its words in the reader, beside the conversation."""
    reader = f"{reverse('documents:document', args=[mark.document])}?conversation={message.conversation_id}"
    if mark.old:
        return reader
    far = f"&at={mark.start}-{mark.end}" if mark.start > results.FAR_CHARACTERS else ""
    return f"{reader}{far}#cite-{mark.number}"


def _statement(number: int, claim: dict[str, Any], marks: dict[int, Mark]) -> Statement:
    cited = dict.fromkeys(claim["citations"])
    quotes = tuple(
        replace(marks[ordinal], same=alike(marks[ordinal].text, claim["text"])) for ordinal in cited if ordinal in marks
    )
    doubt = claim.get("doubt", "") or ("" if quotes or not cited else GONE)
    return Statement(number, claim["text"].rstrip().lstrip(" "), claim.get("label", ""), None, quotes, doubt)


def cited_in(document: UUID, turns: Iterable[Turn]) -> list[Cited]:
    """The words in this document, as it is now, that the answers rest on."""
    marks = (mark for turn in turns for mark in turn.marks if mark.document == document and not mark.old)
    return [Cited(mark.number, mark.start, mark.end) for mark in marks if mark.number]


def link(turns: Iterable[Turn], text: Parted, document: UUID, conversation: UUID) -> tuple[Turn, ...]:
    """The turns with the marks of this document leading to their words on the same page."""
    seen: set[int | None] = set()

    def linked(quote: Quote) -> Quote:
        if not isinstance(quote, Mark) or not quote.number or quote.document != document or quote.old:
            return quote
        leads = quote.number not in seen
        seen.add(quote.number)
        part = text.part_of(quote.start)
        elsewhere = "" if part == text.part else f"?conversation={conversation}&part={part}"
        return replace(quote, href=f"{elsewhere}#cite-{quote.number}", leads=leads)

    return tuple(_with_marks(turn, linked) for turn in turns)


def lead(turn: Turn) -> Turn:
    """The turn with the first mark of each number being the one to come back to."""
    seen: set[int | None] = set()

    def led(quote: Quote) -> Quote:
        leads = quote.number is not None and quote.number not in seen
        seen.add(quote.number)
        return replace(quote, leads=leads)

    return _with_marks(turn, led)


def _with_marks(turn: Turn, change: Callable[[Quote], Quote]) -> Turn:
    statements = (replace(one, quotes=tuple(change(quote) for quote in one.quotes)) for one in turn.statements)
    return replace(turn, statements=tuple(statements))
