"""The one door to the anthropic SDK: sends a request once, and turns whatever goes wrong into our own errors."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from documents.ai.errors import Ambiguous, Misconfigured, ModelError, NotNow, OutOfBudget, Rejected

if TYPE_CHECKING:
    from anthropic import Anthropic, APIStatusError

ADDRESS = "https://api.anthropic.com"
CONNECT_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 3600.0
_USUAL_WAIT_SECONDS = 15.0

_SPENT = {
    "enforced_spend_limit_reached",
    "contract_spend_limit_reached",
    "linked_organization_spend_limit_reached",
    "linked_organization_billing_unavailable",
    "user_profile_not_billable",
}
# Some limits come as a plain 400 and are told apart by their words alone.
_SPENT_WORDS = ("usage limit", "spend limit", "credit balance")

_BUDGET = "The limit of the account that pays for the model is reached. Raise it with the provider, then try again."
_LOST = "The request reached the model, but its answer was lost on the way."


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it came: not yet checked for anything."""

    content: bytes
    request_id: str


class Wire:
    """A connection to a Messages API. One instance serves any number of threads."""

    def __init__(self, api_key: str, base_url: str, timeout_seconds: float) -> None:
        self._api_key = api_key
        self._base_url = base_url or ADDRESS
        self._timeout_seconds = timeout_seconds

    def create(self, parameters: Mapping[str, Any]) -> Received:
        with _our_errors():
            response = self._client.messages.with_raw_response.create(**parameters)
            return Received(response.http_response.content, response.request_id or "")

    def count(self, parameters: Mapping[str, Any]) -> Received:
        with _our_errors():
            response = self._client.messages.with_raw_response.count_tokens(**parameters)
            return Received(response.http_response.content, response.request_id or "")

    @cached_property
    def _client(self) -> "Anthropic":
        # Costs two seconds: only processes that call a model pay them.
        import anthropic
        import httpx2

        if not self._api_key.isascii() or any(sign.isspace() for sign in self._api_key):
            raise Misconfigured("The API key holds signs no key has. Copy it again, without spaces or quotes.")
        return anthropic.Anthropic(
            # A server of one's own may want no key; the SDK would then look for one elsewhere.
            api_key=self._api_key or "none",
            base_url=self._base_url,
            timeout=httpx2.Timeout(self._timeout_seconds, connect=CONNECT_SECONDS),
            # A retry can be charged twice: whoever owns the job decides on the next attempt, and books it.
            max_retries=0,
        )


@contextmanager
def _our_errors() -> Iterator[None]:
    # As above: loaded by the time a call is made.
    import anthropic
    import httpx2

    try:
        yield
    except anthropic.APIStatusError as error:
        raise _from_status(error) from error
    except anthropic.APIConnectionError as error:
        raise _from_connection(error.__cause__) from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise _from_connection(error) from error
    except anthropic.AnthropicError as error:
        raise Misconfigured("The model cannot be called with these settings. Check the key and the address.") from error


def _from_connection(cause: BaseException | None) -> ModelError:
    import httpx2

    if isinstance(cause, httpx2.InvalidURL | httpx2.UnsupportedProtocol | httpx2.LocalProtocolError | UnicodeError):
        return Misconfigured("The address of the model is not one that can be called. Check AI_BASE_URL.")
    if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout | httpx2.ProxyError):
        return NotNow("The model cannot be reached just now.", retry_after_seconds=_USUAL_WAIT_SECONDS)
    return Ambiguous(_LOST, retry_after_seconds=_USUAL_WAIT_SECONDS)


def _from_status(error: "APIStatusError") -> ModelError:
    request_id = error.request_id or ""
    if _is_spent(error):
        return OutOfBudget(_BUDGET, request_id=request_id)
    kind, message = _KINDS.get(error.status_code, _rest(error.status_code))
    if issubclass(kind, NotNow):
        return kind(message, retry_after_seconds=_wait_seconds(error), request_id=request_id)
    return kind(message, request_id=request_id)


def _is_spent(error: "APIStatusError") -> bool:
    if error.status_code == 402 or error.error_code in _SPENT or error.type == "billing_error":
        return True
    words = (error.api_message or "").lower()
    return error.status_code in (400, 403) and any(spent in words for spent in _SPENT_WORDS)


def _wait_seconds(error: "APIStatusError") -> float:
    try:
        asked = float(error.response.headers["retry-after"])
    except (KeyError, ValueError):
        return _USUAL_WAIT_SECONDS
    return min(max(asked, 1.0), LONGEST_WAIT_SECONDS) if asked == asked else _USUAL_WAIT_SECONDS


_BUSY = "The model is busy or down just now."
_KINDS: dict[int, tuple[type[ModelError], str]] = {
    200: (NotNow, _BUSY),
    400: (Rejected, "The model did not accept the request. A shorter text, or another model, may be accepted."),
    401: (Misconfigured, "The model did not accept the API key. Check ANTHROPIC_API_KEY."),
    403: (Misconfigured, "The API key may not use this model. Choose another model, or another key."),
    404: (Misconfigured, "There is no such model, or not at this address. Check AI_MODEL and AI_BASE_URL."),
    408: (NotNow, _BUSY),
    409: (NotNow, _BUSY),
    413: (Rejected, "The text is too long for the model. Analyse a part of it, or choose a model that takes more."),
    422: (Rejected, "The model did not accept the request. Another model may accept it."),
    429: (NotNow, "The model is asked too often just now."),
    # A gateway that gave up does not know whether the answer was made.
    502: (Ambiguous, _LOST),
    504: (Ambiguous, _LOST),
}


def _rest(status: int) -> tuple[type[ModelError], str]:
    if status >= 500:
        return NotNow, _BUSY
    return Rejected, f"The model did not accept the request (status {status})."
