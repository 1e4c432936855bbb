"""An engine for each module; the programs and fixtures are those of all engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autodev.sandbox import Engine
from autodev.sandbox.docker.daemon import Daemon
from autodev.sandbox.docker.launcher import owner_labels
from autodev.sandbox.docker.settings import OWNER_LABEL
from autodev.sandbox.engines import docker_engine
from autodev.sandbox.supervision.engine import SupervisedEngine
from tests.security.sandbox.attacks import HASTY, POLICY

WARM = 2


@pytest.fixture(scope="module")
def daemon(a_daemon_answers: None) -> Iterator[Daemon]:
    daemon = Daemon.connect()
    yield daemon
    daemon.close()


@pytest.fixture(scope="module")
def docker(daemon: Daemon) -> Iterator[SupervisedEngine]:
    engine = docker_engine(warm=WARM)
    for policy in (POLICY, HASTY):
        engine.warm_up(policy)
    yield engine
    engine.close()
    assert not own_containers(daemon), "containers outlived their run"


@pytest.fixture
def engine(docker: SupervisedEngine) -> Engine:
    return docker


def own_containers(daemon: Daemon) -> list[str]:
    """Of this process, in whatever state."""
    return [container for container, _ in daemon.containers(f"{OWNER_LABEL}={owner_labels()[OWNER_LABEL]}")]


def process_status(pid: str) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)
