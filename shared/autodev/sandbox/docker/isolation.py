"""One container: started, talked to, watched, and removed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from autodev.sandbox.docker.daemon import Daemon, DaemonError
from autodev.sandbox.docker.departure import Departure
from autodev.sandbox.docker.drain import Drain, poll_for
from autodev.sandbox.docker.process import visible_process
from autodev.sandbox.errors import SandboxError
from autodev.sandbox.guest.job import Confinement
from autodev.sandbox.policy import Policy
from autodev.sandbox.supervision.transcript import Counts

_GONE_SECONDS = 20.0
_DEATH_SECONDS = 2.0
_JOIN_SECONDS = 5.0
_TOLD_SECONDS = 1.0
"""For the daemon to hear that a process was killed for memory."""


class DockerIsolation:
    """See `Isolation`. The daemon removes the container when its process 1 ends; nothing of it is kept."""

    def __init__(
        self, daemon: Daemon, container: str, confinement: Confinement, counted: Callable[[Counts], Counts]
    ) -> None:
        """Attach to the created container and start it; it is removed if that fails.

        `counted` makes counts of the calls of those of the container.

        Raises:
            DaemonError: the daemon refused.
        """
        self._daemon = daemon
        self._container = container
        self._confinement = confinement
        self._of_calls = counted
        self._counted: Counts | None = None
        self._died = False
        self._created = time.time()
        try:
            self._attached = daemon.attach(container)
        except DaemonError:
            daemon.remove(container)
            raise
        self._departure = Departure(daemon, container)
        try:
            pid = daemon.start(container)
        except DaemonError:
            daemon.remove(container)
            self._attached.close()
            raise
        self._process_1, self._counting = visible_process(pid, container)
        os.set_blocking(self._attached.fileno(), False)
        self._drain = Drain(self._attached, self._process_1, self._count)
        self.stdin = os.fdopen(os.dup(self._attached.fileno()), "wb", buffering=0)
        self.stdout = os.fdopen(self._drain.stdout, "rb", buffering=0)
        self.stderr = os.fdopen(self._drain.stderr, "rb", buffering=0)
        self._drain.start()

    @property
    def alive(self) -> bool:
        return self._drain.is_alive() and not self._departure.over.is_set() and not self._died

    def confine(self, policy: Policy) -> Confinement:  # noqa: ARG002 - all limits are in force since it was created
        return self._confinement

    def counts(self) -> Counts:
        """Process 1 counts for each call; this is for a death of its own, and for a container that shows no groups."""
        counted = self._counted or self._read_counts()
        if counted is None:  # the group is not to be seen from here, or went before it was read: the daemon saw it
            patience = _TOLD_SECONDS if self._departure.status == 128 + signal.SIGKILL else 0.0
            out_of_memory = self._daemon.was_out_of_memory(self._container, self._created, patience)
            counted = Counts(oom_kills=int(out_of_memory))
        return self._of_calls(counted)

    def exit_status(self, seconds: float) -> int | None:
        self._departure.over.wait(seconds)
        return self._departure.status

    def end(self) -> None:
        # Without readers the drain waits for nobody, so that the daemon never waits for it.
        self.stdout.close()
        self.stderr.close()
        self._kill()
        if not self._departure.over.wait(_GONE_SECONDS):
            self._daemon.remove(self._container)
            self._departure.over.wait(_GONE_SECONDS)
        with suppress(OSError):
            self._attached.shutdown(2)
        self._drain.join(_JOIN_SECONDS)
        self.stdin.close()
        self._attached.close()
        gone = self._process_1 is None or poll_for(self._process_1, _DEATH_SECONDS)
        if self._process_1 is not None:
            os.close(self._process_1)
            self._process_1 = None
        if not (gone and self._departure.over.is_set()):
            raise SandboxError(f"container {self._container[:12]} is still there after SIGKILL: look for D state")

    def _kill(self) -> None:
        if self._process_1 is None:
            self._daemon.kill(self._container)
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process_1, signal.SIGKILL)

    def _count(self) -> None:
        """The kernel removes the counts soon after process 1."""
        self._counted = self._read_counts()
        self._died = True

    def _read_counts(self) -> Counts | None:
        return None if self._counting is None else self._counting.read()
