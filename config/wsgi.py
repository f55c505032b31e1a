"""Django for ordinary requests, with its static files before it."""

import os
import re

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from servestatic import ServeStatic

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Files whose name carries a hash of their content never change.
HASHED = re.compile(r"^.+\.[0-9a-f]{12}\.\w+$")

application = ServeStatic(
    get_wsgi_application(),
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    max_age=60,
    allow_all_origins=False,
    immutable_file_test=HASHED.pattern,
)
