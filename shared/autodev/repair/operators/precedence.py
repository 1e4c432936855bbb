"""How tightly expressions bind, and so where a new text needs parentheses."""

from enum import IntEnum

import libcst as cst

from autodev.repair.source.function import FunctionSource


class Binding(IntEnum):
    """How tightly a text holds together, loosest first; of a place, the loosest that it takes."""

    LOOSE = 0
    """`a or b`, `not a`, `a if b else c`."""
    COMPARISON = 1
    SUM = 2
    """`a + b`, `a - b`."""
    TERM = 3
    """`a * b`, `-a`, `a ** b`."""
    ATOM = 4


_LOOSE = (cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.Yield, cst.NamedExpr, cst.Tuple, cst.GeneratorExp)
_ROOMY = (
    cst.Arg, cst.Assign, cst.AnnAssign, cst.AugAssign, cst.Return, cst.Expr, cst.Element, cst.DictElement,
    cst.Index, cst.If, cst.While, cst.For, cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.Slice, cst.DictComp,
    cst.FormattedStringExpression, cst.Assert, cst.NamedExpr,
)  # fmt: skip
_SUMS = (cst.Add, cst.Subtract)


def binding(node: cst.BaseExpression) -> Binding:
    """How tightly the expression's own text holds together, with its parentheses if it has them."""
    if node.lpar:
        return Binding.ATOM
    match node:
        case cst.UnaryOperation(operator=cst.Not()):
            return Binding.LOOSE
        case cst.Comparison():
            return Binding.COMPARISON
        case cst.BinaryOperation(operator=operator):
            return Binding.SUM if isinstance(operator, _SUMS) else Binding.TERM
        case cst.UnaryOperation():
            return Binding.TERM
    return Binding.LOOSE if isinstance(node, _LOOSE) else Binding.ATOM


def demanded(function: FunctionSource, node: cst.BaseExpression) -> Binding:
    """The loosest text that can stand in the expression's place without parentheses."""
    parent = function.parent(node)
    match parent:
        case cst.BooleanOperation() | cst.CompIf() | cst.UnaryOperation(operator=cst.Not()):
            return Binding.COMPARISON
        case cst.Comparison() | cst.ComparisonTarget():
            return Binding.SUM
        case cst.BinaryOperation(operator=operator, left=left) if isinstance(operator, _SUMS):
            return Binding.SUM if left is node else Binding.TERM
    return Binding.LOOSE if isinstance(parent, _ROOMY) else Binding.ATOM


def operand(function: FunctionSource, node: cst.BaseExpression, wanted: Binding) -> str:
    """The expression's text, in parentheses if the place where it goes wants it tighter than it is."""
    span = function.whole_span(node)
    text = function.slice(span.start, span.end)
    return f"({text})" if binding(node) < wanted else text


def argument(function: FunctionSource, node: cst.BaseExpression) -> str:
    """The expression's text as the argument of a call, where only a bare tuple needs parentheses."""
    bare = isinstance(node, cst.Tuple | cst.GeneratorExp | cst.NamedExpr | cst.Yield)
    return operand(function, node, Binding.ATOM if bare else Binding.LOOSE)
