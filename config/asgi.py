"""What the web server runs."""

import multiprocessing
import os
import signal
from typing import cast

from asgiref.typing import ASGI3Application
from django.conf import settings
from django.core.asgi import get_asgi_application

from config import leash, wsgi
from config.gateway import Gateway
from config.refusals import Limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if multiprocessing.parent_process() is not None:
    # A worker of the web server must not outlive it: it would go on holding the port.
    leash.die_with(os.getppid(), signal.SIGKILL)

FORM_BYTES = 512 * 1024  # what a form adds to the file in it

application = Gateway(
    asynchronous=cast(ASGI3Application, get_asgi_application()),
    synchronous=wsgi.application,
    limits=Limits(
        upload_bytes=settings.MAX_UPLOAD_MB * 1024 * 1024 + FORM_BYTES, other_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    ),
    session_cookie=settings.SESSION_COOKIE_NAME,
    temporary=settings.FILE_UPLOAD_TEMP_DIR,
)
