"""What a person is told when something cannot be done."""


class Refusal(Exception):
    """The person cannot do this; the message says why and what to do. `status` is the HTTP status that fits,
    `retry_after_seconds` when it is worth trying again."""

    def __init__(self, message: str, *, code: str, status: int = 400, retry_after_seconds: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.retry_after_seconds = retry_after_seconds
