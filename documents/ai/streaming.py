"""A reply that is still being written: event by event, and what each adds."""

from collections.abc import Iterator

from pydantic import ValidationError

from documents.ai import faults
from documents.ai.errors import Ambiguous
from documents.ai.forms import Checked, Text
from documents.ai.protocol import Delta, Reference
from documents.ai.replies import Block, Exchange, Location, Reply, Used, refer


class _Change(Checked):
    """What an event adds to a block, or to the message as a whole."""

    type: str = ""
    text: Text = ""
    citation: Location | None = None
    stop_reason: str | None = None


class _Event(Checked):
    type: str
    index: int = -1
    message: Reply | None = None
    content_block: Block | None = None
    delta: _Change | None = None
    usage: Used | None = None


class Growing:
    """The reply so far. An event out of place means that others were lost."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._reply: Reply | None = None
        self._blocks: dict[int, Block] = {}

    @property
    def ended(self) -> bool:
        return self._reply is not None and self._reply.stop_reason is not None

    def whole(self) -> Reply:
        """The reply. Raises Ambiguous when its end has not come: a stream that is cut says nothing."""
        if self._reply is None or self._reply.stop_reason is None:
            raise self._lost()
        return self._reply.model_copy(update={"content": [self._blocks[at] for at in sorted(self._blocks)]})

    def take(self, data: str) -> Iterator[Delta | Reference]:
        """What the event adds to the answer."""
        try:
            event = _Event.model_validate_json(data)
        except ValidationError as error:
            raise self._lost() from error
        match event:
            case _Event(type="message_start", message=Reply() as message):
                self._reply = message
            case _Event(type="content_block_start", content_block=Block() as block):
                yield from self._begin(event.index, block)
            case _Event(type="content_block_delta", delta=_Change() as change):
                yield from self._grow(event.index, change)
            case _Event(type="message_delta", delta=_Change() as change):
                self._end(change.stop_reason, event.usage)
            case _Event(type="error"):
                raise self._lost()

    def _begin(self, index: int, block: Block) -> Iterator[Delta | Reference]:
        self._blocks[index] = block.model_copy(update={"citations": []})
        if block.type == "text" and block.text:
            yield Delta(block.text)
        for location in block.citations or ():
            yield from self._cited(index, location)

    def _grow(self, index: int, change: _Change) -> Iterator[Delta | Reference]:
        if index not in self._blocks:
            raise self._lost()
        if change.type == "text_delta":
            self._blocks[index].text += change.text
            yield Delta(change.text)
        if change.type == "citations_delta" and change.citation is not None:
            yield from self._cited(index, change.citation)

    def _cited(self, index: int, location: Location) -> Iterator[Reference]:
        block = self._blocks[index]
        block.citations = [*(block.citations or ()), location]
        yield from refer(location, self._exchange.request.sources, self._exchange.sent)

    def _end(self, stop_reason: str | None, counted: Used | None) -> None:
        if self._reply is None:
            raise self._lost()
        # Tokens so far; what is left out has not changed.
        changed = counted.model_dump(exclude_none=True) if counted else {}
        usage = self._reply.usage.model_copy(update=changed)
        self._reply = self._reply.model_copy(update={"stop_reason": stop_reason, "usage": usage})

    def _lost(self) -> Ambiguous:
        return faults.lost(self._exchange.request_id)
