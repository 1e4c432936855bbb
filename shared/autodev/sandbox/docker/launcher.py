"""Makes isolations of containers."""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Mapping
from itertools import count
from pathlib import Path

from autodev.sandbox.docker.daemon import Daemon, DaemonError
from autodev.sandbox.docker.files import HARNESS_BOOT, image_content, visible_paths
from autodev.sandbox.docker.image import find_or_make_image
from autodev.sandbox.docker.isolation import DockerIsolation
from autodev.sandbox.docker.requirements import require_limits
from autodev.sandbox.docker.seccomp_profile import seccomp_profile
from autodev.sandbox.docker.settings import OWNER_LABEL, PROCESSES_LABEL, container_config, host_limits
from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.guest.job import Confinement
from autodev.sandbox.labels import this_process
from autodev.sandbox.namespaces.command import HARNESS
from autodev.sandbox.namespaces.launcher import harness
from autodev.sandbox.namespaces.python_runtime import PythonRuntime
from autodev.sandbox.policy import Policy
from autodev.sandbox.seccomp.filter import guest_filter
from autodev.sandbox.supervision.transcript import Transcript

_UIDS = range(0x8000, 0xF000)
"""Of no account, and few enough for a daemon that maps users, which has 65,536 of them."""


_OWN_COUNTS = (
    ("/sys/fs/cgroup/memory/memory.oom_control", "/sys/fs/cgroup/pids/pids.events"),
    ("/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/pids.events"),
)
"""Where a container shows its control groups, of version 1 and of version 2."""
_LANDLOCK = "Run Linux 5.19 or newer with Landlock (CONFIG_SECURITY_LANDLOCK, and landlock among the kernel's lsm=)."
_LOG = "See the daemon's log for what it could not do."


class DockerLauncher:
    """A container for each job: its own user, no rights, no network, bounded by control groups, its calls filtered."""

    name = "docker"

    def __init__(self, daemon: Daemon) -> None:
        """Make the image, unless the daemon has it.

        Raises:
            IsolationUnavailable: the image can't be made, the daemon can't keep the limits, or there is no filter for
                this machine.
        """
        try:
            facts = daemon.facts()
        except DaemonError as error:
            raise refused(error) from error
        require_limits(facts)
        self._cpus = int(facts["NCPU"])
        runtime = PythonRuntime.of_host()
        content = image_content(runtime, harness())
        self._daemon = daemon
        self._image = find_or_make_image(daemon, content)
        self._command = [str(runtime.executable), "-I", "-S", "-B", str(HARNESS_BOOT), str(HARNESS)]
        self._confinement = Confinement(
            visible=visible_paths(content), seccomp=guest_filter(), bounded=True, own_counts=_OWN_COUNTS
        )
        self._profile = seccomp_profile()
        # Users take turns: the kernel counts processes of a user, whichever container they are in.
        self._numbers = count(secrets.randbelow(len(_UIDS)))

    def shape(self, policy: Policy) -> Hashable:
        return (
            policy.memory_bytes,
            policy.cpus,
            policy.processes,
            policy.file_bytes,
            policy.inodes,
            policy.open_files,
        )

    def launch(self, policy: Policy) -> DockerIsolation:
        try:
            return DockerIsolation(self._daemon, self.create(policy, owner_labels()), self._confinement)
        except DaemonError as error:
            raise refused(error) from error

    def create(self, policy: Policy, labels: Mapping[str, str]) -> str:
        """A container that does not run yet.

        Raises:
            DaemonError: the daemon refused.
        """
        number = next(self._numbers)
        uid = _UIDS[number % len(_UIDS)]
        config = container_config(self._image, self._command, uid, f"{labels[OWNER_LABEL]}-{number}", labels)
        return self._daemon.create(config, host_limits(policy, self._profile, self._cpus))

    def did_not_start(self, transcript: Transcript) -> IsolationUnavailable:
        reason = transcript.diagnostics or transcript.detail or "the container did not start in time"
        return IsolationUnavailable("docker", reason, _LANDLOCK if "Landlock" in reason else _LOG)


def owner_labels() -> Mapping[str, str]:
    """Of this supervisor, and where its process number is one."""
    return {OWNER_LABEL: this_process().name, PROCESSES_LABEL: str(Path("/proc/self/ns/pid").readlink())}


def refused(error: DaemonError) -> IsolationUnavailable:
    return IsolationUnavailable("docker", str(error), _LOG)
