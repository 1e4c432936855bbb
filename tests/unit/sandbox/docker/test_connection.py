"""Without a daemon there is no engine, and that is said at once."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from autodev.sandbox import IsolationUnavailable
from autodev.sandbox.engines import docker_engine


@pytest.mark.parametrize("host", ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:9", "nonsense"])
def test_without_a_daemon_of_this_machine_there_is_no_engine(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)

    with pytest.raises(IsolationUnavailable, match=host) as error:
        docker_engine()

    assert error.value.control == "docker"
    assert "DOCKER_HOST" in error.value.remedy


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the SDK's own socket
def test_a_daemon_that_does_not_answer_is_soon_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "silent.sock"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        silent.listen()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
        began = time.monotonic()

        with pytest.raises(IsolationUnavailable, match="no daemon answers"):
            docker_engine()

    assert time.monotonic() - began < 5
