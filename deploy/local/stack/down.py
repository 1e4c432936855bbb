"""End a stack so that no process of it is left."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

from deploy.local.processes.leftovers import end_all, stack_processes
from deploy.local.stack.running import find_stack
from deploy.local.stack.state import SERVICES, load

_SUPERVISOR_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Descent:
    """What came of `down`: how many processes ran, and those that had to be killed."""

    found: int
    killed: tuple[str, ...]


async def bring_down(directory: Path) -> Descent:
    """End services first, then the servers they use, then supervisord; kill what is left and say so.

    Data and logs stay. The caller holds the stack's lock.
    """
    known = await asyncio.to_thread(stack_processes, directory)
    patience = 0.0
    if stack := await asyncio.to_thread(find_stack, directory):
        await stack.stop(SERVICES)
        await stack.stop(stack.state.servers)
        await asyncio.to_thread(stack.supervisor.shutdown)
        patience = _SUPERVISOR_SECONDS
    return Descent(len(known), await asyncio.to_thread(end_all, directory, known, patience=patience))


def purge(directory: Path) -> None:
    """Remove data, logs and state of a stack that is down; a directory that holds no stack stays as it is."""
    state = load(directory)
    if state is None:
        return
    shutil.rmtree(state.postgres_directory, ignore_errors=True)
    shutil.rmtree(directory, ignore_errors=True)
