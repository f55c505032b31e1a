"""A pytest plugin: one PostgreSQL and one Valkey for a whole test run, and the settings that go with them.

Servers named by DATABASE_URL and REDIS_URL are used when both are set. Parallel workers share the servers: each has its
own test database, made by pytest-django, and its own numbered database in Valkey.
"""

import contextlib
import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from django.db import connections

from config import embedded

ENVIRONMENT = {
    # A test run takes nothing from the person who starts it.
    "ENV_FILE": os.devnull,
    "ANTHROPIC_API_KEY": "",
    "AI_BASE_URL": "",
    "AI_PROVIDER": "auto",
    "AI_FEATURES": "",
    "AI_CONTEXT_TOKENS": "",
    "EMAIL_URL": "",
    "DEBUG": "false",
    "HTTPS": "false",
    "SECRET_KEY": "a-key-for-tests-only-that-is-long-enough-to-be-taken-for-one",
    "ALLOWED_HOSTS": "testserver",
    "LOG_LEVEL": "WARNING",
    "SIGNUP_OPEN": "true",
}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Before pytest-django reads the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        run = contextlib.ExitStack()
        early_config.add_cleanup(run.close)
        start(run)
    else:
        os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{int(worker.removeprefix('gw')) + 1}"
    return (yield)


def start(run: contextlib.ExitStack) -> None:
    var = Path(run.enter_context(tempfile.TemporaryDirectory(prefix="glossa-tests-")))
    os.environ.update(ENVIRONMENT, VAR_DIR=str(var))
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        # PostgreSQL does not run as root, and the account it runs as must get to its data.
        var.chmod(0o711)
        servers = run.enter_context(embedded.running(var / "servers", durable=False))
        os.environ.update(DATABASE_URL=servers.addresses.database_url, REDIS_URL=servers.addresses.redis_url)


def pytest_configure(config: pytest.Config) -> None:
    """Pages name their static files by content, so these are collected once, before the workers start.

    Threads of streams keep their connections for a while elsewhere; here the database is taken away at the end.
    """
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    if "PYTEST_XDIST_WORKER" not in os.environ:
        # Django has no settings before this hook.
        from config.static_files import collect_if_changed

        collect_if_changed()
