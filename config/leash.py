"""Runs a command that does not outlive its parent, and, when asked, not as root.

    python -I -S config/leash.py PARENT SIGNAL [--account UID:GID [--override]] COMMAND…

A program of its own: what happens between fork and exec must not run in a process with threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE = 1


def die_with(parent: int, signal_number: int) -> None:
    """The kernel sends `signal_number` to this process when the parent ends, however it ends (Linux only)."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("The process that started this one has ended.")


def become(uid: int, gid: int, *, override: bool) -> None:
    """Gives up root for an account; `override` keeps the one right to pass folders that account may not enter."""
    libc = ctypes.CDLL(None, use_errno=True)
    if override:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if override:
        bit = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
        if libc.capset(header, sets) or libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0):
            sys.exit(f"The right to pass closed folders could not be kept: {os.strerror(ctypes.get_errno())}.")


def main() -> None:
    parent, signal_number, *command = sys.argv[1:]
    if command[0] == "--account":
        uid, gid = command[1].split(":")
        override = command[2] == "--override"
        become(int(uid), int(gid), override=override)
        command = command[3 if override else 2 :]
    die_with(int(parent), int(signal_number))
    os.execv(command[0], command)  # noqa: S606 - the command comes from our own code


if __name__ == "__main__":
    main()
