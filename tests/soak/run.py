"""The runs themselves, some given up in the middle."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable

from autodev.sandbox import Arguments, CallInput, Program
from autodev.sandbox.supervision.engine import SupervisedEngine
from tests.soak.programs import KINDS, MODULE, Kind

AT_ONCE = 3
CANCELLED_SHARE = 0.02

Progress = Callable[[int], None]


async def soak(engine: SupervisedEngine, runs: int, seed: int, progress: Progress = lambda _done: None) -> Counter[str]:
    """How many runs came to which end.

    Raises:
        AssertionError: one came to something else than its program does.
    """
    chance = random.Random(seed)
    kinds = iter(chance.choices(KINDS, [kind.weight for kind in KINDS], k=runs))
    ends: Counter[str] = Counter()

    async def work() -> None:
        for kind in kinds:
            given_up = chance.random() < CANCELLED_SHARE
            ends[await _one(engine, kind, chance.uniform(0, 0.05) if given_up else None)] += 1
            progress(ends.total())

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return ends


async def _one(engine: SupervisedEngine, kind: Kind, given_up_after: float | None) -> str:
    running = asyncio.create_task(
        engine.run(Program(MODULE, kind.entrypoint), [CallInput("1", Arguments())], kind.policy)
    )
    if given_up_after is not None:
        await asyncio.sleep(given_up_after)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        return "given up"
    call = (await running).calls[0]
    assert call.verdict in kind.verdicts, f"{kind.entrypoint} ended as {call.verdict}: {call.message}"
    return str(call.verdict)
