"""How a task ended that should have gone on."""

from __future__ import annotations

import asyncio
from typing import Any


class TaskEndedError(RuntimeError):
    """A task that should have gone on ended without an exception of its own."""


def reason_of(task: asyncio.Task[Any]) -> BaseException:
    """Why `task`, which nobody told to end, is done."""
    if task.cancelled():
        return TaskEndedError(
            f"{task.get_name()} was cancelled from within: a client let a cancellation of its own out"
        )
    return task.exception() or TaskEndedError(f"{task.get_name()} ended by itself")
