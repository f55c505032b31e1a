"""What a process gives up before it touches a stranger's file. Called in the child only; there is no way back."""

import ctypes
import os
import resource
import signal
import sys

from documents.reading.limits import Limits

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_OPEN_FILES = 64


def confine(limits: Limits, parent: int) -> None:
    """From here on: bounded memory and time, no file written, no process started, no life beyond the parent's."""
    _die_with(parent)
    memory = limits.memory_mb * 1024 * 1024
    _limit(resource.RLIMIT_AS, memory)
    # The softer limit first: its signal says why the process died.
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, spare=2)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_NPROC, 0)


def _die_with(parent: int) -> None:
    if sys.platform != "linux":
        return
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        # It died before the kernel was asked to tell.
        os.kill(os.getpid(), signal.SIGKILL)


def _limit(what: int, value: int, *, spare: int = 0) -> None:
    """Lowers a limit, never raises one that is lower already."""
    _, hard = resource.getrlimit(what)
    most = value + spare if hard == resource.RLIM_INFINITY else min(value + spare, hard)
    resource.setrlimit(what, (min(value, most), most))
