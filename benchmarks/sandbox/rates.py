"""Runs a second. A run mostly waits for the kernel to make and unmake namespaces, so there are more than cores."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from typing import Final

from autodev.sandbox import Arguments, CallInput, Program, Verdict
from autodev.sandbox.supervision.engine import SupervisedEngine
from benchmarks.sandbox.engines import Make, closing
from benchmarks.sandbox.times import CALL, POLICY, PROGRAM

AT_ONCE: Final = 4 * (os.cpu_count() or 1)
CASES: Final = 40
CANDIDATE: Final = Program("def answer(number):\n    return number * 2\n", "answer")
INPUTS: Final = tuple(CallInput(str(number), Arguments(args=(number,))) for number in range(CASES))


async def one_shot(make: Make, seconds: float) -> float:
    """Isolations of one call each."""

    async def run(engine: SupervisedEngine) -> int:
        report = await engine.run(PROGRAM, CALL, POLICY)
        return report.calls[0].verdict is Verdict.OK

    return await _rate(make, run, seconds)


async def matrix(make: Make, seconds: float) -> float:
    """Calls of candidates on cases: an isolation for each candidate, and in it a fork for each case."""

    async def run(engine: SupervisedEngine) -> int:
        report = await engine.run(CANDIDATE, INPUTS, POLICY)
        return sum(call.verdict is Verdict.OK for call in report.calls)

    return await _rate(make, run, seconds)


async def _rate(make: Make, run: Callable[[SupervisedEngine], Awaitable[int]], seconds: float) -> float:
    done = 0

    async def go_on(engine: SupervisedEngine, until: float) -> None:
        nonlocal done
        while time.perf_counter() < until:
            came = await run(engine)  # of its own: `done` is read before an await in the same statement
            done += came

    with closing(make(0)) as engine:
        await run(engine)
        began = time.perf_counter()
        await asyncio.gather(*(go_on(engine, began + seconds) for _ in range(AT_ONCE)))
        return done / (time.perf_counter() - began)
