"""The Celery application: its settings are the CELERY_… ones of the settings file."""

import os
import signal
import warnings
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import after_task_publish, worker_init, worker_process_init
from django.conf import settings

from config import leash, sandbox

# It warns root of pickled messages; ours are JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

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


@worker_process_init.connect  # type: ignore[untyped-decorator]
def end_with_the_worker(**_: Any) -> None:
    """A process of the pool must not outlive a killed worker: somebody else has its job by then."""
    leash.die_with(os.getppid(), signal.SIGKILL)
