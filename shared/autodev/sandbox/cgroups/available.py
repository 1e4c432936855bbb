"""Which groups this process may make: by trying."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autodev.sandbox.cgroups.group import CONTROLLERS, Groups
from autodev.sandbox.cgroups.v1 import GroupsV1
from autodev.sandbox.cgroups.v2 import GroupsV2, enable
from autodev.sandbox.labels import Owner


class NoGroups(OSError):  # noqa: N818 - reads as the state it reports
    """This process may not make control groups; the message says why."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A hierarchy as this process sees it."""

    point: Path
    kind: str
    """`cgroup` or `cgroup2`."""
    options: frozenset[str]
    root: str
    """What of the hierarchy is mounted there."""


def groups_of(owner: Owner, process: Path = Path("/proc/self")) -> Groups:
    """Groups in one of the owner's, within that of this process, so that this process's limits hold for them too.

    Raises:
        NoGroups: there are none to be had.
    """
    mounts = list(mounts_of((process / "mountinfo").read_text().splitlines()))
    own = own_groups((process / "cgroup").read_text().splitlines())
    reasons = []
    for version in (_version_1, _version_2):
        try:
            groups = version(mounts, own, owner.name)
            groups.make("probe").remove()
        except OSError as error:
            reasons.append(str(error))
        else:
            return groups
    raise NoGroups("; ".join(reasons))


def hierarchies(process: Path = Path("/proc/self")) -> Iterator[Path]:
    """Where those that groups are made in are mounted."""
    for mount in mounts_of((process / "mountinfo").read_text().splitlines()):
        if mount.kind == "cgroup2" or mount.options & set(CONTROLLERS):
            yield mount.point


def _version_1(mounts: Iterable[Mount], own: Mapping[str, str], name: str) -> Groups:
    parents = {}
    for controller in CONTROLLERS:
        parents[controller] = directory_of(mounts, own, controller) / name
        parents[controller].mkdir(exist_ok=True)
    return GroupsV1(parents)


def _version_2(mounts: Iterable[Mount], own: Mapping[str, str], name: str) -> Groups:
    directory = directory_of(mounts, own, "")
    enable(directory)
    parent = directory / name
    parent.mkdir(exist_ok=True)
    enable(parent)
    return GroupsV2(parent)


def directory_of(mounts: Iterable[Mount], own: Mapping[str, str], controller: str) -> Path:
    """The group of this process in a hierarchy; the controller of version 2 is the empty one."""
    for mount in mounts:
        of_hierarchy = mount.kind == "cgroup2" if not controller else controller in mount.options
        if of_hierarchy and controller in own:
            within = os.path.relpath(own[controller], mount.root)
            return mount.point if within.startswith("..") else mount.point / within
    raise NoGroups(f"no {f'hierarchy of {controller}' if controller else 'cgroup2'} is mounted")


def own_groups(lines: Iterable[str]) -> dict[str, str]:
    """By controller (cgroups(7)): `4:memory:/user/1`, or `0::/user/1` for version 2."""
    own: dict[str, str] = {}
    for line in lines:
        _, controllers, path = line.split(":", 2)
        own |= dict.fromkeys(controllers.split(","), path)
    return own


def mounts_of(lines: Iterable[str]) -> Iterator[Mount]:
    """proc(5): `36 35 98:0 /root /point options - type source super-options`."""
    for line in lines:
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        if kind in ("cgroup", "cgroup2"):
            _, _, _, root, point, *_ = before.split(" ")
            yield Mount(Path(point), kind, frozenset(options.split(",")), root)
