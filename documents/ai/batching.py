"""Requests that are not urgent, through the Message Batches API: half the price, and an answer within a day."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from pydantic import ValidationError

from documents.ai import messages, replies
from documents.ai.errors import ModelError, NotNow, Rejected
from documents.ai.faults import Failure, from_failure, lost
from documents.ai.forms import Checked
from documents.ai.protocol import BatchState, Capabilities, Request, Result
from documents.ai.replies import Exchange, Reply
from documents.ai.wire import Received, Wire

_NOTHING = "There is no text to analyse."
_NOT_YET = "The batch is still being answered."
_NOT_ASKED = "This answer was not asked for."
_MISSING = "The batch came back without an answer to this."
_CALLED_OFF = "The batch was called off before this was answered."
_EXPIRED = "The model had no time for this within a day."

_LOOK_AGAIN_SECONDS = 60.0


class _Counts(Checked):
    processing: int = 0
    succeeded: int = 0
    errored: int = 0
    canceled: int = 0
    expired: int = 0


class _Batch(Checked):
    id: str
    processing_status: str
    created_at: datetime
    request_counts: _Counts

    @property
    def state(self) -> BatchState:
        ended = self.processing_status == "ended"
        return BatchState(self.id, ended, self.created_at, sum(self.request_counts.model_dump().values()))


class _Batches(Checked):
    data: list[_Batch]


class _Outcome(Checked):
    type: str
    message: Reply | None = None
    error: Failure | None = None


class _Line(Checked):
    custom_id: str
    result: _Outcome


class MessageBatches:
    """The batches of one account."""

    def __init__(self, wire: Wire, able: Capabilities) -> None:
        self._wire = wire
        self._able = able

    def send(self, requests: Mapping[str, Request]) -> BatchState:
        asked = {name: messages.sent(request.sources) for name, request in requests.items()}
        calls = [
            {"custom_id": name, "params": messages.asking(requests[name], parts, self._able)}
            for name, parts in asked.items()
            if parts
        ]
        if not calls:
            raise Rejected(_NOTHING)
        return _state(self._wire.send_batch(calls))

    def look_up(self, key: str) -> BatchState:
        return _state(self._wire.batch(key))

    def recent(self) -> list[BatchState]:
        received = self._wire.batches()
        return [batch.state for batch in replies.parsed(_Batches, received.content, received.request_id).data]

    def results(self, key: str, requests: Mapping[str, Request]) -> Iterator[tuple[str, Result | ModelError]]:
        state = self.look_up(key)
        # The SDK would say of a batch without results only that the call was wrong.
        if not state.ended:
            raise NotNow(_NOT_YET, retry_after_seconds=_LOOK_AGAIN_SECONDS)
        missing, left = dict(requests), state.requests
        with self._wire.results(key) as lines:
            for content in lines:
                line, left = _line(content), left - 1
                yield line.custom_id, self._outcome(line.result, missing.pop(line.custom_id, None))
        if left > 0:
            raise lost()
        for name, request in missing.items():
            yield name, self._unsent(request)

    def cancel(self, key: str) -> None:
        self._wire.cancel_batch(key)

    def _outcome(self, outcome: _Outcome, request: Request | None) -> Result | ModelError:
        match outcome:
            case _Outcome(type="succeeded", message=Reply() as reply):
                return self._answer(reply, request)
            case _Outcome(type="errored", error=Failure() as failure):
                return from_failure(failure)
            case _Outcome(type="canceled"):
                return NotNow(_CALLED_OFF)
            case _Outcome(type="expired"):
                return NotNow(_EXPIRED)
            case _:
                return lost()

    def _answer(self, reply: Reply, request: Request | None) -> Result | ModelError:
        if request is None:
            return Rejected(_NOT_ASKED, request_id=reply.id, usage=replies.used(reply))
        exchange = Exchange(request, messages.sent(request.sources), self._able, reply.id)
        try:
            return replies.result(reply, exchange)
        except ModelError as error:
            return error

    def _unsent(self, request: Request) -> Result | ModelError:
        """Of a request that came back without an answer: blank ones were never sent."""
        if messages.sent(request.sources):
            return NotNow(_MISSING)
        return replies.nothing_to_say(request, self._able)


def _line(content: bytes) -> _Line:
    try:
        return _Line.model_validate_json(content)
    except ValidationError as error:
        # A line cut in two: the file is there for a month, and can be asked for again.
        raise lost() from error


def _state(received: Received) -> BatchState:
    return replies.parsed(_Batch, received.content, received.request_id).state
