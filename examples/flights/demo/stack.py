"""The system that the demo runs on: found running, or brought up for as long as the demo takes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.text import Text

from deploy.local.stack.running import find_stack
from deploy.local.stack.state import StackState, load


class StackFailedError(Exception):
    """The stack does not come up; it has said itself why."""


@asynccontextmanager
async def local_stack(directory: Path, console: Console) -> AsyncIterator[StackState]:
    """The local stack, up and ready. It is taken down again unless it was up before.

    Raises:
        StackFailedError: it does not come up.
    """
    was_up = find_stack(directory) is not None
    try:
        if await _run("up", directory, console):
            raise StackFailedError(
                f"The local stack does not come up. Next: python -m deploy.local logs, or {directory}/logs"
            )
        state = load(directory)
        assert state is not None
        yield state
    finally:
        if not was_up:
            await asyncio.shield(_run("down", directory, console))


async def _run(command: str, directory: Path, console: Console) -> int:
    console.print(Text(f"$ python -m deploy.local {command}", style="bold cyan"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.local", command, "--directory", str(directory)
    )
    return await process.wait()
