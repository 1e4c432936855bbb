"""Control groups of version 2, on files: where each limit is written, and in which order groups are divided."""

from __future__ import annotations

from pathlib import Path

import pytest

from autodev.sandbox import Policy
from autodev.sandbox.cgroups.v2 import GroupsV2, GroupV2, enable

POLICY = Policy(memory_bytes=64 << 20, processes=8, cpus=0.5)


@pytest.fixture
def group(tmp_path: Path) -> GroupV2:
    return GroupsV2(tmp_path).make("one")


def written(group: GroupV2) -> dict[str, str]:
    return {file.name: file.read_text() for file in group.directory.iterdir()}


def test_limits_are_the_policys(group: GroupV2) -> None:
    (group.directory / "memory.swap.max").write_text("max")

    group.limit(POLICY)

    assert written(group) == {
        "memory.max": str(64 << 20),
        "memory.swap.max": "0",
        "pids.max": "8",
        "cpu.max": "50000 100000",
    }


def test_its_processes_are_listed_and_its_counts_are_where_the_kernel_keeps_them(group: GroupV2) -> None:
    group.files.procs.write_text("12\n345\n")

    assert group.pids() == [12, 345]
    assert group.all_procs == [group.directory / "cgroup.procs"]
    assert (group.files.oom.name, group.files.refused.name) == ("memory.events", "pids.events")


def test_a_group_is_given_back(group: GroupV2) -> None:
    group.remove()

    assert not group.directory.exists()


def test_a_group_without_processes_hands_on_all_controllers(tmp_path: Path) -> None:
    (tmp_path / "cgroup.subtree_control").write_text("")

    enable(tmp_path)

    assert (tmp_path / "cgroup.subtree_control").read_text() == "+memory +pids +cpu"


def test_one_that_hands_them_on_already_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "cgroup.subtree_control").write_text("cpuset cpu io memory pids\n")

    enable(tmp_path)

    assert (tmp_path / "cgroup.subtree_control").read_text() == "cpuset cpu io memory pids\n"


def test_processes_of_its_own_move_aside_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel refuses to divide a group that has some: EBUSY."""
    control, supervisor = tmp_path / "cgroup.subtree_control", tmp_path / "supervisor"
    control.write_text("")
    (tmp_path / "cgroup.procs").write_text("12\n")
    write = Path.write_text

    def as_the_kernel_does(path: Path, text: str) -> int:
        if path == control and not (supervisor / "cgroup.procs").exists():
            raise OSError(16, "Device or resource busy")
        return write(path, text)

    monkeypatch.setattr(Path, "write_text", as_the_kernel_does)

    enable(tmp_path)

    assert (supervisor / "cgroup.procs").read_text() == "12"
    assert control.read_text() == "+memory +pids +cpu"
