"""Which processes descend from a process, by what the kernel says.

Process groups do not answer this: PostgreSQL puts each of its backends into a session of its own.
"""

from __future__ import annotations

import os
import signal
from collections import defaultdict
from contextlib import suppress
from pathlib import Path


def parent_of(stat: str) -> int:
    """The parent's process id from the text of a `/proc/<pid>/stat` file.

    The command in the second field may hold spaces and parentheses, so the fields count from its last parenthesis.
    """
    return int(stat.rpartition(")")[2].split()[1])


def tree(root: int) -> tuple[int, ...]:
    """`root` and all its living descendants, parents before children; empty if `root` is gone."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    alive = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                children[parent_of((entry / "stat").read_text())].append(int(entry.name))
                alive.add(int(entry.name))
    found = [root] if root in alive else []
    for pid in found:
        found.extend(children[pid])
    return tuple(found)


def send_signal(root: int, number: signal.Signals) -> None:
    """Send a signal to `root` and all its descendants; those that are gone already are skipped."""
    for pid in tree(root):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
