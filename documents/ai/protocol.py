"""What is asked of a model and what comes back, whoever answers. No Django, no database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from documents.values import Field as Field
from documents.values import Task as Task

if TYPE_CHECKING:
    from documents.ai.errors import ModelError


# The label of words that state nothing of a document: that it holds nothing of what was asked.
NOTHING = "nothing"


class StopReason(StrEnum):
    """Why a model stopped. Only COMPLETE and TRUNCATED carry a usable text."""

    COMPLETE = "complete"
    TRUNCATED = "truncated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest thing that can be cited: text[start:end] of its source."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A document as a model sees it: its sentences in order. `key` is ours and is never sent."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `labels` only for CLASSIFY, `fields` for EXTRACT, `language` (its English name) for TRANSLATION;
    `max_tokens` bounds the answer (1–8,192). `repair` says what was wrong with an answer that was not in the form asked
    for. `again_soon`: the same sources are about to be sent once more, so keeping them ready is worth its price.
    `of_each`: the instruction is a question to each of many documents, of which the source is one."""

    task: Task
    sources: tuple[Source, ...]
    model: str
    max_tokens: int
    instruction: str = ""
    labels: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    repair: str = ""
    language: str = ""
    again_soon: bool = False
    of_each: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Sentences [first:last) of source number `source`, and the words the model says it cites."""

    source: int
    first: int
    last: int
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer with what it rests on; `label` is its kind (date, amount, a class), if it has one.

    DATES are labelled "date 2026-05-12" or "deadline 2026-05-12" (also a month, 2026-05, or a year), and "deadline"
    alone where it hangs on an event; OBLIGATIONS by who has to do it.

    Joined, the texts of an answer's claims read well: prose keeps the space after a sentence, a list its line ends.
    """

    text: str
    references: tuple[Reference, ...] = ()
    label: str = ""
    score: float | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counts them; the built-in provider counts words and charges nothing."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """An answer. `raw` is kept for the books only and holds no text of the document."""

    claims: tuple[Claim, ...]
    stop_reason: StopReason
    usage: Usage
    provider: str
    model: str
    prompt_version: str
    request_id: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The claims as one text: prose runs on, lists get a line each."""
        return "".join(claim.text for claim in self.claims).strip()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do; `charges` says whether its calls cost money and belong on the books.

    `documents`: takes documents as such, else they are written into the message. `citations`: cites by itself, else it
    is asked for quotes. `forms`: keeps to a JSON schema. `counting`: counts tokens ahead. `writes`: says things in its
    own words, so it can translate.
    """

    documents: bool
    citations: bool
    charges: bool
    forms: bool = True
    counting: bool = True
    writes: bool = True


@dataclass(frozen=True, slots=True)
class Delta:
    """The next words of an answer that is being written."""

    text: str


@dataclass(frozen=True, slots=True)
class BatchState:
    """A batch as the provider knows it: `ended` when every request in it has its result."""

    key: str
    ended: bool
    created_at: datetime
    requests: int


class Batches(Protocol):
    """Requests that are not urgent, answered together at a lower price. Raises the errors of `documents.ai.errors`."""

    def send(self, requests: Mapping[str, Request]) -> BatchState:
        """Hands requests over under names of ours (letters, digits, - and _, at most 64)."""
        ...

    def look_up(self, key: str) -> BatchState: ...

    def recent(self) -> list[BatchState]:
        """The batches of this account, newest first, at most 100: to find one whose key was lost on the way."""
        ...

    def results(self, key: str, requests: Mapping[str, Request]) -> "Iterator[tuple[str, Result | ModelError]]":
        """Each answer, or why there is none, under its name. Names that are not in `requests` come with an error."""
        ...

    def cancel(self, key: str) -> None:
        """What is not yet begun is not answered; nor is it charged."""
        ...


class Provider(Protocol):
    """Answers requests. Raises the errors of `documents.ai.errors` and nothing else."""

    @property
    def name(self) -> str: ...

    @property
    def default_model(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def batches(self) -> Batches | None:
        """None where requests cannot be handed over together."""
        ...

    def complete(self, request: Request) -> Result: ...

    def stream(self, request: Request) -> Iterator[Delta | Reference | Result]:
        """The answer as it is written: words, references for the words since the last reference, the Result last.

        An answer that breaks off raises Ambiguous after what had come; leaving the iterator closes the connection.
        """
        ...

    def window(self, model: str) -> int:
        """How many tokens prompt and answer may have together."""
        ...

    def count(self, request: Request) -> int:
        """The tokens of the request, before it is sent."""
        ...


class Embedder(Protocol):
    """Turns texts into unit vectors of `dimensions` floats, in the order given. One is equal to itself alone."""

    def __hash__(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def count(self, text: str) -> int:
        """The tokens of a text."""
        ...

    def pieces_a_word(self, text: str) -> float:
        """Into how many pieces it cuts a word on average: about 1.2 in a language it knows, 2 and more elsewhere."""
        ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]: ...
