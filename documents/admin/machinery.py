"""What the house runs on: queues, workers, disk and versions. What is away is said at once, and not waited for."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from accounts.lists import estimated
from documents import tasks, vitals
from documents.models import Document, Passage

UNHEARD_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A worker; `missing` when it has said nothing for so long that it is gone or stuck."""

    name: str
    queues: tuple[str, ...]
    holds: int
    since: datetime
    heard: datetime
    missing: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """Hints that wait in Celery's transport, and whether a worker takes them."""

    name: str
    waiting: int
    served: bool


@dataclass(frozen=True, slots=True)
class Crew:
    """Queues and workers, or the reason why nothing is known of them."""

    queues: tuple[Queue, ...] = ()
    handed_out: int = 0
    workers: tuple[Seen, ...] = ()
    valkey: str = ""
    valkey_bytes: int = 0
    trouble: str = ""

    @property
    def unserved(self) -> tuple[str, ...]:
        return tuple(queue.name for queue in self.queues if not queue.served)


def crew() -> Crew:
    try:
        found = vitals.look(tasks.QUEUES.values())
    except vitals.Unreachable as error:
        return Crew(trouble=str(error))
    workers = tuple(_seen(worker) for worker in found.workers)
    served = {queue for worker in workers if not worker.missing for queue in worker.queues}
    return Crew(
        queues=tuple(Queue(name, waiting, name in served) for name, waiting in found.waiting.items()),
        handed_out=found.handed_out,
        workers=workers,
        valkey=found.version,
        valkey_bytes=found.memory_bytes,
    )


def _seen(worker: vitals.Worker) -> Seen:
    heard = datetime.fromtimestamp(worker.heard, UTC)
    missing = (timezone.now() - heard).total_seconds() > UNHEARD_SECONDS
    return Seen(worker.name, worker.queues, worker.holds, datetime.fromtimestamp(worker.began, UTC), heard, missing)


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes: of all originals, of the database, and of the disk that holds the files."""

    originals: int
    database: int
    disk_free: int
    disk_total: int

    @property
    def used_percent(self) -> int:
        return round(100 * (1 - self.disk_free / self.disk_total)) if self.disk_total else 0

    @property
    def scarce(self) -> bool:
        return self.used_percent >= 90


def room() -> Room:
    place = Path(default_storage.path(""))
    # Made with the first upload.
    disk = shutil.disk_usage(place if place.exists() else place.parent)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        database = int(cursor.fetchone()[0])
    originals = Document.objects.aggregate(bytes=Sum("size", default=0))["bytes"]
    return Room(originals, database, disk.free, disk.total)


@dataclass(frozen=True, slots=True)
class Versions:
    glossa: str
    postgresql: str
    pgvector: str
    embedding_model: str
    passages: int


def versions() -> Versions:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), (SELECT extversion FROM pg_extension WHERE extname = 'vector')"
        )
        postgresql, pgvector = cursor.fetchone()
    return Versions(
        glossa=settings.VERSION,
        postgresql=postgresql.split()[0],
        pgvector=pgvector or "",
        embedding_model=settings.EMBEDDING_MODEL,
        passages=max(estimated(Passage), 0),
    )
