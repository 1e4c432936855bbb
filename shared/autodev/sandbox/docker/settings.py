"""What a container is created with: everything that a policy bounds from outside, and nothing of the host. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from autodev.sandbox.guest_files import ENVIRONMENT, SCRATCH
from autodev.sandbox.policy import Policy

OWNER_LABEL: Final = "autodev.sandbox.owner"
_UNSET = ("PATH", "HOSTNAME")
"""What the daemon would set by itself; a name without a value takes it away."""
_FEWEST_CPUS = 0.01


def container_config(
    image: str, command: Sequence[str], uid: int, name: str, labels: Mapping[str, str]
) -> dict[str, Any]:
    """What it runs, and as whom. Its standard input is one connection's, and ends with it."""
    return {
        "name": name,
        "image": image,
        "entrypoint": list(command),
        "user": f"{uid}:{uid}",
        "environment": [*(f"{name}={value}" for name, value in ENVIRONMENT.items()), *_UNSET],
        "working_dir": str(SCRATCH),
        "hostname": "sandbox",
        "network_disabled": True,
        "stdin_open": True,  # with `StdinOnce`, which the SDK adds where it stays attached
        "detach": False,
        "labels": dict(labels),
    }


def host_limits(
    policy: Policy, profile: Mapping[str, Any], host_cpus: int, runtime: str | None = None
) -> dict[str, Any]:
    """`policy`: of the whole container. `profile`: of seccomp. The daemon refuses more CPUs than there are."""
    cpus = max(_FEWEST_CPUS, min(policy.cpus, host_cpus))
    return {
        "runtime": runtime,
        "auto_remove": True,
        # Process 1 is an init of our own: it must be process 1 to kill and reap all that a call leaves behind.
        "init": False,
        "network_mode": "none",
        "ipc_mode": "none",  # no shared memory, not even a /dev/shm
        "read_only": True,
        "tmpfs": {str(SCRATCH): scratch_options(policy)},
        "cap_drop": ["ALL"],
        "privileged": False,
        "security_opt": ["no-new-privileges", f"seccomp={json.dumps(profile)}"],
        "mem_limit": policy.memory_bytes,
        "memswap_limit": policy.memory_bytes,  # memory and swap together: no swap
        "nano_cpus": round(cpus * 1_000_000_000),
        "pids_limit": policy.processes,
        "ulimits": [
            {"Name": name, "Soft": value, "Hard": value}
            for name, value in (
                ("core", 0),
                ("fsize", policy.file_bytes),
                ("memlock", 0),
                ("msgqueue", 0),
                ("nofile", policy.open_files),
                # Each of those that the group allows may be about to start another: it is the group that refuses,
                # since it counts what it refuses, and this does not.
                ("nproc", 2 * policy.processes),
            )
        ],
        "log_config": {"Type": "none"},
    }


def scratch_options(policy: Policy) -> str:
    return f"rw,noexec,nosuid,nodev,size={policy.file_bytes},nr_inodes={policy.inodes},mode=1777"
