"""Running the canary."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from pathlib import Path

from autodev import values
from autodev.events.models.call import Arguments
from autodev.sandbox.canary.control import Control, ControlResult
from autodev.sandbox.canary.controls import controls
from autodev.sandbox.canary.report import CapabilityReport
from autodev.sandbox.engine import Engine
from autodev.sandbox.program import CallInput, Program

_HOSTILE = Path(__file__).with_name("hostile.py")
_AT_ONCE = 4


async def prove(engine: Engine) -> CapabilityReport:
    """The report of `examine`, with every control held.

    Raises:
        IsolationUnavailable: the first control that is not held, and what to do; nothing may run on this engine.
    """
    report = await examine(engine)
    report.require()
    return report


async def examine(engine: Engine) -> CapabilityReport:
    """Try to break every promise of `engine`, here and now; takes about two seconds.

    Raises:
        IsolationUnavailable: the engine could not make an isolation at all.
    """
    started = time.monotonic()
    source = await asyncio.to_thread(_HOSTILE.read_text)
    turn = asyncio.Semaphore(_AT_ONCE)

    async def attempt(control: Control) -> ControlResult:
        async with turn:
            return await _attempt(engine, source, control)

    with tempfile.NamedTemporaryFile(prefix="autodev-canary-") as secret:  # made with mode 0600
        secret.write(b"the supervisor's")
        secret.flush()
        tried = controls(secret.name, f"autodev-canary-{secrets.token_hex(8)}")
        results = await asyncio.gather(*map(attempt, tried))
    return CapabilityReport(engine.name, tuple(results), time.monotonic() - started)


async def _attempt(engine: Engine, source: str, control: Control) -> ControlResult:
    arguments = Arguments(args=tuple(values.encode(argument) for argument in control.arguments))
    call = CallInput(control.name, arguments)
    report = await engine.run(Program(source, control.program), [call], control.policy)
    complaint = await asyncio.to_thread(control.judge, report.calls[0])
    return ControlResult(control.name, complaint is None, complaint or "holds", control.remedy)
