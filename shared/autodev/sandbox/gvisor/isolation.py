"""One gVisor sandbox: its launcher, all its processes in a control group, and its directory."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from autodev.sandbox.cgroups.counting import Counting
from autodev.sandbox.cgroups.group import Group
from autodev.sandbox.errors import IsolationUnavailable, SandboxError
from autodev.sandbox.guest.job import Confinement
from autodev.sandbox.gvisor.overhead import of_the_guest, with_overhead
from autodev.sandbox.policy import Policy
from autodev.sandbox.supervision.piped import PipedProcess
from autodev.sandbox.supervision.transcript import Counts

_KILL_SECONDS = 10.0
_FOLLOW_SECONDS = 1.0
_JOIN: Final = 'while [ "$1" != -- ]; do echo 0 > "$1" || exit 125; shift; done; shift; exec "$@"'


class GvisorIsolation:
    """See `Isolation`. Everything it starts is in its group, so the group tells when nothing is left."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]

    def __init__(self, command: Sequence[str], directory: Path, group: Group, seccomp: bytes) -> None:
        """Start `command` in `group`. Both the group and the directory are removed at the end.

        Raises:
            IsolationUnavailable: it could not be started.
        """
        self._directory = directory
        self._group = group
        self._seccomp = seccomp
        # A shell joins the group first: what it then becomes can't have started anything outside.
        joining = ["/bin/sh", "-c", _JOIN, "sh", *map(str, group.all_procs), "--", *command]
        try:
            self._launcher = PipedProcess(joining, {}, name="sh")
        except OSError as error:
            self._remove()
            raise IsolationUnavailable("launcher", str(error), "Check that processes and memory are left.") from error
        self.stdin, self.stdout, self.stderr = self._launcher.stdin, self._launcher.stdout, self._launcher.stderr

    @property
    def alive(self) -> bool:
        return self._launcher.alive

    def confine(self, policy: Policy) -> Confinement:
        self._group.limit(with_overhead(policy))
        return Confinement(seccomp=self._seccomp)

    def counts(self) -> Counts:
        return of_the_guest(Counting(self._group.files).read() or Counts())

    def exit_status(self, seconds: float) -> int | None:
        return self._launcher.exit_status(seconds)

    def end(self) -> None:
        deadline = time.monotonic() + _KILL_SECONDS
        # The launcher reaps the others and follows them. Killed first, it would leave zombies to the host's init.
        while others := [pid for pid in self._group.pids() if pid != self._launcher.pid]:
            for pid in others:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if time.monotonic() > deadline:
                raise SandboxError(f"processes {others} of gVisor are alive {_KILL_SECONDS:.0f} s after SIGKILL")
            time.sleep(0.002)
        self._launcher.end(_FOLLOW_SECONDS)
        self._remove()

    def _remove(self) -> None:
        shutil.rmtree(self._directory, ignore_errors=True)
        self._group.remove()
