"""Another arithmetic operator, plain or augmented, between the same operands."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced, respelled
from autodev.repair.operators.precedence import binding
from autodev.repair.operators.subject import Subject
from autodev.repair.source.function import Span

_ALTERNATIVES: dict[type[cst.CSTNode], tuple[str, ...]] = {
    cst.Add: ("-", "*", "%", "//"),
    cst.Subtract: ("+", "%", "*", "//"),
    cst.Multiply: ("**", "+", "//", "/", "-"),
    cst.Divide: ("//", "*", "%", "-"),
    cst.FloorDivide: ("/", "%", "*", "-"),
    cst.Modulo: ("//", "/", "*", "-"),
    cst.Power: ("*", "+", "//"),
    cst.BitAnd: ("|", "^"),
    cst.BitOr: ("&", "^", "+"),
    cst.BitXor: ("**", "&", "|"),
    cst.LeftShift: (">>",),
    cst.RightShift: ("<<",),
}
_AUGMENTED: dict[type[cst.CSTNode], tuple[str, ...]] = {
    cst.AddAssign: ("-=", "=", "*=", "//="),
    cst.SubtractAssign: ("+=", "=", "//=", "%="),
    cst.MultiplyAssign: ("+=", "=", "**=", "//="),
    cst.DivideAssign: ("//=", "*=", "=", "-="),
    cst.FloorDivideAssign: ("/=", "%=", "=", "-="),
    cst.ModuloAssign: ("//=", "/=", "="),
    cst.PowerAssign: ("*=", "="),
    cst.BitAndAssign: ("|=", "^=", "="),
    cst.BitOrAssign: ("&=", "^=", "="),
    cst.BitXorAssign: ("&=", "|=", "="),
}


def arithmetic(subject: Subject) -> Iterator[Mutation]:
    function = subject.function
    for node in subject.nodes:
        match node:
            case cst.BinaryOperation(operator=operator):
                for text in _ALTERNATIVES.get(type(operator), ()):
                    yield respelled("arithmetic", function, function.span(operator), text)
            case cst.AugAssign(operator=operator):
                for text in _AUGMENTED.get(type(operator), ()):
                    kind = "assignment_operator" if text == "=" else "augmented_arithmetic"
                    yield respelled(kind, function, function.span(operator), text)


def dropped_operand(subject: Subject) -> Iterator[Mutation]:
    """One of the two operands alone, and a value without its sign."""
    for node in subject.expressions:
        match node:
            case cst.BinaryOperation(left=left, right=right):
                for kept in (left, right):
                    span = subject.function.whole_span(kept)
                    text = subject.function.slice(span.start, span.end)
                    yield replaced("dropped_operand", subject.function, node, text, binding(kept))
            case cst.UnaryOperation(operator=cst.Minus(), expression=value):
                text = subject.function.text(value)
                yield replaced("dropped_operand", subject.function, node, text, binding(value))


def comparison_to_assignment(subject: Subject) -> Iterator[Mutation]:
    """A statement `x == y` that compares for nothing."""
    function = subject.function
    for node in subject.nodes:
        match node:
            case cst.Expr(value=cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(operator=operator)])):
                if isinstance(operator, cst.Equal) and isinstance(left, cst.Name | cst.Subscript | cst.Attribute):
                    yield respelled("comparison_to_assignment", function, function.span(operator), "=")


def assignment(subject: Subject) -> Iterator[Mutation]:
    """`x = y` accumulates instead: `x += y`; also what was meant by `x =+ y`."""
    function = subject.function
    for node in subject.nodes:
        match node:
            case cst.Assign(targets=[cst.AssignTarget(target=target)], value=value):
                between = Span(function.whole_span(target).end, function.whole_span(value).start)
                if isinstance(target, cst.Tuple | cst.List):
                    continue
                for text in (" += ", " -= ", " *= "):
                    yield respelled("assignment_operator", function, between, text)
                if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Plus | cst.Minus):
                    text = " += " if isinstance(value.operator, cst.Plus) else " -= "
                    whole = Span(between.start, function.whole_span(value.expression).start)
                    yield respelled("assignment_operator", function, whole, text)
