"""Why a model did not answer. Each says itself whether trying again can help.

ModelError
├── NotNow            tried again after `retry_after_seconds`
│   ├── LeftAlone     known to be down: not asked before its time
│   └── Ambiguous     the answer was lost on the way: it may have been charged
└── Never
    ├── Refused       the model declines this request
    ├── Rejected      the request is wrong (too long, bad schema)
    │   └── Malformed the answer is not in the form asked for
    ├── OutOfBudget   the account's limit is reached
    └── Misconfigured the key or address is wrong
"""

from documents.ai.protocol import Usage


class ModelError(Exception):
    """A model did not answer; the message is fit for the person who asked.

    `usage` is what the call cost when it is known to have been charged all the same.
    """

    code = "model_error"

    def __init__(self, message: str, *, request_id: str = "", usage: Usage | None = None) -> None:
        super().__init__(message)
        self.request_id = request_id
        self.usage = usage


class NotNow(ModelError):
    """Busy, down or slow: trying again can help."""

    code = "model_unavailable"

    def __init__(
        self, message: str, *, retry_after_seconds: float = 5.0, request_id: str = "", usage: Usage | None = None
    ) -> None:
        super().__init__(message, request_id=request_id, usage=usage)
        self.retry_after_seconds = retry_after_seconds


class LeftAlone(NotNow):
    """It is known to be down, and is not asked before its time."""


class Ambiguous(NotNow):
    """The request was sent and no answer came: it may have been charged."""

    code = "model_answer_lost"


class Never(ModelError):
    """Trying the same again cannot help."""


class Refused(Never):
    code = "model_refused"


class Rejected(Never):
    code = "model_rejected"


class NothingToRead(Never):
    """There is no text to answer from, so no model was asked."""

    code = "nothing_to_read"


class Malformed(Rejected):
    """The answer is not in the form asked for: asking once more can help."""

    code = "model_malformed"


class OutOfBudget(Never):
    code = "model_budget"


class Misconfigured(Never):
    code = "model_misconfigured"
