"""What a supervisor that was killed left behind: its launchers, its control groups, its directories."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autodev.sandbox.cgroups.available import hierarchies
from autodev.sandbox.cgroups.group import remove_group
from autodev.sandbox.labels import Owner

_KILL_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Swept:
    processes: int
    groups: int
    directories: int


def sweep(is_left: Callable[[Owner], bool] = lambda owner: owner.is_dead) -> Swept:
    """Kill and remove what belongs to owners of which `is_left` is true: without it, those that are dead.

    Blocks until the processes are gone, some seconds at most. What belongs to others is never touched.
    """
    processes = _kill(lambda: _launchers(is_left))
    trees = [path for hierarchy in hierarchies() for path in _labelled_groups(hierarchy, is_left)]
    processes += _kill(lambda: _members(trees))
    groups = sum(_remove_groups(tree) for tree in trees)
    scratch = Path(tempfile.gettempdir())
    directories = [path for path in scratch.iterdir() if path.is_dir() and _is_left(path.name, is_left)]
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)
    return Swept(processes, groups, len(directories))


def _is_left(name: str, is_left: Callable[[Owner], bool]) -> bool:
    owner = Owner.parse(name)
    return owner is not None and is_left(owner)


def _labelled_groups(hierarchy: Path, is_left: Callable[[Owner], bool]) -> Iterator[Path]:
    """Anywhere: a supervisor makes them within its own group, which is another one at its next start."""
    for place, inner, _ in os.walk(hierarchy):
        yield from (Path(place) / name for name in inner if _is_left(name, is_left))
        inner[:] = [name for name in inner if Owner.parse(name) is None]


def _launchers(is_left: Callable[[Owner], bool]) -> Iterator[int]:
    """Processes that carry an owner's name in place of their own."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            name = (process / "cmdline").read_bytes().partition(b"\0")[0].decode("ascii", "replace")
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
        if _is_left(name, is_left):
            yield int(process.name)


def _members(trees: list[Path]) -> Iterator[int]:
    for tree in trees:
        for procs in tree.rglob("cgroup.procs"):
            with suppress(OSError):
                yield from map(int, procs.read_text().split())


def _kill(find: Callable[[], Iterator[int]]) -> int:
    """Until none is found: one may start another while they die."""
    killed: set[int] = set()
    deadline = time.monotonic() + _KILL_SECONDS
    while (found := set(find())) and time.monotonic() < deadline:
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        killed |= found
        time.sleep(0.01)
    return len(killed)


def _remove_groups(tree: Path) -> int:
    """Innermost first: a group with groups in it can't be removed."""
    inner = [Path(place) for place, _, _ in os.walk(tree)]
    return sum(remove_group(directory) for directory in reversed(inner))
