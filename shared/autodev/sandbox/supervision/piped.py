"""A launcher as a child process of this one, with pipes for its standard streams."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import IO


class PipedProcess:
    """What an isolation whose launcher is a child has of it: the streams and the end of `Isolation`."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, name: str, inherited: Sequence[int] = ()
    ) -> None:
        """Start `command`, which shows itself under `name`; `inherited`: file descriptors, under the same numbers.

        Raises:
            OSError: it can't be started.
        """
        program, *arguments = command
        self._process = subprocess.Popen(  # noqa: S603 - arguments are ours, none is the guest's
            [name, *arguments],
            executable=program,
            env=dict(environment),
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=inherited,
            start_new_session=True,  # an interrupt from the terminal is the supervisor's to handle
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self.stdin, self.stdout, self.stderr = self._process.stdin, self._process.stdout, self._process.stderr
        for stream in (self.stdin, self.stdout, self.stderr):
            os.set_blocking(stream.fileno(), False)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def exit_status(self, seconds: float) -> int | None:
        """Of one that ends by itself within `seconds`; None if it does not."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        self._process.kill()

    def end(self, seconds: float) -> None:
        """Wait so long for an end of its own, kill it after that, and close its streams."""
        if self.exit_status(seconds) is None:
            self._process.kill()
            self._process.wait()
        for stream in (self.stdin, self.stdout, self.stderr):
            stream.close()
