"""gVisor and its guest are one to the host: what to limit both to, and which counts of both are the guest's. Pure."""

from __future__ import annotations

from typing import Final

from autodev.sandbox.policy import Policy
from autodev.sandbox.supervision.transcript import Counts

MEMORY: Final = 128 << 20
"""Bytes that gVisor's kernel and file server may take."""
THREADS: Final = 256
"""Of theirs; their scarcity would kill the sandbox and not the guest."""
THREADS_EACH: Final = 4
"""Of the host, for each process or thread of the guest, about."""


def with_overhead(policy: Policy) -> Policy:
    """What to limit gVisor and its guest to, for a guest that is limited to `policy`."""
    return policy.model_copy(
        update={
            "memory_bytes": policy.memory_bytes + MEMORY,
            "processes": THREADS + THREADS_EACH * policy.processes,
        }
    )


def of_the_guest(counts: Counts) -> Counts:
    """Refused threads are gVisor's own: its guest has a limit that gVisor keeps."""
    return Counts(oom_kills=counts.oom_kills)
