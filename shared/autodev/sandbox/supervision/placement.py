"""A supervisor's thread and its guest take turns: on one CPU, neither has to wake another that idles meanwhile."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_current_cpu = getattr(ctypes.CDLL(None), "sched_getcpu", None)
"""None where the C library does not tell."""


@contextmanager
def on_one_cpu() -> Iterator[tuple[int | None, tuple[int, ...]]]:
    """Keep the calling thread where it is, and say where that is and where else it may be: (None, ()) if not at all.

    The guest's calls are not kept there, nor is process 1 once it has forked one: see `guest.placement`.
    """
    allowed = os.sched_getaffinity(0)
    cpu = _current_cpu() if _current_cpu is not None and len(allowed) > 1 else -1
    if cpu not in allowed:
        yield None, ()
        return
    os.sched_setaffinity(0, {cpu})
    try:
        yield cpu, tuple(allowed)
    finally:
        with suppress(OSError):  # CPUs were taken away meanwhile, and the kernel has moved the thread
            os.sched_setaffinity(0, allowed)
