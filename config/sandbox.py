"""Whether this machine can keep a stranger's file in its place. Asked before anything that reads files is started."""

import logging

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from documents.reading import walls

log = logging.getLogger(__name__)


def require() -> None:
    """Raises ImproperlyConfigured where a wall is missing, or warns where ALLOW_WEAK_SANDBOX says to go on."""
    missing = walls.missing()
    if missing and not settings.ALLOW_WEAK_SANDBOX:
        raise ImproperlyConfigured(weakness(missing))
    for wall in missing:
        log.warning("files are read without %s, as ALLOW_WEAK_SANDBOX says", wall)


def weakness(missing: tuple[str, ...]) -> str:
    return (
        f"Files of strangers could not be read safely here: this machine lacks {' and '.join(missing)}. Use a machine "
        "that has it, or set ALLOW_WEAK_SANDBOX=1 to read files behind the other walls alone."
    )
