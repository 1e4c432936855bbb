"""Operators by the names that messages give them."""

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

_SYMBOLS: dict[type[cst.CSTNode], str] = {
    cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//",
    cst.Modulo: "%", cst.Power: "**", cst.MatrixMultiply: "@", cst.BitAnd: "&", cst.BitOr: "|",
    cst.BitXor: "^", cst.LeftShift: "<<", cst.RightShift: ">>",
    cst.AddAssign: "+=", cst.SubtractAssign: "-=", cst.MultiplyAssign: "*=", cst.DivideAssign: "/=",
    cst.FloorDivideAssign: "//=", cst.ModuloAssign: "%=", cst.PowerAssign: "**=",
    cst.LessThan: "<", cst.GreaterThan: ">", cst.LessThanEqual: "<=", cst.GreaterThanEqual: ">=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands of one operator; `whole` is the expression, of an augmented assignment its value."""

    whole: cst.BaseExpression
    left: cst.BaseExpression
    right: cst.BaseExpression


def operations(node: cst.CSTNode, operator: str) -> Iterator[Operation]:
    """What the node does with the operator as messages write it: `-`, `-=`, `<`."""
    match node:
        case cst.BinaryOperation(operator=own, left=left, right=right):
            if _SYMBOLS.get(type(own)) == operator:
                yield Operation(node, left, right)
        case cst.AugAssign(operator=own, target=target, value=value):
            if _SYMBOLS.get(type(own)) == operator:
                yield Operation(value, target, value)
        case cst.Comparison(left=left, comparisons=comparisons):
            for comparison in comparisons:
                if _SYMBOLS.get(type(comparison.operator)) == operator:
                    yield Operation(node, left, comparison.comparator)
                left = comparison.comparator
