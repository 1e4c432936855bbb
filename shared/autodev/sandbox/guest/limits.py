"""Resource limits that the kernel keeps. Soft equals hard (CPU seconds aside), so nothing is left to raise.

Set from inside, by trusted code, because the kernel counts processes per user namespace or leased uid: from the
outside the count would include other isolations.
"""

from __future__ import annotations

import resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autodev.sandbox.guest.job import Limits

_STACK_BYTES = 8 << 20
_ADDRESS_SPACE = 4
"""Times the memory, where memory itself is counted: what is reserved and never touched does no harm then."""
_ADDRESS_SPACE_OF_A_THREAD = 128 << 20
"""What the C library reserves for each, stack and heap: a thread more than allowed is the group's to refuse."""


def apply_to_all(limits: Limits, *, grouped: bool) -> None:
    """For process 1 and every call it forks. `grouped`: the kernel counts memory and processes of calls, and tells."""
    for kind, value in (
        (resource.RLIMIT_AS, _address_space(limits) if grouped else limits.memory_bytes),
        # Process 1 counts too. More of them in a group, so that the group refuses: this limit keeps no count.
        (resource.RLIMIT_NPROC, (limits.processes + 1) * (2 if grouped else 1)),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_STACK, _STACK_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        _limit(kind, value)
    try:  # noqa: SIM105 - `contextlib` is one more import
        _limit(resource.RLIMIT_MSGQUEUE, 0)
    except ValueError:
        pass  # a kernel without message queues, as gVisor's is


def _address_space(limits: Limits) -> int:
    return limits.memory_bytes * _ADDRESS_SPACE + limits.processes * _ADDRESS_SPACE_OF_A_THREAD


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (allowed, allowed))


def apply_to_call(limits: Limits) -> None:
    """For one call's process: CPU seconds start at zero in a fork, and process 1 lives longer than a call.

    The soft limit comes first, because it names itself (SIGXCPU); the hard one is for who does not listen.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
