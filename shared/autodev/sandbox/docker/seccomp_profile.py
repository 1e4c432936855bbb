"""The guest's system call filter as Docker wants it: in force before process 1 is, which then adds its own. Pure."""

from __future__ import annotations

import errno
import platform
from collections.abc import Sequence
from socket import AF_UNIX
from typing import Any, Final

from autodev.sandbox.seccomp.filter import NEW_NAMESPACE, TIOCLINUX, TIOCSTI
from autodev.sandbox.seccomp.machine import MACHINES

_ARCHITECTURES: Final = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}
_LOW_HALF = 0xFFFF_FFFF
"""The kernel looks no further at a request number, so neither may the filter."""


def seccomp_profile(machine_name: str | None = None) -> dict[str, Any]:
    """What `guest_filter` refuses, with the same errors, for this machine or the named one.

    Calls of another architecture are deadly in both.
    """
    name = machine_name or platform.machine()
    bits = [1 << bit for bit in range(32) if NEW_NAMESPACE >> bit & 1]
    return {
        "defaultAction": "SCMP_ACT_ALLOW",
        "architectures": [_ARCHITECTURES[name]],
        "syscalls": [
            _refuse(["clone3"], errno.ENOSYS),
            *(_refuse(["clone"], errno.EPERM, _masked(0, bit, bit)) for bit in bits),
            _refuse(["socket"], errno.EPERM, {"index": 0, "value": AF_UNIX, "op": "SCMP_CMP_NE"}),
            *(_refuse(["ioctl"], errno.EPERM, _masked(1, _LOW_HALF, request)) for request in (TIOCSTI, TIOCLINUX)),
            _refuse(sorted(MACHINES[name].refused), errno.EPERM),
        ],
    }


def _refuse(names: Sequence[str], error: int, *conditions: dict[str, Any]) -> dict[str, Any]:
    return {"names": list(names), "action": "SCMP_ACT_ERRNO", "errnoRet": error, "args": list(conditions)}


def _masked(index: int, mask: int, value: int) -> dict[str, Any]:
    return {"index": index, "value": mask, "valueTwo": value, "op": "SCMP_CMP_MASKED_EQ"}
