"""One control group for one isolation, whatever the version."""

from __future__ import annotations

import errno
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autodev.sandbox.policy import Policy

CONTROLLERS = ("memory", "pids", "cpu")
"""Those that a group needs, whatever the version."""
_BUSY_SECONDS = 2.0
PERIOD_MICROSECONDS = 100_000
"""In which a group may use its share of the CPUs: the kernel's default."""


@dataclass(frozen=True, slots=True)
class Files:
    """What of a group an isolation's process 1 is given, opened."""

    procs: Path
    """Each call writes `0` into it while it has one thread, and is in the group then; process 1 is not, and can't be
    killed for its memory."""
    oom: Path
    """Has a line `oom_kill N`."""
    refused: Path
    """Has a line `max N`: forks that were refused."""


class Group(Protocol):
    @property
    def files(self) -> Files: ...

    @property
    def all_procs(self) -> Sequence[Path]:
        """Whoever writes `0` into all of them is in the group with everything."""
        ...

    def hold(self, process_1: int) -> None:
        """Put process 1 where it can be put without harm, so that its calls are there from their first moment."""
        ...

    def limit(self, policy: Policy) -> None:
        """Put the policy's memory, processes and CPUs in force for all calls together."""
        ...

    def pids(self) -> Sequence[int]:
        """Processes in the group, as the host numbers them."""
        ...

    def remove(self) -> None:
        """Give the group back; nobody may be in it."""
        ...


def remove_group(directory: Path) -> bool:
    """Remove a group, which is busy for a moment after its last process has died; False if it stays."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            directory.rmdir()
        except FileNotFoundError:
            return True
        except OSError as error:
            if error.errno != errno.EBUSY or time.monotonic() > deadline:
                return False
            time.sleep(0.001)
        else:
            return True


class Groups(Protocol):
    """Where groups can be made."""

    def make(self, name: str) -> Group:
        """Raises OSError: the kernel refused."""
        ...
