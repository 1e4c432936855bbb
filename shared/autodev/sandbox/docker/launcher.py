"""Makes isolations of containers."""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Mapping
from itertools import count
from pathlib import Path

from autodev.sandbox.docker.daemon import Daemon, DaemonError
from autodev.sandbox.docker.files import image_content
from autodev.sandbox.docker.image import find_or_make_image
from autodev.sandbox.docker.isolation import DockerIsolation
from autodev.sandbox.docker.requirements import require_limits, require_runtime
from autodev.sandbox.docker.runtime import LOG, USUAL, ContainerRuntime
from autodev.sandbox.docker.seccomp_profile import seccomp_profile
from autodev.sandbox.docker.settings import OWNER_LABEL, container_config, host_limits
from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.guest_files import guest_command
from autodev.sandbox.harness import Harness
from autodev.sandbox.labels import this_process
from autodev.sandbox.policy import Policy
from autodev.sandbox.python_runtime import PythonRuntime
from autodev.sandbox.supervision.transcript import Transcript

_UIDS = range(0x8000, 0xF000)
"""Of no account, and few enough for a daemon that maps users, which has 65,536 of them."""


class DockerLauncher:
    """A container for each job: its own user, no rights, no network, bounded by control groups, its calls filtered."""

    def __init__(self, daemon: Daemon, directory: Path, container_runtime: ContainerRuntime = USUAL) -> None:
        """Make the image, unless the daemon has it. `directory`: where it may keep files while it lives.

        Raises:
            IsolationUnavailable: the image can't be made, the daemon can't keep the limits, or there is no filter for
                this machine.
        """
        try:
            facts = daemon.facts()
        except DaemonError as error:
            raise refused(error) from error
        require_limits(facts)
        require_runtime(facts, container_runtime.name)
        self.name = container_runtime.engine
        self._runtime = container_runtime
        self._cpus = int(facts["NCPU"])
        runtime = PythonRuntime.of_host()
        content = image_content(runtime, Harness(directory / "harness").directory())
        self._daemon = daemon
        self.image = find_or_make_image(daemon, content)
        self._command = guest_command(runtime)
        self._confinement = container_runtime.confinement(content)
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
            container = self.create(policy, owner_labels())
            return DockerIsolation(self._daemon, container, self._confinement, self._runtime.counted)
        except DaemonError as error:
            raise refused(error) from error

    def create(self, policy: Policy, labels: Mapping[str, str]) -> str:
        """A container that does not run yet.

        Raises:
            DaemonError: the daemon refused.
        """
        number = next(self._numbers)
        uid = _UIDS[number % len(_UIDS)]
        config = container_config(self.image, self._command, uid, f"{labels[OWNER_LABEL]}-{number}", labels)
        limits = host_limits(self._runtime.bounds(policy), self._profile, self._cpus, self._runtime.name)
        return self._daemon.create(config, limits)

    def close(self) -> None:
        self._daemon.close()

    def did_not_start(self, transcript: Transcript) -> IsolationUnavailable:
        return IsolationUnavailable("docker", transcript.silence, self._runtime.remedy(transcript.silence))


def owner_labels() -> Mapping[str, str]:
    return {OWNER_LABEL: this_process().name}


def refused(error: DaemonError) -> IsolationUnavailable:
    return IsolationUnavailable("docker", str(error), LOG)
