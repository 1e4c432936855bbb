"""A divisor that was zero."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.check import Check, equal_check, falsy_check, zero_checks
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.observation import observed
from autodev.repair.diagnosis.suspect import Evidence, Suspect, evidence, singled_out
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.changes import Stage
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.rendering import rendered

_OPERATORS = (cst.Divide, cst.FloorDivide, cst.Modulo)
_ASSIGNMENTS = (cst.DivideAssign, cst.FloorDivideAssign, cst.ModuloAssign)


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The divisors of the statement's divisions and remainders."""
    if fault.error_name not in ("ZeroDivisionError", "DivisionByZero", "DivisionUndefined"):
        return
    found = [
        (failing, _source_of_zero(divisor))
        for failing, divisor in _divisions(fault)
        if not isinstance(divisor, cst.Integer | cst.Float)
    ]
    proof = [_evidence(fault, divisor) for _, divisor in found]
    for (failing, divisor), certain in zip(found, singled_out(proof), strict=True):
        yield Suspect(
            kind="division",
            failing=failing,
            operand=divisor,
            checks=_checks(fault.function, divisor),
            stage=Stage.RESULT,
            certain=certain,
        )


def _divisions(fault: Fault) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    for node in fault.site.nodes:
        match node:
            case cst.BinaryOperation(operator=operator, left=left, right=right):
                if isinstance(operator, _OPERATORS) and not isinstance(left, cst.BaseString):
                    yield node, right
            case cst.AugAssign(operator=operator, value=value) if isinstance(operator, _ASSIGNMENTS):
                yield value, value
            case cst.Call(args=[_, divisor]) if callee_name(node) == "divmod":
                yield node, divisor.value


def _source_of_zero(divisor: cst.BaseExpression) -> cst.BaseExpression:
    """`x` of `x / 60` and `x * 2`, which are zero exactly when `x` is."""
    match divisor:
        case cst.BinaryOperation(left=left, operator=cst.Divide() | cst.Multiply(), right=cst.Integer() | cst.Float()):
            return _source_of_zero(left)
    return divisor


def _checks(function: FunctionSource, divisor: cst.BaseExpression) -> tuple[Check, ...]:
    match divisor:
        case cst.Call() if callee_name(divisor) == "len":
            counted = first_argument(divisor)
            text = None if counted is None else rendered(function, counted)
            return () if text is None else (falsy_check(text),)
        case cst.BinaryOperation(left=left, operator=cst.Subtract(), right=right):
            one, other = rendered(function, left), rendered(function, right)
            return () if one is None or other is None else (equal_check(one, other),)
    text = rendered(function, divisor)
    return () if text is None else zero_checks(text)


def _evidence(fault: Fault, divisor: cst.BaseExpression) -> Evidence:
    if isinstance(divisor, cst.Call) and callee_name(divisor) in ("float", "int", "len"):
        argument = first_argument(divisor)
        values = () if argument is None else observed(fault, argument)
        return evidence(values, _is_empty if callee_name(divisor) == "len" else _is_zero)
    return evidence(observed(fault, divisor), _is_zero)


def _is_empty(value: object) -> bool:
    return type(value) in (list, tuple, dict, str) and not value


def _is_zero(value: object) -> bool:
    if type(value) is str:
        try:
            return float(value) == 0
        except ValueError:
            return False
    return type(value) in (int, float) and value == 0
