"""The search's `Runner` on an engine of the sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from autodev import values
from autodev.events.models.call import Arguments, Raised, Returned
from autodev.repair.running import driver
from autodev.repair.running.steps import TRACED_STEPS, step_limit
from autodev.repair.search.candidate import Candidate
from autodev.repair.search.case import Case
from autodev.repair.search.module import ModuleText
from autodev.repair.search.outcome import Kind, Outcome
from autodev.repair.search.trace import Step, Trace
from autodev.sandbox.engine import Engine
from autodev.sandbox.policy import Policy
from autodev.sandbox.program import CallInput, Program
from autodev.sandbox.report import CallFacts

_TIMES_SECONDS: Final = 5
"""Of what calls of the original took."""
_LEAST_SECONDS: Final = 0.25
_PATIENCE_SECONDS: Final = 1.0
"""With calls of the original that are endless, it seems."""
_MIB: Final = 1 << 20


class SandboxRunner:
    """One for each module: what it saw of the original sets the limits of its other versions."""

    def __init__(self, engine: Engine, original: ModuleText, entrypoint: str, call_seconds: float = 3.0) -> None:
        """`call_seconds`: what a call may take at most, however slow the original was."""
        self._engine, self._original, self._entrypoint = engine, original, entrypoint
        self._call_seconds = call_seconds
        self._costs: dict[int, tuple[Case, Trace]] = {}
        """What the original took for each case it was watched on, by the identity of the case, which is kept alive."""

    async def trace(self, module: ModuleText, cases: Sequence[Case]) -> Sequence[Trace]:
        watched = driver.driven(module.text, self._entrypoint, TRACED_STEPS)
        policy = self._policy(self._call_seconds, len(cases))
        report = await self._engine.run(Program(watched, driver.TRACED), _calls(cases), policy)
        traces = [trace_of(call) for call in report.calls]
        if module is self._original:
            traces = await self._finished(cases, traces)
            self._costs = {id(case): (case, trace) for case, trace in zip(cases, traces, strict=True)}
        return traces

    async def _finished(self, cases: Sequence[Case], traces: Sequence[Trace]) -> list[Trace]:
        """Calls that watching alone made too long: what they come to is seen unwatched, their way as far as it went."""
        cut = [index for index, trace in enumerate(traces) if trace.outcome.error == driver.TOO_MANY]
        finished = list(traces)
        if cut:
            chosen = [cases[index] for index in cut]
            program = Program(*driver.plain(self._original.text, self._entrypoint))
            policy = self._policy(min(_PATIENCE_SECONDS, self._call_seconds), 1)
            report = await self._engine.run(program, _calls(chosen), policy)
            for index, call in zip(cut, report.calls, strict=True):
                finished[index] = replace(traces[index], outcome=_outcome(call), seconds=call.seconds)
        return finished

    def _limits(self, cases: Sequence[Case]) -> tuple[int, float]:
        """Steps (0 for without counting) and seconds that a candidate's call may take."""
        known = [self._costs[id(case)] for case in cases if id(case) in self._costs] or list(self._costs.values())
        ended = [trace for _, trace in known if trace.outcome.kind is not Kind.STOPPED]
        steps = max((trace.steps for trace in ended), default=0)
        slowest = max((trace.seconds for trace in ended), default=0.0)
        seconds = min(_TIMES_SECONDS * slowest + _LEAST_SECONDS, self._call_seconds)
        return step_limit(steps), seconds

    async def evaluate(self, candidates: Sequence[Candidate], cases: Sequence[Case]) -> Sequence[Sequence[Outcome]]:
        steps, seconds = self._limits(cases)
        reports = await self._engine.search(
            driver.driven(self._original.text, self._entrypoint, TRACED_STEPS),
            driver.SEARCHED,
            [driver.replacement(candidate.replacement(), steps) for candidate in candidates],
            _calls(cases),
            self._policy(seconds, 2),
        )
        return [[_outcome(call) for call in report.calls] for report in reports]

    async def confirm(self, module: ModuleText, cases: Sequence[Case]) -> Sequence[Outcome]:
        policy = self._policy(self._call_seconds, len(cases))
        report = await self._engine.run(Program(*driver.plain(module.text, self._entrypoint)), _calls(cases), policy)
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
        case Raised(type=error, message=message, frames=frames):
            return Outcome(Kind.RAISED, error=error, message=message, at=frames[-1].statement if frames else "")
    return Outcome(Kind.STOPPED, error=call.verdict.value)


def trace_of(call: CallFacts) -> Trace:
    """Of a call of `driver.TRACED`."""
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
