"""Asks a provider on behalf of a job: on the books, within the budget, and once more where an answer has no form."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from documents import jobs, ledger
from documents.ai.errors import Malformed
from documents.ai.protocol import Delta, Provider, Reference, Request, Result

# Added to the step of an answer that was not in the form asked for.
REPAIR = 1


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever holds a job, and whom it asks."""

    held: jobs.Held
    provider: Provider

    def ask(self, request: Request, step: int = 0) -> Result:
        """The answer; one that is not in the form asked for is asked for once more, with what was wrong."""
        try:
            return self._ask(request, step)
        except Malformed as error:
            return self._mended(request, step, error)

    def tell(self, request: Request, tell: Callable[[Delta | Reference], None]) -> Result:
        """The same, with each piece told as it comes. What `tell` raises ends the call."""
        try:
            with closing(ledger.stream(self.provider, request, **self._booked)) as pieces:
                for piece in pieces:
                    if isinstance(piece, Result):
                        return piece
                    tell(piece)
        except Malformed as error:
            return self._mended(request, 0, error)
        raise AssertionError("a stream ends with its result or an error")

    def _mended(self, request: Request, step: int, error: Malformed) -> Result:
        return self._ask(replace(request, repair=str(error), again_soon=False), step + REPAIR)

    def _ask(self, request: Request, step: int) -> Result:
        return ledger.ask(self.provider, request, step=step, **self._booked)

    @property
    def _booked(self) -> dict[str, Any]:
        held = self.held
        return {"job": held.pk, "owner": held.owner_id, "subject": held.subject, "fence": held.fence}
