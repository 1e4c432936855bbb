"""The CPU that process 1 works on until its first fork: its supervisor's, which waits meanwhile.

To wake a CPU that idles takes a virtual machine a millisecond or more, so what merely talks in turns stays on one.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # every import is paid at each start
    from collections.abc import Sequence


class Placement:
    def __init__(self, cpu: int | None, cpus: Sequence[int]) -> None:
        """Stays on `cpu` from now on, if there is any; `cpus` are those that it was kept from."""
        self._cpus = () if cpu is None else tuple(cpus)
        if cpu is not None:
            _move((cpu,))

    def release(self) -> None:
        """The calling process, and all that it starts, runs on any CPU again. Once is enough."""
        if self._cpus:
            _move(self._cpus)
            self._cpus = ()


def _move(cpus: Sequence[int]) -> None:
    try:  # noqa: SIM105 - `contextlib` is one more import
        os.sched_setaffinity(0, cpus)
    except OSError:
        pass  # a container that has other CPUs: slower by a millisecond, and no less isolated
