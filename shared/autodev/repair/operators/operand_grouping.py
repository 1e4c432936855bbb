"""Parentheses moved: `a + b / 2` → `(a + b) / 2`."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced
from autodev.repair.operators.precedence import Binding, operand
from autodev.repair.operators.subject import Subject


def regrouped(subject: Subject) -> Iterator[Mutation]:
    """The operand of the inner operation that is next to the outer operator joins that one."""
    function = subject.function
    for node in subject.expressions:
        match node:
            case cst.BinaryOperation(left=left, operator=outer, right=cst.BinaryOperation() as inner):
                first, middle, last = left, inner.left, inner.right
                text = f"({_text(subject, first)} {function.text(outer)} {_text(subject, middle)})"
                whole = f"{text} {function.text(inner.operator)} {_text(subject, last)}"
                yield replaced("regrouped", function, node, whole, Binding.SUM)
        match node:
            case cst.BinaryOperation(left=cst.BinaryOperation() as inner, operator=outer, right=right):
                text = f"({_text(subject, inner.right)} {function.text(outer)} {_text(subject, right)})"
                whole = f"{_text(subject, inner.left)} {function.text(inner.operator)} {text}"
                yield replaced("regrouped", function, node, whole, Binding.SUM)


def _text(subject: Subject, node: cst.BaseExpression) -> str:
    return operand(subject.function, node, Binding.TERM)
