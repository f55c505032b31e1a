"""The Celery application: its settings are the CELERY_… ones of the settings file."""

import logging
import os
import signal
import time
import warnings
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import after_task_publish, heartbeat_sent, worker_init, worker_process_init, worker_shutdown
from celery.worker import state as at_work
from django.conf import settings
from django.db import connections

from config import leash, sandbox
from documents import vitals
from documents.places import WORKING

# It warns root of pickled messages; ours are JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Beside those that work: the heartbeat, the drafts, the sweep.
CONNECTIONS = WORKING + 4

log = logging.getLogger(__name__)
_told: dict[str, vitals.Worker] = {}

app = Celery("glossa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@after_task_publish.connect(sender="documents.tasks.sweep")  # type: ignore[untyped-decorator]
def note_the_sweep(**_: Any) -> None:
    """Only beat sends this, and now Redis has it: the age of this file says how beat is."""
    (settings.VAR_DIR / "beat").touch(mode=0o600)


@worker_init.connect  # type: ignore[untyped-decorator]
def read_behind_walls(**_: Any) -> None:
    sandbox.require()


@worker_init.connect  # type: ignore[untyped-decorator]
def share_connections(sender: Any, **_: Any) -> None:
    """Threads take turns with a few connections that stay open; processes must not, for they are forked."""
    if "thread" in str(getattr(sender.pool_cls, "__module__", sender.pool_cls)):
        database = connections["default"].settings_dict
        database["CONN_MAX_AGE"] = 0
        database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": CONNECTIONS, "timeout": 60}


@worker_process_init.connect  # type: ignore[untyped-decorator]
def end_with_the_worker(**_: Any) -> None:
    """A process of the pool must not outlive a killed worker: somebody else has its job by then."""
    leash.die_with(os.getppid(), signal.SIGKILL)


@heartbeat_sent.connect  # type: ignore[untyped-decorator]
def tell_that_we_live(sender: Any, **_: Any) -> None:
    """Celery calls every two seconds. Staff see who is there, and who has not been heard of for long."""
    name, now = sender.eventer.hostname, time.time()
    said = _told.get(name)
    if said is not None and now - said.heard < vitals.EVERY_SECONDS:
        return
    queues = tuple(app.amqp.queues.consume_from)
    worker = vitals.Worker(name, queues, len(at_work.active_requests), said.began if said else now, now)
    _told[name] = worker  # before it is sent: while Valkey is away this costs a second every five, not every two
    try:
        vitals.tell(worker)
    except vitals.Unreachable as error:
        log.warning("no sign of life: %s", error)


@worker_shutdown.connect  # type: ignore[untyped-decorator]
def say_good_bye(**_: Any) -> None:
    for name in _told:
        try:
            vitals.leave(name)
        except vitals.Unreachable as error:
            log.warning("no good-bye: %s", error)
