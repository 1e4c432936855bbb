"""Makes gVisor sandboxes, by `runsc` as an OCI runtime."""

from __future__ import annotations

import shutil
from collections.abc import Hashable
from pathlib import Path

from autodev.sandbox.cgroups.group import Groups
from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.gvisor.binary import find_runsc
from autodev.sandbox.gvisor.bundle import write_bundle
from autodev.sandbox.gvisor.isolation import GvisorIsolation
from autodev.sandbox.harness import Harness
from autodev.sandbox.labels import new_name
from autodev.sandbox.policy import Policy
from autodev.sandbox.python_runtime import PythonRuntime
from autodev.sandbox.seccomp.filter import guest_filter
from autodev.sandbox.supervision.transcript import Transcript

_PLATFORM = "ptrace"
"""Works wherever processes may be traced; `kvm` hangs on machines that only seem to have it."""


class GvisorLauncher:
    """A kernel in user space, in a control group; inside it an unprivileged uid, limits, a system call filter."""

    name = "gvisor"
    image = None

    def __init__(self, groups: Groups, directory: Path, *, runsc: str | None = None) -> None:
        """`directory`: where each sandbox has its own, owned by this process alone.

        Raises:
            IsolationUnavailable: no runsc, no usable Python, or no filter for this machine.
        """
        self._runsc = runsc or find_runsc()
        self._groups = groups
        self._directory = directory
        self._seccomp = guest_filter()
        self._runtime = PythonRuntime.of_host()
        self._harness = Harness(directory / "harness")

    def shape(self, policy: Policy) -> Hashable:
        return policy.file_bytes

    def launch(self, policy: Policy) -> GvisorIsolation:
        name = new_name()  # also of its control socket, which is the machine's
        directory = self._directory / name
        try:
            write_bundle(directory, self._runtime, self._harness.directory(), policy)
            group = self._groups.make(name)
        except OSError as error:
            shutil.rmtree(directory, ignore_errors=True)
            remedy = "Check the disk, and the limits of the sandbox's own control group."
            raise IsolationUnavailable("runsc", str(error), remedy) from error
        command = [
            *(self._runsc, "--root", str(directory / "state"), f"--platform={_PLATFORM}", "--network=none"),
            *("--ignore-cgroups", "--log=/dev/null", "run", "--bundle", str(directory), name),
        ]
        return GvisorIsolation(command, directory, group, self._seccomp)

    def close(self) -> None:
        """Nothing is held."""

    def did_not_start(self, transcript: Transcript) -> IsolationUnavailable:
        remedy = "Try `runsc do true`; it needs root and the right to trace processes."
        return IsolationUnavailable("runsc", transcript.silence, remedy)
