"""Nothing of the host is to be seen, its secrets least of all, and a guest stays nobody."""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping
from pathlib import Path

from tests.security.sandbox.catalogue.hostile import QUICK, Hostile, returns, returns_such
from tests.security.sandbox.catalogue.programs import host

SECRET = f"hunter2-{secrets.token_hex(8)}"
"""In the supervisor's environment while the catalogue runs."""
CHECKOUT = str(Path(__file__).parents[5])
NOTHING = returns([])
EMULATED = {"gvisor": returns_such(lambda reached: isinstance(reached, list))}
"""gVisor accepts these, and changes nothing but its own idea of them."""
OWN_PROC = {name: returns_such(lambda found: SECRET not in str(found)) for name in ("gvisor", "docker")}
"""These have a /proc, of the isolation's own processes."""
LIMITS = {
    "NPROC": range(QUICK.processes, 2 * QUICK.processes + 3),
    "FSIZE": [QUICK.file_bytes],
    "NOFILE": [QUICK.open_files],
    "AS": range(QUICK.memory_bytes, 4 * QUICK.memory_bytes + QUICK.processes * (128 << 20) + 1),
    **dict.fromkeys(("CORE", "MEMLOCK", "MSGQUEUE"), (0,)),
}
EMULATED_LIMITS = {**LIMITS, "MSGQUEUE": [819_200]}
"""gVisor does not let the limit of message queues be set; they can't be made: see `memory`."""
SIDE_VIEW = {"host name": "sandbox", "kernel": True, "processors": True, "load": True, "since boot": True}
"""Not masked by namespaces: kernel release, number of processors, load and uptime are the machine's."""


def within_limits(limits: dict[str, list[int]], bounds: Mapping[str, Container[int]] = LIMITS) -> bool:
    fixed = all(soft == hard for name, (soft, hard) in limits.items() if name != "CPU")
    return fixed and all(limits[name][1] in allowed for name, allowed in bounds.items())


ROWS = (
    # under gVisor the guest is that user already
    Hostile(host.become, NOTHING, 36, on={"gvisor": returns(["somebody for files"]), "docker-gvisor": NOTHING}),
    Hostile(host.groups, NOTHING),
    Hostile(
        host.files_of_the_host,
        NOTHING,
        52,
        ([__file__, CHECKOUT],),
        # an image has files of its own by these names, which are nobody's
        on=dict.fromkeys(
            ("docker", "docker-gvisor"),
            returns_such(lambda found: not {__file__, "/etc/shadow", "/root/.ssh", CHECKOUT} & set(found)),
        ),
    ),
    Hostile(host.resolver, returns("")),
    Hostile(host.secret_everywhere, NOTHING, 53, (SECRET[::-1],), on=OWN_PROC),
    Hostile(
        host.environment,
        returns(["HOME", "LANG", "PWD", "TZ"]),
        54,
        on=dict.fromkeys(("gvisor", "docker"), returns(["HOME", "LANG", "TZ"])),
    ),
    Hostile(host.processes, returns([1]), 55),
    Hostile(
        host.files_of_the_kernel,
        NOTHING,
        56,
        # an empty directory of gVisor's own /sys; files over which the daemon lays /dev/null
        on={
            "gvisor": returns(["/sys/firmware"]),
            "docker": returns_such(lambda found: set(found) <= {"/proc/keys", "/proc/timer_list", "/proc/sched_debug"}),
        },
    ),
    Hostile(host.switches_of_the_kernel, NOTHING, 57),
    Hostile(host.better_scheduling, NOTHING, 58, label="oom_score_adj", on=EMULATED),
    Hostile(host.better_scheduling, NOTHING, 71, label="nice", on=EMULATED),
    Hostile(host.control_groups, NOTHING, 59),
    Hostile(
        host.limits,
        returns_such(within_limits),
        72,
        on={
            "gvisor": returns_such(lambda limits: within_limits(limits, EMULATED_LIMITS)),
            "docker-gvisor": returns_such(within_limits),  # for it, the daemon has set it
        },
    ),
    Hostile(host.raise_limits, NOTHING),
    Hostile(host.open_files, returns([0, 1, 2, 3]), 74),
    Hostile(host.files_by_number, NOTHING),
    Hostile(host.parent_frames, NOTHING),
    Hostile(host.side_view, returns(SIDE_VIEW), 97),
)
