"""Reaching the daemon, or saying at once why it can't be reached."""

from __future__ import annotations

import os
import socket
from typing import Any, Final

from autodev.sandbox.errors import IsolationUnavailable

_USUAL: Final = "unix:///var/run/docker.sock"
_ANSWER_SECONDS = 1.5
_CONNECTIONS: Final = 128
"""Kept at one time: each container has a request that waits for its removal."""
_REMEDY: Final = (
    "Start Docker and give this user its socket, or name it in DOCKER_HOST as unix:///path; or use another engine."
)


def connected(work_seconds: float) -> Any:
    """The SDK's client of the daemon that DOCKER_HOST names, or of the usual one; its requests take `work_seconds`.

    Raises:
        IsolationUnavailable: the SDK is missing, or no daemon of this machine answers.
    """
    try:
        import docker
        from docker.errors import DockerException
    except ImportError as error:
        raise IsolationUnavailable(
            "docker", f"{error.name} is not installed", "Install it: pip install 'autodev-streams[sandbox]'."
        ) from None
    host = os.environ.get("DOCKER_HOST") or _USUAL
    _require_answer(host)
    try:
        api = docker.APIClient(host, timeout=_ANSWER_SECONDS, max_pool_size=_CONNECTIONS)
    except DockerException as error:
        raise IsolationUnavailable("docker", f"no daemon answers at {host}: {error}", _REMEDY) from None
    api.timeout = work_seconds
    return api


def _require_answer(host: str) -> None:
    """Only a daemon of this machine has containers whose processes and groups can be seen from here."""
    scheme, _, path = host.partition("://")
    if scheme != "unix":
        raise IsolationUnavailable("docker", f"{host} is no socket of this machine", _REMEDY)
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except OSError as error:
            raise IsolationUnavailable("docker", f"no daemon answers at {host}: {error.strerror}", _REMEDY) from None
