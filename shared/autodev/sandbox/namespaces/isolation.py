"""Starting an isolation, holding on to its process 1, and ending all of it."""

from __future__ import annotations

import json
import os
import select
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from typing import IO

from autodev.sandbox.cgroups.group import Group
from autodev.sandbox.errors import IsolationUnavailable, SandboxError
from autodev.sandbox.guest.job import Confinement
from autodev.sandbox.labels import this_process
from autodev.sandbox.namespaces.identity import Identity, LeasedUser
from autodev.sandbox.policy import Policy
from autodev.sandbox.supervision.piped import PipedProcess
from autodev.sandbox.supervision.transcript import Counts

_KILL_SECONDS = 10.0
_START_SECONDS = 10.0


class NamespaceIsolation:
    """A started launcher and the process 1 it made. See `Isolation`.

    The kernel ends a PID namespace with its process 1, and reports that process 1 as gone only when all others are:
    so its pidfd tells when the last guest process has died, daemons and all.
    """

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]

    def __init__(
        self,
        command: Callable[[int], Sequence[str]],
        environment: Mapping[str, str],
        identity: Identity,
        seccomp: bytes,
        group: Group | None,
    ) -> None:
        """`command` gives the launcher's arguments for an info fd, which it inherits. The group is removed at the end.

        Raises:
            IsolationUnavailable: the launcher could not be started at all.
        """
        self._identity = identity
        self._seccomp = seccomp
        self._group = group
        self._group_fds: tuple[int, ...] = ()
        """As the guest knows them; here they are closed again."""
        self._process_1: int | None = None
        info, info_writer = os.pipe()
        with ExitStack() as opened:
            opened.callback(os.close, info)
            with ExitStack() as inherited:
                inherited.callback(os.close, info_writer)
                try:
                    self._group_fds = _open_files(group, inherited)
                    # By this name a sweep finds a launcher that outlived its supervisor.
                    self._launcher = PipedProcess(
                        command(info_writer),
                        environment,
                        name=this_process().name,
                        inherited=(info_writer, *self._group_fds),
                    )
                except OSError as error:
                    self._remove_group()
                    remedy = "Check that bubblewrap is installed and that processes and memory are left."
                    raise IsolationUnavailable("launcher", str(error), remedy) from error
            self.stdin, self.stdout, self.stderr = self._launcher.stdin, self._launcher.stdout, self._launcher.stderr
            self._find_process_1(info)

    def _find_process_1(self, info: int) -> None:
        """Open the process that the launcher names on `info`, unless it died before it had one.

        The guest still waits for its job then, so the number can't have passed on to another process.
        """
        said = b""
        while _readable_within(info, _START_SECONDS) and (chunk := os.read(info, 4_096)):
            said += chunk
        try:
            number = json.loads(said)["child-pid"]
            self._process_1 = os.pidfd_open(number)
        except (ValueError, KeyError, ProcessLookupError):
            return
        if self._group is not None:
            self._hold(self._group, number)

    def _hold(self, group: Group, number: int) -> None:
        try:
            group.hold(number)
        except ProcessLookupError:
            pass  # it has died meanwhile, and will not say that it is ready
        except OSError as error:
            self.end()
            remedy = "Check the limits of the sandbox's own group."
            raise IsolationUnavailable("control groups", str(error), remedy) from error

    @property
    def alive(self) -> bool:
        return self._process_1 is not None and not _readable_within(self._process_1, 0)

    def confine(self, policy: Policy) -> Confinement:
        if self._group is not None:
            self._group.limit(policy)
        procs, oom, refused = self._group_fds or (None, None, None)
        leased = self._identity if isinstance(self._identity, LeasedUser) else None
        return Confinement(
            uid=leased.uid if leased else None,
            # The scratch directory of a user's own namespace is not that namespace's to mount again.
            scratch=(policy.file_bytes, policy.inodes) if leased else None,
            seccomp=self._seccomp,
            group_fd=procs,
            oom_fd=oom,
            refused_fd=refused,
        )

    def counts(self) -> Counts:
        return Counts()

    def exit_status(self, seconds: float) -> int | None:
        return self._launcher.exit_status(seconds)

    def end(self) -> None:
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
        self._launcher.end(_KILL_SECONDS)
        if not gone:
            raise SandboxError(f"guest processes are still alive {_KILL_SECONDS:.0f} s after SIGKILL: look for D state")
        self._remove_group()

    def _remove_group(self) -> None:
        if self._group is not None:
            self._group.remove()
            self._group = None


def _open_files(group: Group | None, opened: ExitStack) -> tuple[int, ...]:
    if group is None:
        return ()
    files = group.files
    fds = []
    for path, flags in ((files.procs, os.O_WRONLY), (files.oom, os.O_RDONLY), (files.refused, os.O_RDONLY)):
        fds.append(os.open(path, flags | os.O_CLOEXEC))
        opened.callback(os.close, fds[-1])
    return tuple(fds)


def _readable_within(fd: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
