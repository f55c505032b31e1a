"""What the `var` folder remembers of one machine: its secrets, and where its own servers answer."""

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where PostgreSQL and Valkey answer, passwords included."""

    database_url: str
    redis_url: str


# Nobody listens on port 1, so a command that needs a server finds out at once.
NOWHERE = Addresses("postgres://glossa@127.0.0.1:1/glossa", "redis://127.0.0.1:1/0")


class Unusable(ImproperlyConfigured):
    """The folder cannot be read or written; the message says where, why and what to do."""


@contextlib.contextmanager
def usable(var: Path) -> Iterator[None]:
    """Turns what the system refuses in this folder into one sentence."""
    try:
        yield
    except OSError as error:
        place = Path(os.fsdecode(error.filename or b"/"))
        if not place.is_relative_to(var):
            raise
        # Drafts have names that say nothing, and may be gone: the nearest place that is there says it.
        place = next(one for one in (place, *place.parents) if os.path.lexists(one))
        raise Unusable(
            f"{var} cannot be used ({place}: {error.strerror}): "
            "give all of it to the account that starts Glossa, or set VAR_DIR to another folder."
        ) from error


def make_private(var: Path) -> None:
    """Makes the folder, for its owner alone. Below root's, PostgreSQL runs as somebody who must be able to pass."""
    var.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)


def addresses(var: Path) -> Addresses:
    """Where the servers of this folder answer; nowhere while they do not run."""
    try:
        return Addresses(**json.loads((var / "servers.json").read_text()))
    except FileNotFoundError:
        return NOWHERE


def remember(var: Path, servers: Addresses) -> None:
    """Other processes of this folder find the servers from now on."""
    with tempfile.NamedTemporaryFile("w", dir=var, delete=False) as draft:
        json.dump(asdict(servers), draft)
    Path(draft.name).replace(var / "servers.json")


def forget(var: Path) -> None:
    (var / "servers.json").unlink(missing_ok=True)


def kept_secret(path: Path) -> str:
    """A random text that is made once and then stays, for its owner's eyes only."""
    make_private(path.parent)
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            # Two processes may get here at once: the first link stands.
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text()
