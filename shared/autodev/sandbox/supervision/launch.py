"""Starting an isolation, holding on to its process 1, and ending all of it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import IO, Self

from autodev.sandbox.errors import IsolationUnavailable, SandboxError

_KILL_SECONDS = 10.0
_START_SECONDS = 10.0


class Isolation:
    """A started launcher and the process 1 it made. Leaving the context kills both and waits until nothing is left.

    The kernel ends a PID namespace with its process 1, and reports that process 1 as gone only when all others are:
    so its pidfd tells when the last guest process has died, daemons and all.
    """

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]

    def __init__(
        self, command: Callable[[int, int], Sequence[str]], environment: Mapping[str, str], seccomp: bytes
    ) -> None:
        """`command` gives the launcher's arguments for an info fd and a seccomp fd, both inherited.

        Raises:
            IsolationUnavailable: the launcher could not be started at all.
        """
        info, info_writer = os.pipe()
        filter_fd = _readable(seccomp)
        try:
            self._launcher = subprocess.Popen(  # noqa: S603 - arguments are ours, none is the guest's
                command(info_writer, filter_fd),
                env=dict(environment),
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(info_writer, filter_fd),
                start_new_session=True,  # an interrupt from the terminal is the supervisor's to handle
            )
        except OSError as error:
            os.close(info)
            raise IsolationUnavailable(
                "launcher", str(error), "Check that bubblewrap is installed and that processes and memory are left."
            ) from error
        finally:
            os.close(info_writer)
            os.close(filter_fd)
        assert self._launcher.stdin is not None
        assert self._launcher.stdout is not None
        assert self._launcher.stderr is not None
        self.stdin, self.stdout, self.stderr = self._launcher.stdin, self._launcher.stdout, self._launcher.stderr
        for stream in (self.stdin, self.stdout, self.stderr):
            os.set_blocking(stream.fileno(), False)
        self._process_1 = _open_process_1(info)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def started(self) -> bool:
        return self._process_1 is not None

    def exit_status(self, seconds: float) -> int | None:
        """Status of an isolation that ends by itself within `seconds`; None if it does not."""
        try:
            return self._launcher.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """Kill, and wait until every process of the isolation is gone.

        Raises:
            SandboxError: something survived, which only a process stuck in the kernel does.
        """
        gone = True
        if self._process_1 is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process_1, signal.SIGKILL)
            gone = _readable_within(self._process_1, _KILL_SECONDS)
            os.close(self._process_1)
            self._process_1 = None
        else:
            self._launcher.kill()
        # The launcher reaps process 1 and follows it. Killed first, it would leave a zombie to the host's init.
        if self.exit_status(_KILL_SECONDS) is None:
            self._launcher.kill()
            self._launcher.wait()
        for stream in (self.stdin, self.stdout, self.stderr):
            stream.close()
        if not gone:
            raise SandboxError(f"guest processes are still alive {_KILL_SECONDS:.0f} s after SIGKILL: look for D state")


def _readable(content: bytes) -> int:
    fd = os.memfd_create("seccomp")
    os.write(fd, content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _open_process_1(info: int) -> int | None:
    """A pidfd of the process that the launcher names on `info`; None if it died before it had one.

    The guest still waits for its job then, so the number can't have passed on to another process.
    """
    said = b""
    try:
        while _readable_within(info, _START_SECONDS) and (chunk := os.read(info, 4_096)):
            said += chunk
    finally:
        os.close(info)
    try:
        return os.pidfd_open(json.loads(said)["child-pid"])
    except (ValueError, KeyError, ProcessLookupError):
        return None


def _readable_within(fd: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
