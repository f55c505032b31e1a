"""What the `var` folder remembers of one machine: its secrets, and where its own servers answer."""

import contextlib
import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where PostgreSQL and Valkey answer, passwords included."""

    database_url: str
    redis_url: str


# Nobody listens on port 1, so a command that needs a server finds out at once.
NOWHERE = Addresses("postgres://glossa@127.0.0.1:1/glossa", "redis://127.0.0.1:1/0")


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
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            # Two processes may get here at once: the first link stands.
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text()
