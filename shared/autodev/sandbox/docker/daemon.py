"""The Docker daemon, as far as isolations need it: a typed port before the SDK, which ships no types."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any, Self

from autodev.sandbox.docker.connection import connected
from autodev.sandbox.errors import SandboxError

_WORK_SECONDS = 60.0


class DaemonError(SandboxError):
    """The daemon refused, or could no longer be asked; the message is its own."""


class Daemon:
    """Its methods block, and may be called from several threads."""

    def __init__(self, api: Any) -> None:
        self._api = api

    @classmethod
    def connect(cls) -> Self:
        """The daemon that the environment names.

        Raises:
            IsolationUnavailable: the SDK is missing, or no daemon of this machine answers.
        """
        return cls(connected(_WORK_SECONDS))

    def close(self) -> None:
        self._api.close()

    def facts(self) -> Mapping[str, Any]:
        """What it says of its host and of what it can limit there."""
        with _asking():
            return dict(self._api.info())

    def images(self, label: str) -> list[str]:
        with _asking():
            return [str(image["Id"]) for image in self._api.images(filters={"label": label})]

    def import_image(self, archive: IO[bytes], name: str, tag: str, label: str) -> None:
        with _asking():
            self._api.import_image_from_data(archive, repository=name, tag=tag, changes=[f"LABEL {label}"])

    def create(self, config: Mapping[str, Any], limits: Mapping[str, Any]) -> str:
        """A container's id. It does not run yet."""
        with _asking():
            host_config = self._api.create_host_config(**limits)
            return str(self._api.create_container(**config, host_config=host_config)["Id"])

    def attach(self, container: str) -> socket.socket:
        """Its standard streams; to be called before it starts, and to be closed by the caller."""
        with _asking():
            file = self._api.attach_socket(container, {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
            attached = socket.socket(fileno=socket.dup(file.fileno()))
            file._response.close()  # noqa: SLF001 - the SDK's only handle on all that holds the connection
            return attached

    def start(self, container: str) -> int:
        """Its process 1, as the daemon numbers processes; 0 if it has ended already."""
        with _asking():
            self._api.start(container)
            return int(self._api.inspect_container(container)["State"]["Pid"])

    def was_out_of_memory(self, container: str, since: float, patience: float) -> bool:
        """Whether it saw the kernel kill a process of it for memory; it remembers for a while, the container gone.

        It is told a moment late: `patience` is how many seconds to wait for that.
        """
        asked = {"container": container, "event": "oom"}
        with suppress(DaemonError), _asking():
            return any(True for _ in self._api.events(since=since, until=time.time() + patience, filters=asked))
        return False

    def kill(self, container: str) -> None:
        """Nothing happens to one that does not run."""
        with suppress(DaemonError), _asking():
            self._api.kill(container)

    def removed(self, container: str) -> int | None:
        """Returns once it is gone: its exit status, or None if it was gone before."""
        with suppress(DaemonError), _asking():
            return int(self._api.wait(container, condition="removed")["StatusCode"])
        return None

    def remove(self, container: str) -> None:
        """Running or not. One that is gone, or about to go, is left to it."""
        with suppress(DaemonError), _asking():
            self._api.remove_container(container, force=True, v=True)

    def containers(self, label: str) -> Sequence[tuple[str, Mapping[str, str]]]:
        """Id and labels of each that has the label, whatever its state."""
        with _asking():
            found = self._api.containers(all=True, filters={"label": label})
            return [(str(each["Id"]), each["Labels"]) for each in found]


@contextmanager
def _asking() -> Iterator[None]:
    from docker.errors import DockerException
    from requests import RequestException

    try:
        yield
    except (DockerException, RequestException, OSError) as error:
        raise DaemonError(str(error)) from error
