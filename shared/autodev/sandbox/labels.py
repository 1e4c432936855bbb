"""Whose everything is that a sandbox makes: a name that tells whether its owner still lives."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

_NAME = re.compile(r"autodev-(?P<boot>[0-9a-f]{12})-(?P<pid>\d+)-(?P<started>\d+)")


@dataclass(frozen=True, slots=True)
class Owner:
    """A supervisor: a process number alone may pass on to another process, or to another boot of the machine."""

    boot: str
    pid: int
    started: int
    """Ticks after boot."""

    @property
    def name(self) -> str:
        return f"autodev-{self.boot}-{self.pid}-{self.started}"

    @property
    def lives(self) -> bool:
        return self.boot == _boot() and _started(self.pid) == self.started

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """The owner of what has this name or a longer one; None for names that none of ours gave."""
        if not (found := _NAME.match(name)):
            return None
        return cls(found["boot"], int(found["pid"]), int(found["started"]))


def this_process() -> Owner:
    pid = os.getpid()
    started = _started(pid)
    assert started is not None
    return Owner(_boot(), pid, started)


@cache
def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", "")[:12]


def _started(pid: int) -> int | None:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name, in parentheses, may contain anything; the time is the 22nd field of all.
    return int(status.rpartition(")")[2].split()[19])
