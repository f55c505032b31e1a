"""The processes the product is made of: the same commands on one machine, in containers and in the tests."""

import sys

# Streams wait without costing anything, so a web worker may hold thousands of connections.
WEB = (
    *("python", "-m", "granian", "config.asgi:application", "--interface", "asgi", "--no-ws"),
    *("--workers", "2", "--respawn-failed-workers", "--workers-kill-timeout", "20"),
    *("--backpressure", "8192", "--log-level", "warning"),
)
WORKER = (
    "python",
    "-m",
    "celery",
    "--quiet",
    "--skip-checks",
    "-A",
    "config",
    "worker",
    "--loglevel",
    "WARNING",
    "--without-gossip",
)

# Migrations, static files and the first account. It ends before the others start.
PREPARE = ("python", "manage.py", "prepare")

PROCESSES: dict[str, tuple[str, ...]] = {
    "web": WEB,
    # Reading files takes the processor: one process a core.
    "read": (*WORKER, "--without-mingle", "--pool", "prefork", "--queues", "read", "--hostname", "read@%h"),
    # Asking models is waiting: threads, of which only some work at a time (documents.places).
    "think": (
        *(*WORKER, "--without-mingle", "--pool", "threads", "--concurrency", "256"),
        *("--queues", "think", "--hostname", "think@%h"),
    ),
    # Its schedule is in code and it keeps no state worth a file.
    "beat": (
        *("python", "-m", "celery", "--quiet", "--skip-checks", "-A", "config", "beat", "--loglevel", "WARNING"),
        *("--scheduler", "celery.beat:Scheduler", "--pidfile", ""),
    ),
}

# Answers when the process and its database do.
HEALTH_PATH = "/health/"


def here(command: tuple[str, ...]) -> list[str]:
    """The command as this interpreter runs it."""
    return [sys.executable, *command[1:]]
