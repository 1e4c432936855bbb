"""The search's `Runner` on an engine of the sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from autodev import values
from autodev.events.models.call import Arguments, Raised, Returned
from autodev.repair.running import driver
from autodev.repair.search.candidate import Candidate
from autodev.repair.search.case import Case
from autodev.repair.search.module import ModuleText
from autodev.repair.search.outcome import Kind, Outcome
from autodev.repair.search.trace import Step, Trace
from autodev.sandbox.engine import Engine
from autodev.sandbox.policy import Policy
from autodev.sandbox.program import CallInput, Program
from autodev.sandbox.report import CallFacts

TRACED_STEPS: Final = 100_000
_LEAST_STEPS: Final = 10_000
_MOST_STEPS: Final = 500_000
"""Beyond, counting would cost more than it saves."""
_TIMES: Final = 20
"""Of what calls of the original took, in steps and in seconds."""
_LEAST_SECONDS: Final = 0.25
_MIB: Final = 1 << 20


class SandboxRunner:
    """One for each module: what it saw of the original sets the limits of its other versions."""

    def __init__(self, engine: Engine, original: ModuleText, entrypoint: str, call_seconds: float = 3.0) -> None:
        """`call_seconds`: what a call may take at most, however slow the original was."""
        self._engine, self._original, self._entrypoint = engine, original, entrypoint
        self._call_seconds = call_seconds
        self._steps = _LEAST_STEPS
        self._seconds = min(_LEAST_SECONDS, call_seconds)

    async def trace(self, module: ModuleText, cases: Sequence[Case]) -> Sequence[Trace]:
        watched = driver.driven(module.text, self._entrypoint, TRACED_STEPS)
        policy = self._policy(self._call_seconds, len(cases))
        report = await self._engine.run(Program(watched, driver.TRACED), _calls(cases), policy)
        traces = [_trace(call) for call in report.calls]
        if module is self._original:
            self._learn(traces)
        return traces

    def _learn(self, traces: Sequence[Trace]) -> None:
        ended = [trace for trace in traces if trace.outcome.kind is not Kind.STOPPED]
        steps = max((trace.steps for trace in ended), default=0)
        self._steps = _TIMES * steps + _LEAST_STEPS
        if self._steps > _MOST_STEPS:
            self._steps = 0
        slowest = max((trace.seconds for trace in ended), default=0.0)
        self._seconds = min(max(_TIMES * slowest, _LEAST_SECONDS), self._call_seconds)

    async def evaluate(self, candidates: Sequence[Candidate], cases: Sequence[Case]) -> Sequence[Sequence[Outcome]]:
        reports = await self._engine.search(
            driver.driven(self._original.text, self._entrypoint, TRACED_STEPS),
            driver.SEARCHED,
            [driver.replacement(candidate.replacement(), self._steps) for candidate in candidates],
            _calls(cases),
            self._policy(self._seconds, 2),
        )
        return [[_outcome(call) for call in report.calls] for report in reports]

    async def confirm(self, module: ModuleText, cases: Sequence[Case]) -> Sequence[Outcome]:
        policy = self._policy(self._call_seconds, len(cases))
        report = await self._engine.run(Program(module.text, self._entrypoint), _calls(cases), policy)
        return [_outcome(call) for call in report.calls]

    def _policy(self, call_seconds: float, calls: int) -> Policy:
        """For calls that take a fraction of their limit nearly all: `calls` of them may take all of it."""
        wall = min(call_seconds * max(calls, 1) + 1.0, 3_600.0)
        return Policy(call_seconds=call_seconds, wall_seconds=wall, memory_bytes=256 * _MIB)


def _calls(cases: Iterable[Case]) -> list[CallInput]:
    return [
        CallInput(
            str(index),
            Arguments(
                args=tuple(map(values.encode, case.args)),
                kwargs={name: values.encode(value) for name, value in case.kwargs.items()},
            ),
        )
        for index, case in enumerate(cases)
    ]


def _outcome(call: CallFacts) -> Outcome:
    match call.outcome:
        case Returned(value=value):
            try:
                return Outcome(Kind.RETURNED, values.decode(value))
            except values.ValueCodecError as error:
                return Outcome(Kind.STOPPED, error=f"malformed: {error}")
        case Raised(type=driver.TOO_MANY):
            return Outcome(Kind.STOPPED, error=driver.TOO_MANY)
        case Raised(type=error, message=message):
            return Outcome(Kind.RAISED, error=error, message=message)
    return Outcome(Kind.STOPPED, error=call.verdict.value)


def _trace(call: CallFacts) -> Trace:
    outcome = _outcome(call)
    if outcome.kind is not Kind.RETURNED:
        return Trace(outcome, seconds=call.seconds)
    try:
        return _told(outcome.value, call.seconds)
    except (TypeError, ValueError, KeyError, IndexError):  # a guest can write anything
        return Trace(Outcome(Kind.STOPPED, error="malformed"), seconds=call.seconds)


def _told(told: Any, seconds: float) -> Trace:
    numbers = [int(line) for line in told["lines"]]
    frames = tuple(Step(str(function), int(line)) for function, line in told["frames"])
    outcome = Outcome(Kind.RETURNED, told["value"])
    if told["raised"] is not None:
        error, message = map(str, told["raised"])
        stopped = error == driver.TOO_MANY
        outcome = Outcome(Kind.STOPPED if stopped else Kind.RAISED, error=error, message=message)
        frames = () if stopped else frames
    lines = frozenset(line for line in numbers if line > 0)
    return Trace(outcome, lines, frames, -min(numbers, default=0), seconds)
