"""Memory of a process, as the kernel counts it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FIELD = re.compile(r"^(Rss|Pss):\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True)
class Memory:
    """MiB."""

    rss: float
    """Resident: pages that several processes share count in each of them."""
    pss: float
    """Proportional: each shared page counts once, in parts."""


def memory_of(pid: int) -> Memory:
    """Memory of the process `pid` alone, without what it has started.

    Raises:
        OSError: there is no such process, or it is not ours to look into.
    """
    return parse(Path(f"/proc/{pid}/smaps_rollup").read_text())


def parse(rollup: str) -> Memory:
    """What the text of a `/proc/<pid>/smaps_rollup` says."""
    found = dict(_FIELD.findall(rollup))
    return Memory(int(found["Rss"]) / 1024, int(found["Pss"]) / 1024)
