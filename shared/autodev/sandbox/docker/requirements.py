"""What a daemon has to be able to do: one that can't limit something creates the container all the same. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from autodev.sandbox.errors import IsolationUnavailable

_NEEDED: Final = {
    "MemoryLimit": "memory",
    "PidsLimit": "processes",
    "CpuCfsQuota": "CPU",
}
"""By the daemon's names."""


def require_limits(facts: Mapping[str, Any]) -> None:
    """Raises IsolationUnavailable for what the daemon says it can't limit or filter, with the remedy."""
    missing = [meaning for name, meaning in _NEEDED.items() if not facts.get(name)]
    if missing:
        raise IsolationUnavailable(
            "docker",
            f"the daemon can't limit {', '.join(missing)}",
            "Give it the control groups memory, pids and cpu; a rootless one needs version 2, delegated to its user.",
        )
    if not any(str(option).startswith("name=seccomp") for option in facts.get("SecurityOptions") or ()):
        raise IsolationUnavailable(
            "docker", "the daemon can't filter system calls", "Enable CONFIG_SECCOMP_FILTER in the kernel."
        )
