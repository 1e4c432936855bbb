"""Engines for the catalogue, and what became of every program of it that is asked for."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from autodev.sandbox.labels import this_process
from autodev.sandbox.supervision.engine import SupervisedEngine
from tests.security.sandbox.catalogue.hostile import Hostile
from tests.security.sandbox.catalogue.rows import SECRET, SOCKET
from tests.security.sandbox.catalogue.running import Observed, run_all
from tests.security.sandbox.conftest import children_of_this_process

WARM = 2


@pytest.fixture(scope="module")
def engine_called(
    make_engine: Callable[[str, int], SupervisedEngine],
) -> Iterator[Callable[[str], SupervisedEngine]]:
    """Each engine once, with isolations started ahead, until the module ends; skips where it can't be made here."""
    made: dict[str, SupervisedEngine] = {}
    supervisor = pytest.MonkeyPatch()
    supervisor.setenv("AUTODEV_CATALOGUE_SECRET", SECRET)

    def engine_called(name: str) -> SupervisedEngine:
        if name not in made:
            made[name] = make_engine(name, WARM)
        return made[name]

    yield engine_called
    for engine in made.values():
        engine.close()
    supervisor.undo()
    assert children_of_this_process() == [], "launchers outlived their engine"
    groups = [str(path) for path in Path("/sys/fs/cgroup").glob(f"**/{this_process().name}/*/")]
    assert groups == [], "control groups outlived their engine"


@pytest.fixture(scope="module")
def observed(
    request: pytest.FixtureRequest, engine_called: Callable[[str], SupervisedEngine]
) -> Callable[[str, Hostile], Observed]:
    """All programs that were selected run when the first of them is asked for, several at one time."""
    found: dict[str, Mapping[str, Observed]] = {}

    def observed(name: str, hostile: Hostile) -> Observed:
        engine = engine_called(name)
        if name not in found:
            with socket.socket(socket.AF_UNIX) as server:
                server.bind("\0" + SOCKET)
                server.listen()
                found[name] = asyncio.run(run_all(engine, _selected(request.session, name)))
        return found[name][hostile.name]

    return observed


def _selected(session: pytest.Session, engine: str) -> list[Hostile]:
    specifications = [item.callspec.params for item in session.items if hasattr(item, "callspec")]
    wanted = {
        params["hostile"].name: params["hostile"]
        for params in specifications
        if "hostile" in params and params.get("engine_name") == engine
    }
    return list(wanted.values())
