"""Off by one: the bounds of ranges and slices, indices, and what numbers are compared with."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced, respelled
from autodev.repair.operators.precedence import Binding, argument, binding, operand
from autodev.repair.operators.subject import Subject
from autodev.repair.source.function import FunctionSource

_SUMS = (cst.Add, cst.Subtract)
"""One more of an operand is one more of the whole."""


def off_by_one(subject: Subject) -> Iterator[Mutation]:
    """One more and one less of whatever counts or points."""
    for node in subject.expressions:
        kind = _kind(subject, node)
        if kind is not None:
            for text, held in _neighbours(subject.function, node):
                yield replaced(kind, subject.function, node, text, held)


def range_bound(subject: Subject) -> Iterator[Mutation]:
    """Another first value, another step, the other direction."""
    function = subject.function
    for node in subject.expressions:
        match node:
            case cst.Call(func=cst.Name(value="range"), args=arguments) if not any(a.star for a in arguments):
                for texts in _ranges([argument(function, given.value) for given in arguments]):
                    yield replaced("range_bound", function, node, f"range({', '.join(texts)})")
                yield replaced("range_bound", function, node, f"reversed({function.text(node)})")


def slice_bound(subject: Subject) -> Iterator[Mutation]:
    """A bound left out or added, and the step of a reversed copy."""
    function = subject.function
    for node in subject.nodes:
        if not isinstance(node, cst.Slice):
            continue
        lower, upper = (None if bound is None else function.text(bound) for bound in (node.lower, node.upper))
        span, step = function.span(node), "" if node.step is None else f":{function.text(node.step)}"
        for first, last in (
            (None, upper), (lower, None), ("1", upper), (lower, "-1"), (upper, None), (None, lower), (upper, lower),
        ):  # fmt: skip
            yield respelled("slice_bound", function, span, f"{first or ''}:{last or ''}{step}")
        yield respelled("slice_bound", function, span, "::-1")
    for subscript in subject.expressions:
        match subscript:
            case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=value))]):
                index = function.text(value)
                for text in (f"{index}:", f":{index}"):
                    yield respelled("index_to_slice", function, function.whole_span(value), text)


def _kind(subject: Subject, node: cst.BaseExpression) -> str | None:
    parent = subject.function.parent(node)
    if isinstance(node, cst.Integer | cst.SimpleString | cst.List | cst.Tuple | cst.Comparison | cst.BooleanOperation):
        return None
    match parent:
        case cst.Index():
            return "off_by_one_index"
        case cst.Slice():
            return "off_by_one_slice"
        case cst.Arg() if _is_range(subject.function.parent(parent)):
            return "off_by_one_range"
        case cst.Comparison() | cst.ComparisonTarget() if _counts(subject, node):
            return "off_by_one_comparison"
        case cst.Return() if _counts(subject, node):
            return "off_by_one_return"
        case cst.Arg() | cst.Assign() if _counts(subject, node):
            return "off_by_one_value"
        case cst.BinaryOperation(operator=operator) if not isinstance(operator, _SUMS) and _counts(subject, node):
            return "off_by_one_operand"
    return None


def _counts(subject: Subject, node: cst.BaseExpression) -> bool:
    match node:
        case cst.Name(value=name):
            return name in subject.kinds.numbers or name not in subject.kinds.collections
        case cst.Call(func=cst.Name(value="len" | "int" | "sum" | "max" | "min" | "abs")):
            return True
        case cst.Call(func=cst.Attribute(attr=cst.Name(value="index" | "count" | "find"))):
            return True
        case cst.Call(func=cst.Name(value=name)):
            return name == subject.function.definition.name.value
    return isinstance(node, cst.BinaryOperation | cst.Subscript)


def _is_range(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "range"


def _neighbours(function: FunctionSource, node: cst.BaseExpression) -> Iterator[tuple[str, Binding]]:
    match node:
        case cst.BinaryOperation(operator=cst.Add() | cst.Subtract(), left=left, right=cst.Integer(value="1")):
            yield operand(function, left, Binding.LOOSE), binding(left)
            other = "-" if isinstance(node.operator, cst.Add) else "+"
            yield f"{operand(function, left, Binding.SUM)} {other} 1", Binding.SUM
    text = operand(function, node, Binding.SUM)
    yield f"{text} + 1", Binding.SUM
    yield f"{text} - 1", Binding.SUM


def _ranges(texts: list[str]) -> Iterator[tuple[str, ...]]:
    match texts:
        case [stop]:
            yield from (("1", stop), ("1", f"{stop} + 1"), (f"{stop} - 1", "-1", "-1"), (stop, "0", "-1"), ("2", stop))
        case [start, stop]:
            yield from ((stop,), (f"{start} + 1", stop), (start, stop, "-1"), (start, stop, "2"))
            yield from ((f"{stop} - 1", f"{start} - 1", "-1"), (stop, start, "-1"), (start, f"{start} + {stop}"))
        case [start, stop, step]:
            yield from ((start, stop), (start, stop, f"-{step}".replace("--", "")), (stop, start, step))
