"""Attempts at what a confined process must not be able to do. Each says whether it got through."""

import ctypes
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_PTRACE_ATTACH = 16


def run(name: str) -> str:
    """`refused` with the kind of error, or `allowed`."""
    try:
        PROBES[name]()
    except (OSError, MemoryError) as error:
        return f"refused: {type(error).__name__}"
    return "allowed"


def _open_socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def _open_unix_socket() -> None:
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


def _look_up_a_name() -> None:
    socket.getaddrinfo("localhost.invalid", 80)


def _run_a_program() -> None:
    os.execv("/bin/true", ["true"])  # noqa: S606 - the point of the probe


def _start_a_process() -> None:
    if os.fork() == 0:
        os._exit(0)


def _read_a_stranger() -> None:
    Path("/etc/passwd").read_bytes()


def _read_the_environment_of_others() -> None:
    Path(f"/proc/{os.getppid()}/environ").read_bytes()


def _list_a_folder() -> None:
    os.listdir("/")


def _write_a_file() -> None:
    Path("/tmp/glossa-probe").write_bytes(b"x")  # noqa: S108 - the point of the probe


def _write_here() -> None:
    (Path(__file__).parent / "probe").write_bytes(b"x")


def _remove_a_file() -> None:
    os.unlink(__file__)


def _change_rights() -> None:
    os.chmod(__file__, os.stat(__file__).st_mode)


def _make_a_folder() -> None:
    os.mkdir("/tmp/glossa-probe-folder")  # noqa: S108 - the point of the probe


def _signal_the_parent() -> None:
    os.kill(os.getppid(), 0)


def _trace_the_parent() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(_PTRACE_ATTACH, os.getppid(), None, None) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def _take_memory() -> None:
    taken = [bytearray(64 * 1024 * 1024) for _ in range(64)]
    del taken


def _leave_the_namespace() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000) < 0:
        raise OSError(ctypes.get_errno(), "unshare")


def _spin() -> None:
    """Only the limit on processor time ends it."""
    while True:
        pass


def _sleep() -> None:
    """Only the limit on time ends it."""
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(60)


PROBES: dict[str, Callable[[], None]] = {
    "socket": _open_socket,
    "unix socket": _open_unix_socket,
    "name": _look_up_a_name,
    "program": _run_a_program,
    "process": _start_a_process,
    "file of another": _read_a_stranger,
    "environment of another": _read_the_environment_of_others,
    "folder": _list_a_folder,
    "file": _write_a_file,
    "file beside the code": _write_here,
    "removal": _remove_a_file,
    "rights": _change_rights,
    "new folder": _make_a_folder,
    "signal": _signal_the_parent,
    "trace": _trace_the_parent,
    "memory": _take_memory,
    "namespace": _leave_the_namespace,
    "spin": _spin,
    "sleep": _sleep,
}
