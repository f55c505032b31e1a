"""What the web server runs."""

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from typing import Any, cast

from asgiref.typing import ASGI3Application
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

from config import leash, sandbox, wsgi
from config.gateway import Gateway
from config.refusals import Limits
from documents import providers
from documents.ai.errors import Misconfigured
from documents.reading import nursery

FORM_BYTES = 512 * 1024  # what a form adds to the file in it, and the most a stranger's form may have

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if multiprocessing.parent_process() is not None:
    # A worker of the web server must not outlive it: it would go on holding the port.
    leash.die_with(os.getppid(), signal.SIGKILL)


class Streams(ASGIHandler):
    """Django's async handler without a thread of its own for every request: a stream may last for hours."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.handle(scope, receive, send)


sandbox.require()


def warm() -> None:
    """The first upload need not wait for the process that sniffs at files, nor the first search for its model."""
    nursery.warm()
    # Without a usable model the product runs all the same, and says so where it is needed.
    with contextlib.suppress(Misconfigured):
        providers.embedder().embed(["warm"])
    # All that is loaded stays: looking through it for garbage would hold up every stream.
    gc.freeze()


threading.Thread(target=warm, daemon=True).start()

application = Gateway(
    asynchronous=cast(ASGI3Application, Streams()),
    synchronous=wsgi.application,
    limits=Limits(
        upload_bytes=settings.MAX_UPLOAD_MB * 1024 * 1024 + FORM_BYTES,
        other_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        stranger_bytes=FORM_BYTES,
    ),
    session_cookie=settings.SESSION_COOKIE_NAME,
    temporary=settings.FILE_UPLOAD_TEMP_DIR,
)
