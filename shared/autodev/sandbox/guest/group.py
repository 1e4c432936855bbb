"""The control group that calls run in. Process 1 stays outside: its memory is the calls' alone.

By files that the host opened: inside, there is no control group to be seen.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autodev.sandbox.guest.job import Confinement


class Group:
    """Where the host made none, joining does nothing and all counts stay zero."""

    def __init__(self, confinement: Confinement) -> None:
        self._procs = _low(confinement.group_fd)
        self._oom = _low(confinement.oom_fd)
        self._refused = _low(confinement.refused_fd)

    def join(self) -> None:
        """Put the calling process there, and so all that it will start."""
        if self._procs is not None:
            os.write(self._procs, b"0")

    def counts(self) -> tuple[int, int]:
        """How many processes were killed for memory since the group was made, and how many forks were refused."""
        return _count(self._oom, b"oom_kill "), _count(self._refused, b"max ")


def _low(fd: int | None) -> int | None:
    """The same file under the lowest free number, where a call closes it."""
    if fd is None:
        return None
    low = os.dup(fd)
    os.close(fd)
    return low


def _count(fd: int | None, name: bytes) -> int:
    if fd is None:
        return 0
    for line in os.pread(fd, 4_096, 0).splitlines():
        if line.startswith(name):
            return int(line[len(name) :])
    return 0
