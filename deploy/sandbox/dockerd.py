"""A Docker daemon of one's own, as root: all it keeps is in one directory, and it touches no network.

python -m deploy.sandbox.dockerd start DIRECTORY     # prints what DOCKER_HOST has to be
python -m deploy.sandbox.dockerd stop DIRECTORY
"""

from __future__ import annotations

import http.client
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from autodev.sandbox import IsolationUnavailable
from autodev.sandbox.docker.daemon import Daemon

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0
_LOOK_SECONDS = 0.1


class DockerdError(RuntimeError):
    """The daemon can't run here; the message says why."""


@dataclass(frozen=True, slots=True)
class Dockerd:
    state: Path
    """Made by `start`, unless it is there. Short: a socket's path has 107 characters at most."""

    @property
    def host(self) -> str:
        """For DOCKER_HOST."""
        return f"unix://{self._socket}"

    @property
    def _socket(self) -> Path:
        return self.state / "docker.sock"

    @property
    def _log(self) -> Path:
        return self.state / "log"

    @property
    def _settings(self) -> Path:
        return self.state / "daemon.json"

    @property
    def _pid_file(self) -> Path:
        return self.state / "pid"

    def start(self) -> None:
        """Returns when it answers.

        Raises:
            DockerdError: it is not installed, this is not root, or it ended.
        """
        program = shutil.which("dockerd")
        if program is None or os.geteuid() != 0:
            raise DockerdError("dockerd is not installed" if program is None else "dockerd needs root")
        self.state.mkdir(parents=True, exist_ok=True)
        self._settings.write_text(json.dumps(_settings()))
        with self._log.open("ab") as log:
            daemon = subprocess.Popen(  # noqa: S603 - a daemon, with arguments of ours
                [program, *self._arguments()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if daemon.poll() is not None or time.monotonic() > until:
                last = self._log.read_text(errors="replace").strip().splitlines()[-1:]
                self.stop()
                raise DockerdError(f"dockerd does not come up: {''.join(last)}")
            time.sleep(_LOOK_SECONDS)
        daemon.returncode = 0  # it is on its own from here: `stop` finds it by its pid file

    def stop(self) -> None:
        """End it and all its containers, and wait for that. Nothing happens if it does not run."""
        try:
            pid = int(self._pid_file.read_text())
            process = os.pidfd_open(pid)
        except (OSError, ValueError):
            return
        try:
            # A number from an old file may be another process by now.
            if str(self.state).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                signal.pidfd_send_signal(process, signal.SIGTERM)
                select.select([process], [], [], STOP_SECONDS)
        except ProcessLookupError:
            pass
        finally:
            os.close(process)
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)

    def _arguments(self) -> list[str]:
        return [
            *("--host", self.host, "--pidfile", str(self._pid_file), "--config-file", str(self._settings)),
            *("--data-root", str(self.state / "data"), "--exec-root", str(self.state / "exec")),
            *("--bridge", "none", "--iptables=false", "--ip-masq=false"),
            *("--exec-opt", "native.cgroupdriver=cgroupfs"),  # there may be no systemd to ask
        ]

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("localhost", timeout=START_SECONDS)
        connection.sock = socket.socket(socket.AF_UNIX)
        try:
            connection.sock.connect(str(self._socket))
            connection.request("GET", "/_ping")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()


def _settings() -> dict[str, Any]:
    """gVisor as a runtime where it is installed, on the platform that works wherever processes may be traced."""
    runsc = shutil.which("runsc")
    options = ["--platform=ptrace", "--network=none"]
    return {"runtimes": {"runsc": {"path": runsc, "runtimeArgs": options}}} if runsc else {}


def _one_is_here() -> bool:
    try:
        Daemon.connect().close()
    except IsolationUnavailable:
        return False
    return True


@contextmanager
def some_daemon(state: Path) -> Iterator[None]:
    """DOCKER_HOST names the daemon that this machine has, else one of our own that runs as long as this lasts.

    Raises:
        DockerdError: there is none, and none can be started.
    """
    if _one_is_here():
        yield
        return
    daemon = Dockerd(state)
    daemon.start()
    before = os.environ.get("DOCKER_HOST")
    os.environ["DOCKER_HOST"] = daemon.host
    try:
        yield
    finally:
        if before is None:
            del os.environ["DOCKER_HOST"]
        else:
            os.environ["DOCKER_HOST"] = before
        daemon.stop()
        shutil.rmtree(state, ignore_errors=True)


def main() -> int:
    match sys.argv[1:]:
        case ["start", state]:
            daemon = Dockerd(Path(state).resolve())
            try:
                daemon.start()
            except DockerdError as error:
                sys.stderr.write(f"{error}\n")
                return 1
            sys.stdout.write(f"{daemon.host}\n")
        case ["stop", state]:
            Dockerd(Path(state).resolve()).stop()
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
