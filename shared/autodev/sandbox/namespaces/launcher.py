"""Makes isolations of Linux namespaces, by bubblewrap."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable
from pathlib import Path

from autodev.sandbox.cgroups.bounded import BoundedGroup
from autodev.sandbox.cgroups.group import Groups
from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.guest_files import ENVIRONMENT
from autodev.sandbox.harness import Harness
from autodev.sandbox.labels import new_name
from autodev.sandbox.namespaces.binary import find_bubblewrap
from autodev.sandbox.namespaces.command import launcher_arguments
from autodev.sandbox.namespaces.identity import Identity, LeasedUser, guest_identity
from autodev.sandbox.namespaces.isolation import NamespaceIsolation
from autodev.sandbox.policy import Policy
from autodev.sandbox.python_runtime import PythonRuntime
from autodev.sandbox.seccomp.filter import guest_filter
from autodev.sandbox.supervision.transcript import Transcript


class NamespaceLauncher:
    """Namespaces, an unprivileged uid, resource limits, control groups where there are any, a system call filter."""

    name = "namespaces"
    image = None

    def __init__(
        self,
        directory: Path,
        *,
        bubblewrap: str | None = None,
        identity: Callable[[], Identity] = guest_identity,
        groups: Groups | None = None,
    ) -> None:
        """Find what isolations are made of: `bubblewrap` by itself unless its path is given.

        `directory`: where it may keep files while it lives.

        Raises:
            IsolationUnavailable: not Linux, no bubblewrap, no usable Python, or no filter for this machine.
        """
        if sys.platform != "linux":
            raise IsolationUnavailable("namespaces", f"{sys.platform} has none", "Run the sandbox on Linux.")
        self._seccomp = guest_filter()
        self._bubblewrap = bubblewrap or find_bubblewrap()
        self._identity = identity
        self._groups = groups
        self._runtime = PythonRuntime.of_host()
        self._harness = Harness(directory / "harness")

    def shape(self, policy: Policy) -> Hashable:
        """As root all limits are put in force when a job comes; a user's scratch directory is made in its size."""
        return None if isinstance(self._identity(), LeasedUser) else policy.file_bytes

    def launch(self, policy: Policy) -> NamespaceIsolation:
        identity = self._identity()
        harness = self._harness.directory()

        def command(info_fd: int) -> list[str]:
            return launcher_arguments(
                self._bubblewrap, self._runtime, harness, identity, policy.file_bytes, info_fd=info_fd
            )

        return NamespaceIsolation(command, ENVIRONMENT, identity, self._seccomp, self._new_group(policy))

    def close(self) -> None:
        """Nothing is held."""

    def did_not_start(self, transcript: Transcript) -> IsolationUnavailable:
        remedy = (
            "Give the sandbox CAP_SYS_ADMIN, or run it as an unprivileged user."
            if isinstance(self._identity(), LeasedUser)
            else "Allow unprivileged user namespaces (sysctl user.max_user_namespaces above 0, "
            "kernel.apparmor_restrict_unprivileged_userns 0), or run the sandbox as root."
        )
        return IsolationUnavailable("bubblewrap", transcript.silence, remedy)

    def _new_group(self, policy: Policy) -> BoundedGroup | None:
        if self._groups is None:
            return None
        try:
            return BoundedGroup(self._groups.make(new_name()), policy)
        except OSError as error:
            remedy = "Check the limits of the sandbox's own group."
            raise IsolationUnavailable("control groups", str(error), remedy) from error
