"""Version 2: one hierarchy for all controllers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autodev.sandbox.cgroups.group import CONTROLLERS, PERIOD_MICROSECONDS, Files, remove_group
from autodev.sandbox.policy import Policy


@dataclass(frozen=True, slots=True)
class GroupV2:
    directory: Path

    @property
    def files(self) -> Files:
        return Files(self.directory / "cgroup.procs", self.directory / "memory.events", self.directory / "pids.events")

    @property
    def all_procs(self) -> Sequence[Path]:
        return [self.files.procs]

    def hold(self, process_1: int) -> None:
        """Nowhere: what is in a group at all is in it with its memory."""

    def limit(self, policy: Policy) -> None:
        (self.directory / "memory.max").write_text(str(policy.memory_bytes))
        with suppress(FileNotFoundError):  # a kernel without swap
            (self.directory / "memory.swap.max").write_text("0")
        (self.directory / "pids.max").write_text(str(policy.processes))
        (self.directory / "cpu.max").write_text(f"{round(policy.cpus * PERIOD_MICROSECONDS)} {PERIOD_MICROSECONDS}")

    def pids(self) -> Sequence[int]:
        return [int(pid) for pid in (self.directory / "cgroup.procs").read_text().split()]

    def remove(self) -> None:
        remove_group(self.directory)


@dataclass(frozen=True, slots=True)
class GroupsV2:
    parent: Path

    def make(self, name: str) -> GroupV2:
        group = GroupV2(self.parent / name)
        group.directory.mkdir()
        return group


def enable(directory: Path) -> None:
    """Let groups within `directory` have all controllers.

    A group that has processes of its own can't, so these move to a group beside those to be made: what a manager does
    that was given a group to divide (systemd's `Delegate=yes`, a container's root).

    Raises:
        OSError: the group is not ours to divide, or its controllers were not given to it.
    """
    control = directory / "cgroup.subtree_control"
    if set(CONTROLLERS) <= set(control.read_text().split()):
        return
    wanted = " ".join(f"+{controller}" for controller in CONTROLLERS)
    try:
        control.write_text(wanted)
    except OSError:
        supervisor = directory / "supervisor"
        supervisor.mkdir(exist_ok=True)
        for pid in (directory / "cgroup.procs").read_text().split():
            with suppress(ProcessLookupError):
                (supervisor / "cgroup.procs").write_text(pid)
        control.write_text(wanted)
