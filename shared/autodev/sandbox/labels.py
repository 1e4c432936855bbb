"""Whose everything is that a sandbox makes: a name that tells whether its owner still lives."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Self

_NAME = re.compile(r"autodev-(?P<boot>[0-9a-f]{12})-(?P<namespace>\d+)-(?P<pid>\d+)-(?P<started>\d+)")


@dataclass(frozen=True, slots=True)
class Owner:
    """A supervisor: a process number alone may pass on to another process, or to another boot of the machine."""

    boot: str
    namespace: int
    """Of processes: what another one numbers can't be judged from this one."""
    pid: int
    started: int
    """Ticks after boot."""

    @property
    def name(self) -> str:
        return f"autodev-{self.boot}-{self.namespace}-{self.pid}-{self.started}"

    @property
    def is_dead(self) -> bool:
        """Whether it certainly is."""
        if self.boot != _boot():
            return True
        return self.namespace == _namespace() and _started(self.pid) != self.started

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """The owner of what has this name or a longer one; None for names that none of ours gave."""
        if not (found := _NAME.match(name)):
            return None
        return cls(found["boot"], int(found["namespace"]), int(found["pid"]), int(found["started"]))


def own_directory(owner: Owner) -> Path:
    """Where `owner` keeps what its sandboxes need while they live; nobody else can look into it."""
    return private_directory(owner.name)


def private_directory(name: str) -> Path:
    """Of this name among temporary files, made unless it is there, and this user's alone.

    Raises:
        OSError: it can't be made, or belongs to somebody else.
    """
    directory = Path(tempfile.gettempdir()) / name
    directory.mkdir(mode=0o700, exist_ok=True)
    status = directory.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise PermissionError(f"{directory} belongs to somebody else, or others may use it")
    return directory


def this_process() -> Owner:
    pid = os.getpid()
    started = _started(pid)
    assert started is not None
    return Owner(_boot(), _namespace(), pid, started)


_numbers = count(1)


def new_name() -> str:
    """For what this process makes next: no other thing on this machine has it, or had it since the machine started."""
    return f"{this_process().name}-{next(_numbers)}"


@cache
def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", "")[:12]


@cache
def _namespace() -> int:
    return Path("/proc/self/ns/pid").stat().st_ino


def _started(pid: int) -> int | None:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name, in parentheses, may contain anything; the time is the 22nd field of all.
    return int(status.rpartition(")")[2].split()[19])
