"""A container's process 1 as this host sees it, if it does."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from autodev.sandbox.cgroups.counting import Counting


def visible_process(pid: int, container: str) -> tuple[int | None, Counting | None]:
    """A pidfd of process 1 and its counts; None of a daemon that numbers processes otherwise than we do.

    Its group's name tells: it has the container's id in it.
    """
    process = Path("/proc") / str(pid)
    try:
        pidfd = os.pidfd_open(pid)
    except (OSError, ValueError):
        return None, None
    with suppress(OSError):
        if container in (process / "cgroup").read_text():
            return pidfd, Counting.of(process)
    os.close(pidfd)
    return None, None
