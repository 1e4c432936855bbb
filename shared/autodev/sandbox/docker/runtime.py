"""What a daemon starts containers with: its usual runtime, or gVisor's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from autodev.sandbox.docker.files import Content, visible_paths
from autodev.sandbox.guest.job import Confinement
from autodev.sandbox.gvisor import overhead
from autodev.sandbox.policy import Policy
from autodev.sandbox.seccomp.filter import guest_filter
from autodev.sandbox.supervision.transcript import Counts

_OWN_COUNTS = (
    ("/sys/fs/cgroup/memory/memory.oom_control", "/sys/fs/cgroup/pids/pids.events"),
    ("/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/pids.events"),
)
"""Where a container shows its control groups, of version 1 and of version 2."""
_LANDLOCK = "Run Linux 5.19 or newer with Landlock (CONFIG_SECURITY_LANDLOCK, and landlock among the kernel's lsm=)."
LOG: Final = "See the daemon's log for what it could not do."


@dataclass(frozen=True, slots=True)
class ContainerRuntime:
    engine: str
    """The name of an engine that uses it."""
    name: str | None
    """Among the daemon's runtimes; None is its usual one."""
    bounds: Callable[[Policy], Policy]
    """What to limit the container to, for calls that are limited to a policy."""
    confinement: Callable[[Content], Confinement]
    """What is left for process 1 to do itself, in an image of this content."""
    counted: Callable[[Counts], Counts]
    """Counts of the container → those of its calls."""

    def remedy(self, silence: str) -> str:
        """For a container whose process 1 ended with these words."""
        return _LANDLOCK if "Landlock" in silence else LOG


def _with_process_1(policy: Policy) -> Policy:
    """Which the daemon can't leave out of the container's group."""
    return policy.model_copy(update={"processes": policy.processes + 1})


def _on_this_kernel(content: Content) -> Confinement:
    """What a daemon puts into every container has to be hidden, and the group it shows tells process 1 the counts."""
    return Confinement(visible=visible_paths(content), seccomp=guest_filter(), bounded=True, own_counts=_OWN_COUNTS)


def _on_its_own_kernel(_content: Content) -> Confinement:
    """Where `/proc` and `/sys` tell of nothing but the sandbox."""
    return Confinement(seccomp=guest_filter())


USUAL: Final = ContainerRuntime("docker", None, _with_process_1, _on_this_kernel, lambda counts: counts)
GVISOR: Final = ContainerRuntime(
    "docker-gvisor", "runsc", overhead.with_overhead, _on_its_own_kernel, overhead.of_the_guest
)
