"""Reading what the kernel counts of the groups that a process is in, whoever made them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from autodev.sandbox.cgroups.available import Mount, NoGroups, directory_of, mounts_of, own_groups
from autodev.sandbox.cgroups.group import CONTROLLERS, Files, Group
from autodev.sandbox.cgroups.v1 import GroupV1
from autodev.sandbox.cgroups.v2 import GroupV2
from autodev.sandbox.supervision.transcript import Counts


@dataclass(frozen=True, slots=True)
class Counting:
    """Files that last as long as the group."""

    files: Files

    @classmethod
    def of(cls, process: Path) -> Self | None:
        """`process`: its directory in /proc. None where its groups are not mounted here."""
        mounts = list(mounts_of(Path("/proc/self/mountinfo").read_text().splitlines()))
        own = own_groups((process / "cgroup").read_text().splitlines())
        for group in (_version_1, _version_2):
            with suppress(NoGroups):
                files = group(mounts, own).files
                if files.oom.exists() and files.refused.exists():
                    return cls(files)
        return None

    def read(self) -> Counts | None:
        """None if the group is gone."""
        try:
            return Counts(_count(self.files.oom, "oom_kill"), _count(self.files.refused, "max"))
        except OSError:
            return None


def _version_1(mounts: Iterable[Mount], own: Mapping[str, str]) -> Group:
    return GroupV1({controller: directory_of(mounts, own, controller) for controller in CONTROLLERS})


def _version_2(mounts: Iterable[Mount], own: Mapping[str, str]) -> Group:
    return GroupV2(directory_of(mounts, own, ""))


def _count(file: Path, name: str) -> int:
    for line in file.read_text().splitlines():
        key, _, value = line.partition(" ")
        if key == name:
            return int(value)
    return 0
