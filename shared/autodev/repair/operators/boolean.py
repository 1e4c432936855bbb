"""`and`, `or` and `not`, and conditions without one of their parts."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced, respelled
from autodev.repair.operators.precedence import Binding, binding, operand
from autodev.repair.operators.subject import Subject


def boolean_operator(subject: Subject) -> Iterator[Mutation]:
    for node in subject.nodes:
        if isinstance(node, cst.And | cst.Or):
            text = "or" if isinstance(node, cst.And) else "and"
            yield respelled("boolean_operator", subject.function, subject.function.span(node), text)


def negation(subject: Subject) -> Iterator[Mutation]:
    """A condition or a part of one negated, or its `not` left out."""
    function = subject.function
    for node in _truths(subject):
        if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
            inner = node.expression
            yield replaced("negation", function, node, operand(function, inner, Binding.LOOSE), binding(inner))
        else:
            text = f"not {operand(function, node, Binding.COMPARISON)}"
            yield replaced("negation", function, node, text, Binding.LOOSE)


def dropped_condition(subject: Subject) -> Iterator[Mutation]:
    """One of two conditions alone."""
    for node in subject.expressions:
        if isinstance(node, cst.BooleanOperation):
            for kept in (node.left, node.right):
                text = operand(subject.function, kept, Binding.LOOSE)
                yield replaced("dropped_condition", subject.function, node, text, binding(kept))


def constant_condition(subject: Subject) -> Iterator[Mutation]:
    for node in subject.conditions:
        for text in ("True", "False"):
            yield replaced("constant_condition", subject.function, node, text)


def repeated_comparison(subject: Subject) -> Iterator[Mutation]:
    """What was meant by `x == a or b`: both compared."""
    function = subject.function
    for node in subject.expressions:
        match node:
            case cst.BooleanOperation(left=cst.Comparison(left=left, comparisons=[target]), right=right):
                if isinstance(right, cst.Comparison | cst.BooleanOperation):
                    continue
                operator = function.text(target.operator)
                first, second = (operand(function, part, Binding.SUM) for part in (left, right))
                text = f"{first} {operator} {second}"
                yield replaced("repeated_comparison", function, right, text, Binding.COMPARISON)


def _truths(subject: Subject) -> Iterator[cst.BaseExpression]:
    """Whatever counts as true or false."""
    for node in subject.expressions:
        parent = subject.function.parent(node)
        match parent:
            case cst.If() | cst.While() | cst.CompIf() | cst.IfExp() if parent.test is node:
                yield node
            case cst.BooleanOperation() | cst.UnaryOperation(operator=cst.Not()):
                yield node
            case cst.Return() if isinstance(node, cst.Comparison | cst.UnaryOperation | cst.BooleanOperation):
                yield node
            case _:
                if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
                    yield node
