"""A handle on a server process: starts, stops and disturbs it."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.processes.command import Command
from deploy.local.processes.process_tree import send_signal

_POLL_SECONDS = 0.02
_LOG_TAIL_LINES = 20


class ServerFailedError(RuntimeError):
    """A server ended or did not answer in time; the message carries the end of its log."""


def log_tail(path: Path, lines: int = _LOG_TAIL_LINES) -> str:
    """The last lines of a log file, or a remark that there are none."""
    text = path.read_text(errors="replace") if path.exists() else ""
    return "\n".join(text.splitlines()[-lines:]) or "(its log is empty)"


class Server:
    """A started server that lives until `stop` and keeps its command, so its ports and data, over restarts."""

    def __init__(self, name: str, command: Command, log: Path, is_ready: Callable[[], bool], *, timeout: float) -> None:
        """Start nothing yet; `timeout` is how many seconds a start or a stop may take."""
        self.name = name
        self.log = log
        self._command = command
        self._is_ready = is_ready
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; raises ServerFailedError if it is not running."""
        return self._running().pid

    def start(self) -> None:
        """Start the process and return once it answers; raises ServerFailedError if it does not."""
        self._process = self._command.spawn(self.log)
        deadline = time.monotonic() + self._timeout
        while not self._is_ready():
            if self._process.poll() is not None:
                raise self._failure(f"ended with exit code {self._process.returncode} while starting")
            if time.monotonic() > deadline:
                self.kill()
                raise self._failure(f"did not answer within {self._timeout:.0f} s")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End the process in its orderly way, forcibly after the timeout; nothing happens if it does not run."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self.resume()
            self._process.send_signal(self._command.stop_signal)
            try:
                self._process.wait(self._timeout)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End the process and its children at once, as a crash of the machine would."""
        process = self._running()
        send_signal(process.pid, signal.SIGKILL)
        process.wait()

    def pause(self) -> None:
        """Freeze the process and its children: connections stay open, nothing answers."""
        send_signal(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused process go on."""
        send_signal(self.pid, signal.SIGCONT)

    def restart(self) -> None:
        """Start it again with the same ports and data, after stopping it if it still runs."""
        self.stop()
        self.start()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            raise self._failure("is not running")
        return self._process

    def _failure(self, what: str) -> ServerFailedError:
        return ServerFailedError(f"{self.name} {what}. The end of {self.log}:\n{log_tail(self.log)}")
