"""Seconds of single runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Sequence
from typing import Final

from autodev.sandbox import Arguments, CallInput, Policy, Program, RunReport, Verdict
from autodev.sandbox.guest_files import ENVIRONMENT
from autodev.sandbox.python_runtime import PythonRuntime
from benchmarks.sandbox.engines import Make, closing

PROGRAM: Final = Program("def answer():\n    return 42\n", "answer")
ENDLESS: Final = Program("def answer():\n    while True:\n        pass\n", "answer")
CALL: Final = (CallInput("1", Arguments()),)
POLICY: Final = Policy()
DEADLINE: Final = Policy(wall_seconds=5.0, call_seconds=0.2)
PAUSE_SECONDS: Final = 0.05
"""Between two warm runs: for the pool to start another isolation, which takes both cores."""


async def bare_python(count: int) -> Sequence[float]:
    """The same interpreter without isolation, from its start to its end: the floor of all the rest."""
    command = [str(PythonRuntime.of_host().executable), "-I", "-S", "-c", "pass"]
    samples = []
    for _ in range(count):
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(*command, env=ENVIRONMENT)
        await process.wait()
        samples.append(time.perf_counter() - began)
    return samples


async def cold(make: Make, count: int) -> Sequence[float]:
    """From asking to the answer in hand, with an isolation that is made for it."""
    with closing(make(0)) as engine:
        await engine.run(PROGRAM, CALL, POLICY)
        return [(await _answered(engine.run(PROGRAM, CALL, POLICY))) for _ in range(count)]


async def warm(make: Make, count: int) -> Sequence[float]:
    """The same with one that was started ahead; each is used once."""
    samples = []
    with closing(make(2)) as engine:
        engine.warm_up(POLICY)
        for _ in range(count):
            await engine.waiting(POLICY)
            await asyncio.sleep(PAUSE_SECONDS)
            samples.append(await _answered(engine.run(PROGRAM, CALL, POLICY)))
    return samples


async def late(make: Make, count: int) -> Sequence[float]:
    """From a call's deadline to the end of everything that it was."""
    samples = []
    with closing(make(0)) as engine:
        for _ in range(count):
            report = await engine.run(ENDLESS, CALL, DEADLINE)
            if report.calls[0].verdict is not Verdict.WALL_TIMEOUT or report.overshoot_seconds is None:
                raise RuntimeError(f"{engine.name} did not stop a call at its deadline: {report}")
            samples.append(report.overshoot_seconds)
    return samples


async def _answered(run: Awaitable[RunReport]) -> float:
    report = await run
    if report.calls[0].verdict is not Verdict.OK:
        raise RuntimeError(f"{report.engine} did not run the program: {report}")
    return report.answered_seconds
