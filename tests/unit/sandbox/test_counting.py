"""Reading what the kernel counted of a group, of either version."""

from __future__ import annotations

from pathlib import Path

import pytest

from autodev.sandbox.cgroups.counting import Counting
from autodev.sandbox.cgroups.group import Files
from autodev.sandbox.supervision.transcript import Counts

VERSION_1 = "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"
VERSION_2 = "low 0\nhigh 0\nmax 17\noom 3\noom_kill 2\noom_group_kill 0\n"


@pytest.mark.parametrize("memory", [VERSION_1, VERSION_2])
def test_kills_and_refused_forks_are_read(tmp_path: Path, memory: str) -> None:
    files = Files(Path("procs"), tmp_path / "memory", tmp_path / "pids")
    files.oom.write_text(memory)
    files.refused.write_text("max 5\n")

    assert Counting(files).read() == Counts(oom_kills=2, refused_forks=5)


def test_of_a_group_that_is_gone_nothing_is_known(tmp_path: Path) -> None:
    assert Counting(Files(Path("procs"), tmp_path / "memory", tmp_path / "pids")).read() is None
