"""Find the processes of a stack by a mark in their environment, which children inherit and no pid file can lose."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from deploy.local.processes.process_tree import Process, is_alive, with_descendants

MARK = "AUTODEV_LOCAL_STACK"
_KILL_ROUNDS = 5
_KILL_SECONDS = 2.0


def stack_processes(directory: Path) -> frozenset[Process]:
    """Living processes that carry the mark of the stack in `directory`, and their descendants, marked or not."""
    mark = f"{MARK}={directory}".encode()
    marked = []
    for entry in Path("/proc").iterdir():
        # A process of another user, or one that ended meanwhile, is none of ours.
        with suppress(OSError):
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                marked.append(int(entry.name))
    return frozenset(process for process in with_descendants(marked) if process.pid != os.getpid())


def end_all(directory: Path, known: Collection[Process] = (), *, patience: float) -> tuple[str, ...]:
    """Wait up to `patience` seconds until no process of a stack is left, then kill; return what was killed.

    Sandboxed guests carry no mark, so `known` says which processes there were. Raises RuntimeError if some survive.
    """
    _wait(directory, known, patience)
    killed: list[str] = []
    for _ in range(_KILL_ROUNDS):  # a parent may have had time for one more child
        left = _alive(directory, known)
        if not left:
            return tuple(killed)
        killed.extend(_describe(process) for process in left)
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        _wait(directory, known, _KILL_SECONDS)
    survivors = "; ".join(_describe(process) for process in _alive(directory, known))
    raise RuntimeError(f"these processes survive being killed: {survivors}. Restart the machine")


def _alive(directory: Path, known: Collection[Process]) -> frozenset[Process]:
    return frozenset(filter(is_alive, stack_processes(directory).union(known)))


def _wait(directory: Path, known: Collection[Process], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while _alive(directory, known) and time.monotonic() < deadline:
        time.sleep(0.05)


def _describe(process: Process) -> str:
    try:
        command = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    except OSError:
        command = b"(gone)"
    return f"{process.pid} {command.replace(bytes(1), b' ').decode(errors='replace').strip()}"
