"""A short form of the soak: `make soak` is the long one."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from autodev.sandbox.supervision.engine import SupervisedEngine
from tests.soak.census import census
from tests.soak.killed import kill_supervisors
from tests.soak.run import soak

pytestmark = [
    pytest.mark.isolation,
    pytest.mark.skipif(os.geteuid() != 0, reason="control groups and gVisor take root"),
]


@pytest.mark.parametrize(("name", "runs"), [("namespaces", 200), ("gvisor", 15), ("docker", 15), ("docker-gvisor", 10)])
async def test_nothing_is_left_of_many_runs_and_of_killed_supervisors(
    name: str, runs: int, make_engine: Callable[[str, int], SupervisedEngine]
) -> None:
    engine = make_engine(name, 2)
    await soak(engine, 5, seed=1)
    engine.close()
    before = census()

    engine = make_engine(name, 2)
    ends = await soak(engine, runs, seed=2)
    engine.close()
    await kill_supervisors(name, 2, seed=3)

    assert ends.total() == runs
    assert census().left_since(before) == {}
