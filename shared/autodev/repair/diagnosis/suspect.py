"""An expression whose value was odd, and the checks that would have caught it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import libcst as cst

from autodev.repair.diagnosis.check import Check
from autodev.repair.source.changes import Stage

_DOUBT = 0.1


@dataclass(frozen=True, slots=True)
class Suspect:
    """`failing` is the expression that raised, `operand` the part of it with the odd value.

    `certain` when the failures single it out among its like; `kind` names that like ("float", "division"):
    suspects of one kind can be guarded together.
    """

    kind: str
    failing: cst.BaseExpression
    operand: cst.BaseExpression
    checks: tuple[Check, ...]
    stage: Stage
    certain: bool = True

    @property
    def doubt(self) -> float:
        """The risk that a fix takes by acting on this suspect rather than on another."""
        return 0.0 if self.certain else _DOUBT


class Evidence(Enum):
    """What the recorded arguments say of an operand."""

    ODD = auto()
    UNKNOWN = auto()
    SOUND = auto()


def evidence(values: Iterable[object], is_odd: Callable[[object], bool]) -> Evidence:
    """ODD when one of the observed values is, SOUND when all were seen to be, UNKNOWN without any."""
    verdicts = [is_odd(value) for value in values]
    if any(verdicts):
        return Evidence.ODD
    return Evidence.SOUND if verdicts else Evidence.UNKNOWN


def singled_out(found: Sequence[Evidence]) -> list[bool]:
    """Which operands are certain: those seen odd, or else the only one that wasn't seen to be sound."""
    if Evidence.ODD in found:
        return [one is Evidence.ODD for one in found]
    only = found.count(Evidence.UNKNOWN) == 1 or len(found) == 1
    return [only and (one is Evidence.UNKNOWN or len(found) == 1) for one in found]
