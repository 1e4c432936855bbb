"""Watches one call of a skill, on the agent's own thread: what costs time happens later and elsewhere.

Nothing here raises an `Exception` into the agent; a KeyboardInterrupt that arrives meanwhile passes through.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, time
from typing import Any, Final

from autodev.comparison import same_value
from autodev.sdk.log import warn_once
from autodev.sdk.recording.failure import Failure, describe
from autodev.sdk.recording.report import Execution, Expected, Remainder
from autodev.sdk.recording.sampling import Shape
from autodev.sdk.recording.snapshot import Snapshot, take, take_arguments
from autodev.sdk.recording.trace import current_trace
from autodev.sdk.skills.definition import SkillDefinition

Report = Callable[[Execution | Remainder], object]


class Observation:
    """One call from its start to its end. Arguments are taken at the start, since the call may change them."""

    __slots__ = ("_arguments", "_expected", "_report", "_skill", "_started", "function", "version")

    def __init__(
        self,
        skill: SkillDefinition,
        report: Report,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        expected: Expected | None,
    ) -> None:
        self._skill = skill
        self._report = report
        self._expected = expected
        self.version = skill.current
        self.function = self.version.function
        self._arguments = take_arguments(args, kwargs)
        self._started = perf_counter()

    def raised(self, error: Exception) -> None:
        """The call raised `error`: every failure is reported."""
        seconds = perf_counter() - self._started
        try:
            failure = describe(error, files=self.version.files, module=self._skill.function.__module__)
            self._send_failure(seconds, failure)
        except Exception:  # noqa: BLE001 - recording must never reach the agent
            warn_once(self._skill.name, "a failure could not be recorded")

    def returned(self, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """The call returned: a failure if the property or the expectation refuses it, else sampled."""
        seconds = perf_counter() - self._started
        try:
            violation = self._violation(result, args, kwargs)
            if violation is not None or self._is_unexpected(result):
                self._send_failure(seconds, take(result), violation)
            elif executions := self.version.tally.success(_shape(args, kwargs)):
                self._send(seconds, take(result), success=True, executions=executions)
        except Exception:  # noqa: BLE001 - recording must never reach the agent
            warn_once(self._skill.name, "a call could not be recorded")

    def _violation(self, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        try:
            return self._skill.check(result, args, kwargs)
        except (Exception, SystemExit):  # noqa: BLE001 - the agent's own check
            warn_once(self._skill.name, "its property check (ensures=) is broken, and says nothing about the result")
            return None

    def _is_unexpected(self, result: Any) -> bool:
        if self._expected is None:
            return False
        try:
            return not same_value(result, self._expected.value)
        except Exception:  # noqa: BLE001 - the values' own `__eq__`
            warn_once(self._skill.name, "the answer can't be compared with the expected one")
            return False

    def _send_failure(self, seconds: float, outcome: Snapshot | Failure, violation: str | None = None) -> None:
        # A promoted version may be rolled back at this very failure: what went well before it has to be known by then.
        if self.version.is_promoted and (successes := self.version.tally.unreported_successes()):
            self._report(Remainder(self._skill, self.version, success=True, executions=successes))
        executions = self.version.tally.failure()
        self._send(seconds, outcome, success=False, executions=executions, violation=violation)

    def _send(
        self,
        seconds: float,
        outcome: Snapshot | Failure,
        *,
        success: bool,
        executions: int,
        violation: str | None = None,
    ) -> None:
        expected = None if self._expected is None else take(self._expected.value)
        taken = [part for part in (self._arguments, outcome, expected) if isinstance(part, Snapshot)]
        self._report(
            Execution(
                skill=self._skill,
                version=self.version,
                started_at=time() - seconds,
                seconds=seconds,
                arguments=self._arguments,
                outcome=outcome,
                expected=expected,
                violation=violation,
                success=success,
                executions=executions,
                trace=current_trace(),
                weight=_OVERHEAD + sum(part.weight for part in taken),
            )
        )


_OVERHEAD: Final = 1_024
"""Bytes of an execution beside its snapshots, roughly."""


def _shape(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Shape:
    """The types within the arguments, one level deep: a row that lacks a column is another shape."""
    try:
        shape = (*map(_kind, args), *kwargs, *map(_kind, kwargs.values()))
        hash(shape)
    except Exception:  # noqa: BLE001 - changed meanwhile by another thread, or of a type that refuses to be hashed
        return ()
    return shape


def _kind(value: Any) -> object:
    if type(value) is dict and len(value) <= _WIDEST:
        return tuple(map(type, value.values()))
    return type(value)


_WIDEST: Final = 100
