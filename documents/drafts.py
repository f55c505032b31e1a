"""Answers under way, in their rows: what a restart cuts off is still there, and who was stopped finds out.

One thread writes those of all jobs of a process, every half second, in one statement.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import Error, connection

from documents import jobs
from documents.models import MessageStatus
from documents.rounds import Rounds

log = logging.getLogger(__name__)

FLUSH_SECONDS = 0.5

# The status is asked for in the row that is written, which may have ended while this waited for its turn.
_WRITE = f"""
UPDATE documents_message AS message SET text = draft.text
FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::bigint[]) AS draft (message, text, job, fence)
JOIN documents_job AS job ON job.id = draft.job AND job.fence = draft.fence AND job.state = 'running'
WHERE message.id = draft.message AND message.status = '{MessageStatus.RUNNING}'
RETURNING message.id
"""  # noqa: S608 - our own word


@dataclass(slots=True, eq=False)
class Draft:
    """The text so far of the message that the job is about."""

    held: jobs.Held
    text: str = ""
    written: str = ""
    lost: bool = False

    def add(self, text: str) -> None:
        """Raises Lost when the job is no longer ours."""
        if self.lost:
            raise jobs.Lost(f"message {self.held.subject}")
        self.text += text


def _write(drafts: list[Draft]) -> None:
    grown = [(draft, draft.text) for draft in drafts if draft.text != draft.written]
    if not grown:
        return
    try:
        found = _written(grown)
    except Error as error:
        log.warning("%d texts not written: %s", len(grown), type(error).__name__)
        return
    finally:
        connection.close()
    for draft, text in grown:
        draft.written, draft.lost = text, draft.held.subject not in found


def _written(grown: list[tuple[Draft, str]]) -> set[object]:
    held = [draft.held for draft, _ in grown]
    columns: list[Any] = [
        [one.subject for one in held],
        [text.replace("\x00", "") for _, text in grown],
        [one.pk for one in held],
        [one.fence for one in held],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, columns)
        return {key for (key,) in cursor.fetchall()}


kept: Rounds[Draft] = Rounds("drafts", FLUSH_SECONDS, _write)
