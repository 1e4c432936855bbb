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


def require_runtime(facts: Mapping[str, Any], name: str | None) -> None:
    """Raises IsolationUnavailable if the daemon has no runtime of that name; its usual one, None, it has."""
    if name is not None and name not in (facts.get("Runtimes") or ()):
        raise IsolationUnavailable(
            "docker runtime",
            f"the daemon has no runtime called {name}",
            f'Name its program in daemon.json as {{"runtimes": {{"{name}": {{"path": "…"}}}}}} and restart the daemon.',
        )


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
