"""What process 1 takes from itself before it reads a job, so that no call ever has it.

By `_ctypes` alone: see `kernel`.
"""

from __future__ import annotations

import _ctypes
import os

from autodev.sandbox.guest.kernel import libc, require
from autodev.sandbox.guest.scratch import SCRATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autodev.sandbox.guest.job import Confinement

_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT = 2, 4, 8, 32  # linux/mount.h
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = (
    4,
    38,
    22,
    2,
)  # linux/prctl.h, linux/seccomp.h
_INSTRUCTION_BYTES = 8


def confine(confinement: Confinement) -> None:
    """Raises SystemExit, with the reason, where something can't be given up: then nothing runs."""
    if confinement.scratch is not None:
        _bound_scratch(*confinement.scratch)
    if confinement.uid is not None:
        _become(confinement.uid)
    # Process 1 has the calls' user: nobody of that user may read its memory or open its files by /proc.
    require(libc("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0), "hide itself")
    if confinement.visible:
        from autodev.sandbox.guest.hide import hide_all_but

        hide_all_but(confinement.visible)
    if confinement.seccomp:
        _filter_system_calls(confinement.seccomp)


def _bound_scratch(size: int, inodes: int) -> None:
    """The launcher can bound its bytes alone, and lets programs in it be executed."""
    flags = _MS_REMOUNT | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    options = f"size={size},nr_inodes={inodes},mode=1777".encode()
    require(libc("mount", None, SCRATCH.encode(), None, flags, options), "bound its scratch directory")


def _become(uid: int) -> None:
    """Give up root for good: with no user ids left to go back to, the kernel drops every capability."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    if os.getresuid() != (uid, uid, uid) or os.getresgid() != (uid, uid, uid):
        raise SystemExit("the guest could not give up its rights")


class _Byte(_ctypes._SimpleCData):  # type: ignore[type-arg]  # noqa: SLF001 - what `ctypes` is made of
    _type_ = "B"


def _filter_system_calls(program: bytes) -> None:
    """`program`: instructions of classic BPF. In force from here on, for this process and all that come of it."""

    class _Program(_ctypes.Array):  # type: ignore[type-arg]
        _type_ = _Byte
        _length_ = len(program)

    instructions = _Program.from_buffer_copy(program)
    count = len(program) // _INSTRUCTION_BYTES
    described = count.to_bytes(8, "little") + _ctypes.addressof(instructions).to_bytes(8, "little")  # struct sock_fprog
    require(libc("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up gaining rights")
    require(libc("prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, described, 0, 0), "filter system calls")
