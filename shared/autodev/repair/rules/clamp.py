"""Bring a number back into the bounds that the error states: round the clock, or to the nearest bound."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.bounds import KIND, stated_bounds
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.rendering import rendered

_WRAP = 0.05
_CLAMP = 0.3
_TIGHT = (cst.Name, cst.Attribute, cst.Subscript, cst.Call, cst.Integer)
_SAME_PRECEDENCE = (cst.Multiply, cst.Divide, cst.FloorDivide, cst.Modulo)


def clamp(case: Case) -> Iterator[Fix]:
    """Modulo for a count that starts at zero (hour 24 is hour 0), `min` and `max` for any."""
    function, bounds = case.fault.function, stated_bounds(case.fault)
    if bounds is None:
        return
    for suspect in case.suspects:
        text = rendered(function, suspect.operand)
        if suspect.kind != KIND or text is None:
            continue
        if bounds.lowest == 0:
            period = bounds.highest + 1
            yield _fix(
                function, suspect.operand, "wrap", f"Count {bounds.name} modulo {period}.",
                f"{_as_factor(suspect.operand, text)} % {period}", _WRAP,
            )  # fmt: skip
        yield _fix(
            function, suspect.operand, "clamp", f"Keep {bounds.name} within {bounds.lowest}..{bounds.highest}.",
            f"min(max({text}, {bounds.lowest}), {bounds.highest})", _CLAMP,
        )  # fmt: skip


def _as_factor(operand: cst.BaseExpression, text: str) -> str:
    chained = isinstance(operand, cst.BinaryOperation) and isinstance(operand.operator, _SAME_PRECEDENCE)
    return text if chained or isinstance(operand, _TIGHT) else f"({text})"


def _fix(
    function: FunctionSource, operand: cst.BaseExpression, operator: str, description: str, text: str, risk: float
) -> Fix:
    return Fix(operator, description, (Replacement(function.span(operand), text),), risk)
