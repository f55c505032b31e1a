"""Whatever goes wrong between us and a Messages API, as one of our own errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from documents.ai.errors import Ambiguous, Misconfigured, ModelError, NotNow, OutOfBudget, Rejected
from documents.ai.forms import Checked

if TYPE_CHECKING:
    from anthropic import APIStatusError

LONGEST_WAIT_SECONDS = 3600.0
USUAL_WAIT_SECONDS = 15.0

LOST = "The request reached the model, but its answer was lost on the way."
FOREIGN = "What answered does not speak the Messages API. Check AI_BASE_URL."

_SPENT = {
    "enforced_spend_limit_reached",
    "contract_spend_limit_reached",
    "linked_organization_spend_limit_reached",
    "linked_organization_billing_unavailable",
    "user_profile_not_billable",
}
# Some limits come as a plain 400 and are told apart by their words alone.
_SPENT_WORDS = ("usage limit", "spend limit", "credit balance")
_SPENT_TYPE = "billing_error"

_BUDGET = "The limit of the account that pays for the model is reached. Raise it with the provider, then try again."
_BUSY = "The model is busy or down just now."
_KINDS: dict[int, tuple[type[ModelError], str]] = {
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
    502: (Ambiguous, LOST),
    504: (Ambiguous, LOST),
}
# Errors that come inside an answer have a type and no status.
_STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
}


@contextmanager
def our_errors(*, missing: ModelError | None = None) -> Iterator[None]:
    """Errors of the SDK and of the network become ours; `missing` is raised where there is nothing at the address."""
    # Costs two seconds, and is loaded by the time a call is made.
    import anthropic
    import httpx2

    try:
        yield
    except anthropic.NotFoundError as error:
        raise missing or _from_status(error) from error
    except anthropic.APIStatusError as error:
        raise _from_status(error) from error
    except anthropic.APIConnectionError as error:
        raise _from_connection(error.__cause__) from error
    except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
        raise _from_connection(error) from error
    except anthropic.AnthropicError as error:
        raise Misconfigured("The model cannot be called with these settings. Check the key and the address.") from error


def _from_connection(cause: BaseException | None) -> ModelError:
    # As above.
    import httpx2

    if isinstance(cause, httpx2.InvalidURL | httpx2.UnsupportedProtocol | httpx2.LocalProtocolError | UnicodeError):
        return Misconfigured("The address of the model is not one that can be called. Check AI_BASE_URL.")
    if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout | httpx2.ProxyError):
        return NotNow("The model cannot be reached just now.", retry_after_seconds=USUAL_WAIT_SECONDS)
    return lost()


def lost(request_id: str = "") -> Ambiguous:
    """The request was taken, and what became of it is not known."""
    return Ambiguous(LOST, retry_after_seconds=USUAL_WAIT_SECONDS, request_id=request_id)


def foreign(request_id: str) -> Misconfigured:
    """The answer has not the shape that was agreed on."""
    return Misconfigured(FOREIGN, request_id=request_id)


def _from_status(error: "APIStatusError") -> ModelError:
    words = (error.api_message or "").lower()
    told = _Told(error.type or "", error.error_code or "", words, error.request_id or "")
    return _sorted(error.status_code, told, _wait_seconds(error))


def _wait_seconds(error: "APIStatusError") -> float:
    try:
        asked = float(error.response.headers["retry-after"])
    except (KeyError, ValueError):
        return USUAL_WAIT_SECONDS
    return min(max(asked, 1.0), LONGEST_WAIT_SECONDS) if asked == asked else USUAL_WAIT_SECONDS


class _Details(Checked):
    error_code: str = ""


class _Error(Checked):
    type: str
    message: str = ""
    details: _Details | None = None


class Failure(Checked):
    """An error as the API writes it down inside an answer."""

    error: _Error
    request_id: str | None = None


def from_failure(failure: Failure, request_id: str = "") -> ModelError:
    """The error in place of an answer, or of its rest."""
    error = failure.error
    code = error.details.error_code if error.details else ""
    told = _Told(error.type, code, error.message.lower(), failure.request_id or request_id)
    return _sorted(_STATUSES.get(error.type, 500), told, USUAL_WAIT_SECONDS)


def from_event(data: str, request_id: str) -> ModelError:
    """The error of a stream."""
    try:
        return from_failure(Failure.model_validate_json(data), request_id)
    except ValidationError:
        return lost(request_id)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the API says of an error; none of it is shown to anybody."""

    type: str
    code: str
    words: str
    request_id: str


def _sorted(status: int, told: _Told, wait_seconds: float) -> ModelError:
    if _is_spent(status, told):
        return OutOfBudget(_BUDGET, request_id=told.request_id)
    kind, message = _KINDS.get(status, _rest(status))
    if issubclass(kind, NotNow):
        return kind(message, retry_after_seconds=wait_seconds, request_id=told.request_id)
    return kind(message, request_id=told.request_id)


def _is_spent(status: int, told: _Told) -> bool:
    if status == 402 or told.code in _SPENT or told.type == _SPENT_TYPE:
        return True
    return status in (400, 403) and any(spent in told.words for spent in _SPENT_WORDS)


def _rest(status: int) -> tuple[type[ModelError], str]:
    if status >= 500:
        return NotNow, _BUSY
    return Rejected, f"The model did not accept the request (status {status})."
