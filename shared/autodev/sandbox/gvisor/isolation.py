"""One gVisor sandbox: its launcher, all its processes in a control group, and its directory."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from autodev.sandbox.cgroups.group import Group, read_counts
from autodev.sandbox.errors import IsolationUnavailable, SandboxError
from autodev.sandbox.guest.job import Confinement
from autodev.sandbox.policy import Policy
from autodev.sandbox.supervision.transcript import Counts

OWN_MEMORY: Final = 128 << 20
"""Bytes that gVisor's kernel and file server may take beside the guest."""
OWN_PROCESSES: Final = 256
"""Threads of theirs; their scarcity would kill the sandbox and not the guest."""
PROCESSES_EACH: Final = 4
"""Host threads for each process or thread of the guest, about."""
_KILL_SECONDS = 10.0
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
            self._launcher = subprocess.Popen(  # noqa: S603 - arguments are ours, none is the guest's
                joining,
                env={},
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise IsolationUnavailable("launcher", str(error), "Check that processes and memory are left.") from error
        assert self._launcher.stdin is not None
        assert self._launcher.stdout is not None
        assert self._launcher.stderr is not None
        self.stdin, self.stdout, self.stderr = self._launcher.stdin, self._launcher.stdout, self._launcher.stderr
        for stream in (self.stdin, self.stdout, self.stderr):
            os.set_blocking(stream.fileno(), False)

    @property
    def alive(self) -> bool:
        return self._launcher.poll() is None

    def confine(self, policy: Policy) -> Confinement:
        with_its_own = {
            "memory_bytes": policy.memory_bytes + OWN_MEMORY,
            "processes": OWN_PROCESSES + PROCESSES_EACH * policy.processes,
        }
        self._group.limit(policy.model_copy(update=with_its_own))
        return Confinement(seccomp=self._seccomp)

    def counts(self) -> Counts:
        oom_kills, _ = read_counts(self._group.files)
        return Counts(oom_kills=oom_kills)  # refused threads are gVisor's own

    def exit_status(self, seconds: float) -> int | None:
        try:
            return self._launcher.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

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
        if self.exit_status(1.0) is None:
            self._launcher.kill()
            self._launcher.wait()
        for stream in (self.stdin, self.stdout, self.stderr):
            stream.close()
        shutil.rmtree(self._directory, ignore_errors=True)
        self._group.remove()
