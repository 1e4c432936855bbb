"""Which processes descend from a process, by what the kernel says.

Process groups do not answer this: PostgreSQL puts each of its backends into a session of its own.
"""

from __future__ import annotations

import os
import signal
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    """One process for all its life: process ids are used again, but not with the same start time (clock ticks)."""

    pid: int
    started: int


class Relation(NamedTuple):
    """A process and the process id of its parent."""

    process: Process
    parent: int


def parse_stat(text: str) -> Relation:
    """Read the text of a `/proc/<pid>/stat` file.

    The command in the second field may hold spaces and parentheses, so the fields count from its last parenthesis.
    """
    before, _, after = text.rpartition(")")
    fields = after.split()
    return Relation(Process(pid=int(before.split()[0]), started=int(fields[19])), parent=int(fields[1]))


def with_descendants(roots: Iterable[int]) -> tuple[Process, ...]:
    """The living processes among `roots` and all their living descendants, parents before children."""
    alive: dict[int, Process] = {}
    children: defaultdict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                relation = parse_stat((entry / "stat").read_text(errors="replace"))
                alive[relation.process.pid] = relation.process
                children[relation.parent].append(relation.process.pid)
    found = [pid for pid in dict.fromkeys(roots) if pid in alive]
    for pid in found:
        found.extend(child for child in children[pid] if child not in found)
    return tuple(alive[pid] for pid in found)


def is_alive(process: Process) -> bool:
    """Whether this very process still runs; a dead one that its parent has not noticed yet does not."""
    try:
        text = Path(f"/proc/{process.pid}/stat").read_text(errors="replace")
    except OSError:
        return False
    is_zombie = text.rpartition(")")[2].split()[0] == "Z"
    return not is_zombie and parse_stat(text).process == process


def send_signal(root: int, number: signal.Signals) -> None:
    """Send a signal to `root` and all its descendants; those that are gone already are skipped."""
    for process in with_descendants([root]):
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)
