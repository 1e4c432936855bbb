"""A file as a program: run from top to bottom, or one of its functions called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypedDict

from autodev import values
from autodev.events.models.call import Arguments
from autodev.sandbox.engine import Engine
from autodev.sandbox.policy import Policy
from autodev.sandbox.program import CallInput, Program
from autodev.sandbox.report import RunReport

_RUNNER: Final = Path(__file__).with_name("runner.py").read_text()

GRACE_SECONDS: Final = 5.0
"""For process 1 to stop the program and to tell of it, before the supervisor ends everything and nothing is told."""


class ScriptLimits(TypedDict):
    wall_seconds: float
    call_seconds: float
    cpu_seconds: int


def script_limits(timeout: float) -> ScriptLimits:
    """Of a policy, those by which a program ends after `timeout` seconds of wall clock, and not before by its CPU."""
    return {
        "wall_seconds": timeout + GRACE_SECONDS,
        "call_seconds": timeout,
        "cpu_seconds": max(1, ceil(timeout) + 1) if isfinite(timeout) else 1,
    }


def source_of(program: Program, calls: Sequence[CallInput]) -> str:
    """What a run runs: of a file that is run as a program that file, of anything else the module."""
    if program.module_source != _RUNNER:
        return program.module_source
    return "".join(source for call in calls for source in call.arguments.args[:1] if isinstance(source, str))


async def run_file(
    engine: Engine,
    source: str,
    policy: Policy,
    *,
    entrypoint: str | None = None,
    arguments: Arguments = Arguments(),  # noqa: B008 - frozen
    variables: Mapping[str, object] = MappingProxyType({}),
) -> RunReport:
    """Run `source` as ``__main__``, or call its function `entrypoint`; the report has one call.

    A program that ends by ``sys.exit(0)`` has ended well; it returns nothing. It finds `variables` among its globals.

    Raises:
        IsolationUnavailable: nothing was run.
    """
    source = source.removeprefix("\ufeff")  # a file may begin with this mark, which is no part of its text
    if entrypoint is None:
        given = Arguments(args=(source, values.encode(dict(variables))))
        return await engine.run(Program(_RUNNER, "run"), [CallInput("run", given)], policy)
    return await engine.run(Program(source, entrypoint), [CallInput("run", arguments)], policy)
