"""A short form of the soak: `make soak` is the long one."""

from __future__ import annotations

import os

import pytest

from autodev.sandbox.engines import ENGINES
from tests.soak.census import census
from tests.soak.killed import kill_supervisors
from tests.soak.run import soak

pytestmark = [
    pytest.mark.isolation,
    pytest.mark.skipif(os.geteuid() != 0, reason="control groups and gVisor take root"),
]


@pytest.mark.parametrize(("name", "runs"), [("namespaces", 200), ("gvisor", 15)])
async def test_nothing_is_left_of_many_runs_and_of_killed_supervisors(name: str, runs: int) -> None:
    engine = ENGINES[name](2)
    await soak(engine, 5, seed=1)
    engine.close()
    before = census()

    engine = ENGINES[name](2)
    ends = await soak(engine, runs, seed=2)
    engine.close()
    await kill_supervisors(name, 2, seed=3)

    assert ends.total() == runs
    assert census().left_since(before) == {}
