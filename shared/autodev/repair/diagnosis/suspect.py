"""An expression whose value was odd, and the checks that would have caught it."""

from dataclasses import dataclass

import libcst as cst

from autodev.repair.diagnosis.check import Check
from autodev.repair.source.changes import Stage


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
