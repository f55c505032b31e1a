"""The static files as they are served: collected, named by their content, compressed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command


def collect_if_changed() -> None:
    """Collects when a file was added, changed or removed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    found = fingerprint()
    if stamp.exists() and stamp.read_text() == found:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(found)


def fingerprint() -> str:
    """Changes when any source file does: names, sizes and times are enough, and quick."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            source = Path(storage.path(name))
            found = source.stat()
            digest.update(f"{source}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
