"""Version 1: a hierarchy for each controller, and a group is a directory in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autodev.sandbox.cgroups.group import CONTROLLERS, PERIOD_MICROSECONDS, Files, remove_group
from autodev.sandbox.policy import Policy


@dataclass(frozen=True, slots=True)
class GroupV1:
    directories: Mapping[str, Path]
    """By controller."""

    @property
    def files(self) -> Files:
        memory, pids, _ = (self.directories[name] for name in CONTROLLERS)
        # Who moves itself by `tasks` takes no lock that the whole kernel shares: some microseconds, not milliseconds.
        return Files(memory / "tasks", memory / "memory.oom_control", pids / "pids.events")

    @property
    def all_procs(self) -> Sequence[Path]:
        return [directory / "cgroup.procs" for directory in self.directories.values()]

    def hold(self, process_1: int) -> None:
        """In all but the memory's: each change of group makes the whole kernel wait, some milliseconds at times."""
        for controller in CONTROLLERS[1:]:
            (self.directories[controller] / "cgroup.procs").write_text(str(process_1))

    def limit(self, policy: Policy) -> None:
        memory, pids, cpu = (self.directories[name] for name in CONTROLLERS)
        with_swap = memory / "memory.memsw.limit_in_bytes"
        with suppress(FileNotFoundError):  # a kernel without swap accounting, or without swap
            with_swap.write_text("-1")  # may never be below the other, which may be about to rise
        (memory / "memory.limit_in_bytes").write_text(str(policy.memory_bytes))
        with suppress(FileNotFoundError):
            with_swap.write_text(str(policy.memory_bytes))
        (pids / "pids.max").write_text(str(policy.processes + 1))  # process 1 is there too
        (cpu / "cpu.cfs_period_us").write_text(str(PERIOD_MICROSECONDS))
        (cpu / "cpu.cfs_quota_us").write_text(str(round(policy.cpus * PERIOD_MICROSECONDS)))

    def pids(self) -> Sequence[int]:
        return [int(pid) for pid in (self.directories["pids"] / "cgroup.procs").read_text().split()]

    def remove(self) -> None:
        for directory in self.directories.values():
            remove_group(directory)


@dataclass(frozen=True, slots=True)
class GroupsV1:
    parents: Mapping[str, Path]
    """By controller: the directory in which groups are made."""

    def make(self, name: str) -> GroupV1:
        group = GroupV1({controller: parent / name for controller, parent in self.parents.items()})
        try:
            for directory in group.directories.values():
                directory.mkdir()
        except OSError:
            group.remove()
            raise
        return group
