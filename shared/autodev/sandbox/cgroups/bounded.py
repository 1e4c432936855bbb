"""A group with limits in force from its first moment: to change them later can take the kernel milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autodev.sandbox.cgroups.group import Files, Group
from autodev.sandbox.policy import Policy


class BoundedGroup:
    """See `Group`."""

    def __init__(self, group: Group, policy: Policy) -> None:
        """Raises OSError: the kernel refused; the group is removed then."""
        self._group = group
        try:
            group.limit(policy)
        except OSError:
            group.remove()
            raise
        self._limits = _limits(policy)

    @property
    def files(self) -> Files:
        return self._group.files

    @property
    def all_procs(self) -> Sequence[Path]:
        return self._group.all_procs

    def hold(self, process_1: int) -> None:
        self._group.hold(process_1)

    def limit(self, policy: Policy) -> None:
        """Nothing happens where the limits are in force already."""
        if _limits(policy) != self._limits:
            self._group.limit(policy)
            self._limits = _limits(policy)

    def pids(self) -> Sequence[int]:
        return self._group.pids()

    def remove(self) -> None:
        self._group.remove()


def _limits(policy: Policy) -> tuple[int, int, float]:
    return policy.memory_bytes, policy.processes, policy.cpus
