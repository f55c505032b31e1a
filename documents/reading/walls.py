"""What a process gives up before it touches a stranger's file. Called in the child only; there is no way back.

Three walls stand one behind the other: limits of the kernel on what a process may use; Landlock, which leaves it one
file and the libraries to read and nothing to write; seccomp, which takes away the system calls for networks, programs,
other processes and changes to files. Numbers and bits are those of the Linux headers landlock.h, prctl.h and sched.h.
"""

import ctypes
import errno
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from documents.reading.limits import Limits

LANDLOCK = (
    "Landlock, which keeps a parser from files that are not its own (Linux 5.13 or newer, CONFIG_SECURITY_LANDLOCK)"
)
SECCOMP = (
    "seccomp, which keeps a parser from the network and from programs (the library libseccomp2 and CONFIG_SECCOMP)"
)

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_OPEN_FILES = 64
_CLONE_THREAD = 0x00010000

# The same on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# How many rights over files, then over TCP, then scopes each version knows; what is not named in a rule is refused.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP_SINCE, _SCOPES_SINCE = 4, 6
_BOTH = 0b11

_REFUSED_CALLS = (
    # networks
    *("socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg"),
    # programs and other processes
    *("execve", "execveat", "fork", "vfork", "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "ptrace", "kcmp"),
    *("pidfd_open", "pidfd_getfd", "pidfd_send_signal", "process_vm_readv", "process_vm_writev", "process_madvise"),
    # changes to files
    *("creat", "truncate", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink"),
    *("unlinkat", "rmdir", "mkdir", "mkdirat", "mknod", "mknodat", "chmod", "fchmod", "fchmodat", "fchmodat2", "chown"),
    *("fchown", "lchown", "fchownat", "utime", "utimes", "utimensat", "futimesat", "setxattr", "lsetxattr"),
    *("fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "open_by_handle_at"),
    # the machine
    *("mount", "umount2", "move_mount", "open_tree", "fsopen", "fsmount", "fsconfig", "fspick", "pivot_root", "chroot"),
    *("setns", "unshare", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "keyctl"),
    *("io_uring_register", "add_key", "request_key", "init_module", "finit_module", "delete_module", "kexec_load"),
    *("kexec_file_load", "reboot", "swapon", "swapoff", "iopl", "ioperm", "syslog", "settimeofday", "clock_settime"),
    *("adjtimex", "clock_adjtime", "sethostname", "setdomainname", "acct", "quotactl", "personality", "shmget"),
    *("msgget", "semget", "mq_open", "fanotify_init", "memfd_secret", "lookup_dcookie", "vhangup"),
)
# Their arguments stand behind a pointer the filter cannot follow; libraries fall back to the older calls.
_UNKNOWN_CALLS = ("clone3", "openat2")


@cache
def missing() -> tuple[str, ...]:
    """The walls this machine lacks, in words."""
    return tuple(wall for wall, there in ((LANDLOCK, _landlock_version() > 0), (SECCOMP, _has_seccomp())) if not there)


def confine(limits: Limits, *, readable: Sequence[Path]) -> None:
    """From here on: bounded memory and time, these files and folders to read, nothing to write, nobody to talk to."""
    _give_up_privileges()
    bound(limits)
    absent = missing()
    if absent and not limits.weak_walls:
        raise OSError(errno.ENOSYS, "a wall is missing")
    if LANDLOCK not in absent:
        _only_read(readable)
    if SECCOMP not in absent:
        _filter_calls()


def die_with_parent(parent: int) -> None:
    """No life beyond the process that started this one."""
    if sys.platform != "linux":
        return
    _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        # It died before the kernel was asked to tell.
        os.kill(os.getpid(), signal.SIGKILL)


def bound(limits: Limits) -> None:
    """Limits the kernel keeps, for this process and whatever it might start."""
    _limit(resource.RLIMIT_AS, _address_space() + limits.memory_mb * 1024 * 1024)
    _limit(resource.RLIMIT_CPU, limits.total_seconds)
    more_time(limits)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_NPROC, 0)


def more_time(limits: Limits) -> None:
    """A page is done: the next one may use as much processor time again, as long as the whole file has some left."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds
    # The softer limit comes first: its signal says why the process died.
    soft = until if hard == resource.RLIM_INFINITY else max(min(until, hard - 2), 1)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _address_space() -> int:
    """Bytes this process has mapped: the parsers themselves, which no file is to blame for."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _limit(what: int, value: int) -> None:
    """Lowers a limit, never raises one that is lower already."""
    _, hard = resource.getrlimit(what)
    most = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (most, most))


def _give_up_privileges() -> None:
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: Any) -> int:
    """A system call that has no function of its own; raises OSError."""
    result = _libc().syscall(number, *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return int(result)


def _landlock_version() -> int:
    if sys.platform != "linux":
        return 0
    try:
        return _call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    except OSError:
        return 0


def _only_read(readable: Sequence[Path]) -> None:
    """Landlock: these files and folders may be read; everything else over files, TCP and signals is refused."""
    version = _landlock_version()
    ruleset = _ruleset(version)
    try:
        for path in readable:
            _allow_reading(ruleset, path)
        _call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def _ruleset(version: int) -> int:
    files = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    asked = [files]
    if version >= _TCP_SINCE:
        asked.append(_BOTH)
    if version >= _SCOPES_SINCE:
        asked.append(_BOTH)
    attributes = struct.pack(f"={len(asked)}Q", *asked)
    return _call(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))


def _allow_reading(ruleset: int, path: Path) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rights = _READ_FILE | (_READ_DIR if path.is_dir() else 0)
        rule = struct.pack("=Qi", rights, handle)
        _call(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_RULE_PATH_BENEATH), rule, ctypes.c_uint32(0))
    finally:
        os.close(handle)


@cache
def _seccomp() -> Any:
    # Looks for libseccomp when imported, and fails where there is none.
    try:
        import pyseccomp
    except (RuntimeError, OSError):
        return None
    return pyseccomp


def _has_seccomp() -> bool:
    return sys.platform == "linux" and _seccomp() is not None


def _filter_calls() -> None:
    """seccomp: the refused calls fail as if they were forbidden, for good."""
    seccomp = _seccomp()
    forbidden = seccomp.ERRNO(errno.EPERM)
    calls = seccomp.SyscallFilter(defaction=seccomp.ALLOW)
    for name in _REFUSED_CALLS:
        _refuse(calls, forbidden, name)
    for name in _UNKNOWN_CALLS:
        _refuse(calls, seccomp.ERRNO(errno.ENOSYS), name)
    masked, differs = seccomp.MASKED_EQ, seccomp.NE
    _refuse(calls, forbidden, "clone", [seccomp.Arg(0, masked, _CLONE_THREAD, 0)])
    _refuse(calls, forbidden, "tgkill", [seccomp.Arg(0, differs, os.getpid())])
    _refuse(calls, forbidden, "prlimit64", [seccomp.Arg(0, differs, 0)])
    for flag in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC):
        _refuse(calls, forbidden, "open", [seccomp.Arg(1, masked, flag, flag)])
        _refuse(calls, forbidden, "openat", [seccomp.Arg(2, masked, flag, flag)])
    calls.load()


def _refuse(calls: Any, action: int, name: str, arguments: Iterable[Any] = ()) -> None:
    try:
        calls.add_rule(action, name, *arguments)
    except (OSError, ValueError):
        # A call this kernel's library does not know by name cannot be made by that name either.
        if name in ("socket", "execve", "clone", "openat"):
            raise
