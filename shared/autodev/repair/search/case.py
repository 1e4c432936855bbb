"""A call that the function should get right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autodev.comparison import same_value
from autodev.repair.search.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Expected:
    """What a call should return. A type of its own, since None can be expected."""

    value: object


@dataclass(frozen=True, slots=True)
class Case:
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = field(default_factory=dict)
    expected: Expected | None = None
    """None: it merely must not raise."""

    def is_right(self, outcome: Outcome) -> bool:
        """By value and type (`autodev.comparison`): 1 is not True, [1] is not (1,), NaN equals NaN."""
        if not outcome.returned:
            return False
        return self.expected is None or same_value(outcome.value, self.expected.value)

    def closeness(self, outcome: Outcome) -> float:
        """1 if right; else a little for each step on the way: an answer, an answer of the right type and size."""
        if self.is_right(outcome):
            return 1.0
        if not outcome.returned or self.expected is None:
            return 0.0
        actual, expected = outcome.value, self.expected.value
        if type(actual) is not type(expected):
            return 0.1
        if isinstance(actual, list | tuple | str | dict | set) and isinstance(
            expected, list | tuple | str | dict | set
        ):
            return 0.3 if len(actual) == len(expected) else 0.2
        return 0.2
