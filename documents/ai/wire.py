"""The one door to the anthropic SDK: sends each request once, and raises nothing but our own errors."""

import gc
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from documents.ai import faults
from documents.ai.errors import Misconfigured, ModelError, Rejected

if TYPE_CHECKING:
    from anthropic import Anthropic
    from httpx2 import Response, Timeout

ADDRESS = "https://api.anthropic.com"
CONNECT_SECONDS = 10.0
MOST_LISTED = 100

_NO_BATCHES = "The server of the model takes no batches. Leave `batches` out of AI_FEATURES."
_NO_BATCH = "The provider does not know this batch any more. Results are kept for a month."


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it came: not yet checked for anything."""

    content: bytes
    request_id: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """An answer that is still coming: each event of its stream, but for those that say nothing."""

    events: Iterator[str]
    request_id: str


class Wire:
    """A connection to a Messages API. One instance serves any number of threads."""

    def __init__(self, api_key: str, base_url: str, timeout_seconds: float, stall_seconds: float) -> None:
        self._api_key = api_key
        self._base_url = base_url or ADDRESS
        self._timeout_seconds = timeout_seconds
        self._stall_seconds = stall_seconds

    def create(self, parameters: Mapping[str, Any]) -> Received:
        with faults.our_errors():
            return _received(self._client.messages.with_raw_response.create(**parameters))

    def count(self, parameters: Mapping[str, Any]) -> Received:
        with faults.our_errors():
            return _received(self._client.messages.with_raw_response.count_tokens(**parameters))

    @contextmanager
    def stream(self, parameters: Mapping[str, Any]) -> Iterator[Incoming]:
        """An answer as it is made; leaving the block closes the connection."""
        call = self._client.messages.with_streaming_response.create
        with (
            faults.our_errors(),
            call(**parameters, stream=True, timeout=self._timeout(self._stall_seconds)) as response,
        ):
            request_id = response.request_id or ""
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                raise faults.foreign(request_id)
            yield Incoming(_events(response.http_response, request_id, self._timeout_seconds), request_id)

    def send_batch(self, requests: Sequence[Mapping[str, Any]]) -> Received:
        with faults.our_errors(missing=Misconfigured(_NO_BATCHES)):
            return _received(self._client.messages.batches.with_raw_response.create(requests=requests))  # type: ignore[arg-type]

    def batch(self, key: str) -> Received:
        with faults.our_errors(missing=Rejected(_NO_BATCH)):
            return _received(self._client.messages.batches.with_raw_response.retrieve(key))

    def batches(self) -> Received:
        """The newest."""
        with faults.our_errors(missing=Misconfigured(_NO_BATCHES)):
            return _received(self._client.messages.batches.with_raw_response.list(limit=MOST_LISTED))

    def cancel_batch(self, key: str) -> Received:
        with faults.our_errors(missing=Rejected(_NO_BATCH)):
            return _received(self._client.messages.batches.with_raw_response.cancel(key))

    @contextmanager
    def results(self, key: str) -> Iterator[Iterator[bytes]]:
        """The lines of a batch that has ended, one for each request, as they come."""
        call = self._client.messages.batches.with_streaming_response.results
        with faults.our_errors(missing=Rejected(_NO_BATCH)), call(key) as response:
            yield _lines(response.http_response)

    @cached_property
    def _client(self) -> "Anthropic":
        # Costs two seconds: only processes that call a model pay them.
        import anthropic

        # All that is loaded stays: looking through it for garbage would hold up every answer for a tenth of a second.
        gc.freeze()
        if not self._api_key.isascii() or any(sign.isspace() for sign in self._api_key):
            raise Misconfigured("The API key holds signs no key has. Copy it again, without spaces or quotes.")
        return anthropic.Anthropic(
            # A server of one's own may want no key; the SDK would then look for one elsewhere.
            api_key=self._api_key or "none",
            base_url=self._base_url,
            timeout=self._timeout(self._timeout_seconds),
            # A retry can be charged twice: whoever owns the job decides on the next attempt, and books it.
            max_retries=0,
        )

    def _timeout(self, seconds: float) -> "Timeout":
        # As above.
        import httpx2

        return httpx2.Timeout(seconds, connect=CONNECT_SECONDS)


def _received(response: Any) -> Received:
    return Received(response.http_response.content, response.request_id or "")


def _events(response: "Response", request_id: str, most_seconds: float) -> Iterator[str]:
    """The data of each event. An error after the first words, or signs of life without end, lose the answer."""
    written, began = False, time.monotonic()
    try:
        for name, data in _named(response.iter_bytes()):
            if time.monotonic() - began > most_seconds:
                raise faults.lost(request_id)
            if name == "error":
                raise _broken_off(faults.from_event(data, request_id), written=written)
            written = written or name.startswith("content_block")
            if data and name != "ping":
                yield data
    except UnicodeDecodeError as error:
        raise faults.lost(request_id) from error


def _named(pieces: Iterator[bytes]) -> Iterator[tuple[str, str]]:
    """Name and data of each whole event. The SDK's reader takes twice as long, and hundreds of answers share a core."""
    rest = b""
    for piece in pieces:
        *blocks, rest = (rest + piece).replace(b"\r\n", b"\n").split(b"\n\n")
        for block in blocks:
            fields = [line.partition(":") for line in block.decode().split("\n")]
            values = [(name, value.removeprefix(" ")) for name, _, value in fields]
            names = [value for name, value in values if name == "event"]
            yield names[-1] if names else "", "\n".join(value for name, value in values if name == "data")


def _broken_off(error: ModelError, *, written: bool) -> ModelError:
    """What was written before an error is charged, so the answer counts as lost."""
    return faults.lost(error.request_id) if written else error


def _lines(response: "Response") -> Iterator[bytes]:
    rest = b""
    for piece in response.iter_bytes():
        *lines, rest = (rest + piece).split(b"\n")
        yield from (line for line in lines if line.strip())
    if rest.strip():
        yield rest
