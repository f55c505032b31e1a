"""PostgreSQL and Valkey from wheels."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from config import embedded, state

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deeper than a Unix socket could lie, and with a blank in it."""
    return tmp_path_factory.mktemp("a checkout") / ("deep" * 20) / ("deeper" * 10)


@pytest.fixture
def servers(var: Path) -> Iterator[embedded.Servers]:
    with embedded.running(var, durable=False) as servers:
        yield servers


def processes_of(var: Path) -> list[psutil.Process]:
    places = {str(var / "postgres"), str(var / "valkey")}
    return [process for process in psutil.process_iter(["cwd"]) if process.info["cwd"] in places]


def start_elsewhere(var: Path) -> subprocess.Popen[str]:
    """Servers whose starter is a process of its own, which says when they answer."""
    program = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from config import embedded
        with embedded.running(Path(sys.argv[1]), durable=False):
            print("ready", flush=True)
            time.sleep(600)
        """
    )
    starter = subprocess.Popen([sys.executable, "-c", program, str(var)], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    assert starter.stdout.readline() == "ready\n"
    return starter


def test_both_servers_answer_and_vectors_are_there(servers: embedded.Servers) -> None:
    with psycopg.connect(servers.addresses.database_url) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        distance = connection.execute("SELECT '[1,0]'::vector <-> '[1,2]'::vector").fetchone()
    with redis.Redis.from_url(servers.addresses.redis_url) as client:
        answered = client.ping()

    assert distance == (2.0,)
    assert answered is True


def test_nobody_gets_in_without_the_password(servers: embedded.Servers) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(servers.addresses.database_url.replace(servers.postgres.password, "guess"))
    with redis.Redis(port=servers.valkey.port) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_other_processes_find_the_addresses_while_the_servers_run(var: Path) -> None:
    with embedded.running(var, durable=False) as servers:
        during = state.addresses(var)
    after = state.addresses(var)

    assert during == servers.addresses
    assert after == state.NOWHERE


def test_what_is_secret_is_for_the_owner_only(servers: embedded.Servers, var: Path) -> None:
    modes = {
        name: stat.S_IMODE((var / name).stat().st_mode) for name in ("password", "servers.json", "valkey/valkey.conf")
    }

    assert set(modes.values()) == {0o600}


def test_rows_and_keys_outlive_a_restart(var: Path) -> None:
    with (
        embedded.running(var) as servers,
        psycopg.connect(servers.addresses.database_url, autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        redis.Redis.from_url(servers.addresses.redis_url).set("kept", 42)

    with embedded.running(var) as servers, psycopg.connect(servers.addresses.database_url) as connection:
        row = connection.execute("SELECT answer FROM kept").fetchone()
        key = redis.Redis.from_url(servers.addresses.redis_url).get("kept")

    assert row == (42,)
    assert key == b"42"


def test_servers_end_with_a_starter_that_is_killed(var: Path) -> None:
    starter = start_elsewhere(var)
    running = processes_of(var)

    starter.kill()
    starter.wait()
    _, alive = psutil.wait_procs(running, timeout=20)

    assert running
    assert alive == []


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="children outlive their parent only where we ask for it"
)
def test_a_start_after_everything_was_killed_at_once_works(var: Path) -> None:
    starter = start_elsewhere(var)
    for process in [psutil.Process(starter.pid), *processes_of(var)]:
        # Those that are left notice, and go by themselves.
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    starter.wait()

    with embedded.running(var, durable=False) as servers:
        answers = servers.postgres.answers()

    assert answers


def test_an_old_server_of_the_same_folder_is_stopped_first(var: Path) -> None:
    servers = embedded.Servers(var, durable=False)
    servers.start()
    old = servers.postgres.process
    assert old is not None

    with embedded.running(var, durable=False) as new:
        code = old.wait(20)
        answers = new.postgres.answers()

    assert code == 0
    assert answers


def test_a_folder_that_is_no_folder_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "postgres").mkdir()
    (tmp_path / "var" / "postgres" / "PG_VERSION").write_text("12\n")

    with pytest.raises(embedded.CannotStart, match="written by PostgreSQL 12, this is 18"):
        embedded.Servers(tmp_path / "var").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hide a folder from the account PostgreSQL runs as")
def test_root_may_keep_the_checkout_behind_a_closed_door(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with embedded.running(closed / "var", durable=False) as servers:
        assert servers.postgres.process is not None
        account = psutil.Process(servers.postgres.process.pid).uids().effective

    assert account != 0


def test_a_server_that_dies_is_noticed_and_comes_back_where_it_was(servers: embedded.Servers) -> None:
    address = servers.addresses.redis_url
    assert servers.valkey.process is not None
    servers.valkey.process.send_signal(signal.SIGKILL)
    servers.valkey.process.wait()

    dead = servers.dead()
    for server in dead:
        server.start()

    assert [server.name for server in dead] == ["Valkey"]
    assert redis.Redis.from_url(address).ping()
