"""What repair takes and gives: failures in, edits out."""

from collections.abc import Mapping
from dataclasses import dataclass


class RepairError(ValueError):
    """This source can't be repaired; the message says why and what would work."""


class UnparsableSourceError(RepairError):
    """The module's source isn't Python that this interpreter can parse."""


class UnsupportedTargetError(RepairError):
    """The entrypoint isn't a plain function of the module (a method, a lambda, a nested function, or absent)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a traceback: the function's qualified name and the stripped text of its failing line."""

    function: str
    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One recorded call that raised.

    `frames` are outermost first. `arguments` are the decoded values by parameter name, None if not known;
    they are read for hints (which operand was odd), never executed or changed.
    """

    error_type: str
    message: str
    frames: tuple[Frame, ...] = ()
    arguments: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The function to repair: the source of its whole module and the function's name in it."""

    module_source: str
    entrypoint: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One candidate: the function rewritten, everything else in its module unchanged.

    `code` is the whole new function from `def` on, dedented, without decorators, with a newline at its end.
    `operator` names the rule (of a composition: the rules joined by " + "), `size` counts tokens added and
    removed, `risk` runs from 0 (handles exactly what was observed) to 1 (hides errors wholesale), and
    `fixes` counts the distinct faults among the given failures that the edit answers.
    """

    code: str
    operator: str
    description: str
    size: int
    risk: float
    fixes: int
