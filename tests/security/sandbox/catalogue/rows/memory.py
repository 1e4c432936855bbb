"""Memory ends at the policy's limit, whatever kind it is of."""

from __future__ import annotations

import platform

from autodev.sandbox import Verdict
from autodev.sandbox.seccomp.machine import MACHINES
from tests.security.sandbox.catalogue.hostile import (
    ON_GVISOR,
    QUICK,
    Hostile,
    ends,
    raises,
    returns,
    returns_such,
)
from tests.security.sandbox.catalogue.programs import memory

REFUSED = MACHINES[platform.machine()].refused
SHARED = 48 << 20
"""The interpreter and its library, which the call's group is not charged for."""
OOM = ends(Verdict.OOM, facts=lambda facts: facts.max_rss_bytes < QUICK.memory_bytes + SHARED)
KERNEL = QUICK.open_files * (1 << 20)
"""Every descriptor a pipe as large as the kernel allows."""

ROWS = (
    Hostile(memory.memory_bomb, OOM, 4),
    Hostile(memory.memory_at_once, raises("MemoryError", Verdict.OOM)),
    Hostile(memory.memory_in_small_objects, OOM),
    Hostile(memory.memory_by_doubling, OOM),
    Hostile(memory.memory_bomb_children, OOM, 5, ends_the_sandbox_on=ON_GVISOR),
    Hostile(memory.shared_anonymous, OOM, 6),
    Hostile(memory.reserved_without_end, returns_such(lambda gib: gib <= 1)),
    Hostile(
        memory.memfd_fill,
        returns("EPERM"),
        7,
        on={
            "gvisor": returns_such(lambda error: error in ("EPERM", "EFBIG")),
            "docker": returns_such(lambda error: error in ("EPERM", "EFBIG")),
        },
    ),
    Hostile(memory.pipe_buffers, returns_such(lambda size: size <= KERNEL), 8),
    Hostile(memory.socket_buffers, returns_such(lambda size: size <= KERNEL)),
    Hostile(
        memory.files_parked_in_sockets,
        returns_such(lambda parked: parked <= 2 * QUICK.open_files),
        # gVisor does not count descriptors on their way: their memory is the sandbox's, and ends with it
        on={"gvisor": returns(10_000)},
    ),
    Hostile(memory.stacks_of_threads, returns_such(lambda started: started <= 2)),
    Hostile(memory.system_v_and_posix_shared_memory, returns([]), arguments=(REFUSED["shmget"], REFUSED["mq_open"])),
    Hostile(
        memory.dev_shm_fill,
        returns("ENOENT"),
        11,
        on={
            "docker": returns_such(lambda error: error != "made"),
            "gvisor": returns_such(lambda error: error != "made"),
        },
    ),
    Hostile(memory.locked_memory, returns([])),
    # gVisor takes no notice of the flag: its pages are as small as any, and counted as any
    Hostile(memory.huge_pages, returns("ENOMEM"), on={"gvisor": returns("made")}),
    Hostile(memory.raise_the_limit_and_take_more, OOM),
)
