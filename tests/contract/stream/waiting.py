"""Waiting for what happens soon but not at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sized
from typing import TypeVar

S = TypeVar("S", bound=Sized)

PATIENCE = 30.0
"""Seconds: a busy machine is slow, and a broken contract should fail all the same."""


async def eventually(condition: Callable[[], bool]) -> None:
    """Return as soon as `condition` holds; TimeoutError if it never does."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is under test sets no event of ours
            await asyncio.sleep(0.005)


async def grown(read: Callable[[], Awaitable[S]], count: int) -> S:
    """What `read` returns once it has at least `count` items; TimeoutError if it never has."""
    async with asyncio.timeout(PATIENCE):
        while len(found := await read()) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return found
