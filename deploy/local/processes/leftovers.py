"""Find the processes of a stack by a mark in their environment, which children inherit and no pid file can lose."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

MARK = "AUTODEV_LOCAL_STACK"
_KILL_ROUNDS = 5
_KILL_SECONDS = 2.0


def marked_processes(directory: Path) -> dict[int, str]:
    """Living processes of the stack in `directory`: process id to command line."""
    mark = f"{MARK}={directory}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        # A process of another user, or one that ended meanwhile, is none of ours.
        with suppress(OSError):
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                found[int(entry.name)] = command.strip()
    found.pop(os.getpid(), None)
    return found


def kill_marked(directory: Path, *, patience: float) -> dict[int, str]:
    """Wait up to `patience` seconds for the processes of a stack to end, kill the rest and return those killed.

    Raises RuntimeError if some live even then.
    """
    _wait_until_gone(directory, patience)
    killed: dict[int, str] = {}
    for _ in range(_KILL_ROUNDS):  # a killed parent may have had time for one more child
        if not (left := marked_processes(directory)):
            return killed
        killed |= left
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _wait_until_gone(directory, _KILL_SECONDS)
    raise RuntimeError(f"these processes survive being killed: {marked_processes(directory)}; restart the machine")


def _wait_until_gone(directory: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while marked_processes(directory) and time.monotonic() < deadline:
        time.sleep(0.05)
