"""Whether a tool's property check can tell a right answer from an easy one.

A check that accepts an easy answer would let a repair be promoted that hides a failure instead of fixing it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from examples.flights.situation import Situation
from examples.flights.toolbox import Arguments, Tool


@dataclass(frozen=True)
class Refusals:
    """How often a check refused each easy answer, of `calls` real ones."""

    tool: str
    calls: int
    failing: int
    """Calls in which the tool as written raised."""
    constant: object
    """The most frequent right answer: the constant that is hardest to refuse."""
    constant_refused: int
    none_refused: int
    default_refused: int
    """Of the failing calls, when each is answered with that constant."""
    right_refused: int
    """Of the calls that the tool as written answers, which are right."""

    @property
    def has_teeth(self) -> bool:
        """Whether no easy answer passes, and no right one is refused."""
        easy = (self.constant_refused, self.none_refused, self.default_refused)
        return all(easy) and not self.right_refused


def refusals(tool: Tool, situations: Iterable[Situation]) -> Refusals:
    """What the check of `tool` says to easy answers in `situations`."""
    calls = [tool.arguments(situation) for situation in situations]
    answered, failing = _sorted_out(tool.skill.original, calls)
    constant, _ = Counter(result for result, _ in answered).most_common(1)[0]

    def refused(result: object, among: Sequence[Arguments]) -> int:
        return sum(not tool.check(result, *arguments) for arguments in among)

    return Refusals(
        tool=tool.name,
        calls=len(calls),
        failing=len(failing),
        constant=constant,
        constant_refused=refused(constant, calls),
        none_refused=refused(None, calls),
        default_refused=refused(constant, failing),
        right_refused=sum(not tool.check(result, *arguments) for result, arguments in answered),
    )


def _sorted_out(
    function: Callable[..., Any], calls: Sequence[Arguments]
) -> tuple[list[tuple[Any, Arguments]], list[Arguments]]:
    """The calls that `function` answers, with its results, and those in which it raises."""
    answered, failing = [], []
    for arguments in calls:
        try:
            answered.append((function(*arguments), arguments))
        except Exception:  # noqa: BLE001 - the tools may raise anything, which is what the demo is about
            failing.append(arguments)
    return answered, failing
