"""Engines for tests by their names, and a Docker daemon for those that need one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from autodev.sandbox import IsolationUnavailable
from autodev.sandbox.engines import ENGINES
from autodev.sandbox.supervision.engine import SupervisedEngine
from deploy.sandbox.dockerd import DockerdError, some_daemon

NEVER_MISSING = "namespaces"


@pytest.fixture(scope="session")
def a_daemon_answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The one that this machine has, else one that runs as long as the tests. Skips where there can be none."""
    with ExitStack() as stack:
        try:
            stack.enter_context(some_daemon(tmp_path_factory.mktemp("dockerd")))
        except DockerdError as error:
            pytest.skip(f"no Docker daemon answers, and none can be started: {error}")
        yield


@pytest.fixture(scope="session")
def make_engine(request: pytest.FixtureRequest) -> Callable[[str, int], SupervisedEngine]:
    """Makes one with isolations started ahead; skips where it can't be made here."""

    def make(name: str, warm: int) -> SupervisedEngine:
        if name.startswith("docker"):
            request.getfixturevalue("a_daemon_answers")
        try:
            return ENGINES[name](warm)
        except IsolationUnavailable as error:
            if name == NEVER_MISSING:
                raise
            pytest.skip(f"no {name} on this machine: {error}")

    return make
