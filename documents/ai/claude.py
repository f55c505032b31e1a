"""Claude, or any server that speaks the Messages API.

`messages` is what is sent, `wire` how, `replies` what comes back. A server that can do less than Anthropic's is told by
its `features`: what it cannot do is done here instead.
"""

import math
from collections.abc import Collection, Iterator

from pydantic import Field

from documents.ai import messages, models, prompts, replies
from documents.ai.batching import MessageBatches
from documents.ai.forms import Checked
from documents.ai.protocol import Batches, Capabilities, Delta, Reference, Request, Result
from documents.ai.replies import Exchange, Reply
from documents.ai.streaming import Growing
from documents.ai.wire import Wire

DEFAULT_MODEL = "claude-haiku-4-5-20251001"
# Without counting, as a guess that is seldom too low.
_BYTES_A_TOKEN = 3


class _Count(Checked):
    input_tokens: int = Field(ge=0)


class Claude:
    """Answers through the Messages API. One instance serves any number of threads."""

    name = replies.PROVIDER

    def __init__(
        self,
        api_key: str,
        base_url: str = "",
        default_model: str = DEFAULT_MODEL,
        timeout_seconds: float = 600,
        *,
        stall_seconds: float = 120,
        features: Collection[str] = models.FEATURES,
        context_tokens: int = 0,
    ) -> None:
        """`stall_seconds` is how long a stream may be silent; `context_tokens`, if any, the window of every model."""
        self.default_model = default_model
        self.capabilities = Capabilities(
            documents="documents" in features,
            citations="documents" in features and "citations" in features,
            charges=True,
            forms="forms" in features,
            counting="counting" in features,
        )
        self._context_tokens = context_tokens
        self._wire = Wire(api_key, base_url, timeout_seconds, stall_seconds)
        self.batches: Batches | None = None
        if "batches" in features:
            self.batches = MessageBatches(self._wire, self.capabilities)

    def complete(self, request: Request) -> Result:
        sent = messages.sent(request.sources)
        if not sent:
            return replies.nothing_to_say(request, self.capabilities)
        received = self._wire.create(messages.asking(request, sent, self.capabilities))
        reply = replies.parsed(Reply, received.content, received.request_id)
        return replies.result(reply, Exchange(request, sent, self.capabilities, received.request_id))

    def stream(self, request: Request) -> Iterator[Delta | Reference | Result]:
        sent = messages.sent(request.sources)
        if not sent:
            yield replies.nothing_to_say(request, self.capabilities)
            return
        # What is asked for in JSON is not for reading before it is whole.
        is_readable = prompts.cites(request, self.capabilities)
        with self._wire.stream(messages.asking(request, sent, self.capabilities)) as incoming:
            exchange = Exchange(request, sent, self.capabilities, incoming.request_id)
            growing = Growing(exchange)
            for event in incoming.events:
                for piece in growing.take(event):
                    if is_readable:
                        yield piece
                # Whatever the server does after that, the answer is there.
                if growing.ended:
                    break
        yield replies.result(growing.whole(), exchange)

    def window(self, model: str) -> int:
        return self._context_tokens or models.known(model).window

    def count(self, request: Request) -> int:
        sent = messages.sent(request.sources)
        if not sent:
            return 0
        parameters = messages.parameters(request, sent, self.capabilities)
        if not self.capabilities.counting:
            return math.ceil(messages.size(parameters) / _BYTES_A_TOKEN)
        received = self._wire.count(parameters)
        return replies.parsed(_Count, received.content, received.request_id).input_tokens
