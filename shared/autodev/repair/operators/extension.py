"""An operand that an expression lacks: an offset, a bound, a part to join, a power."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced
from autodev.repair.operators.precedence import Binding, argument, operand
from autodev.repair.operators.subject import Subject

_JOINABLE = (cst.List, cst.ListComp, cst.Name, cst.BinaryOperation, cst.Call, cst.Subscript, cst.SimpleString)
_SLICED_IN = (cst.Arg, cst.Return, cst.BinaryOperation, cst.Assign, cst.For, cst.CompFor)


def offset_by_name(subject: Subject) -> Iterator[Mutation]:
    """`f(k)` → `f(k - start)`: where a position or a count is passed, a variable more or less."""
    function = subject.function
    for node in subject.expressions:
        if not _is_position(subject, node) or isinstance(node, cst.SimpleString | cst.List | cst.Tuple):
            continue
        text = operand(function, node, Binding.SUM)
        for name in _numbers(subject, node):
            if name != text:
                yield replaced("offset_by_name", function, node, f"{text} - {name}", Binding.SUM)
                yield replaced("offset_by_name", function, node, f"{text} + {name}", Binding.SUM)


def joined(subject: Subject) -> Iterator[Mutation]:
    """`[x] + rest` for `[x]`: what is returned, assigned or passed on, with a collection before or after it."""
    function = subject.function
    for node in subject.expressions:
        if not isinstance(function.parent(node), cst.Return | cst.Assign) or not isinstance(node, _JOINABLE):
            continue
        text = operand(function, node, Binding.SUM)
        for name in subject.scope.visible(node):
            if name in subject.kinds.collections and name != text:
                yield replaced("joined", function, node, f"{name} + {text}", Binding.SUM)
                yield replaced("joined", function, node, f"{text} + {name}", Binding.SUM)


def bounded(subject: Subject) -> Iterator[Mutation]:
    """`best = x` → `best = max(best, x)`, `x` → `max(0, x)`: a value that keeps to a side of another."""
    function = subject.function
    for node in subject.expressions:
        match function.parent(node):
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=target))]):
                bounds: tuple[str, ...] = (target, "0")
            case cst.Return() | cst.Arg() | cst.Slice() | cst.Index():
                bounds = ("0",)
            case _:
                continue
        if not isinstance(node, cst.BinaryOperation | cst.Name | cst.Subscript | cst.Call):
            continue
        text = argument(function, node)
        for bound in bounds:
            if bound != text:
                for limit in ("max", "min"):
                    yield replaced("bounded", function, node, f"{limit}({bound}, {text})")


def powered(subject: Subject) -> Iterator[Mutation]:
    """`x` → `x ** 2`, twice and half of it: an operand that lacks its own."""
    function = subject.function
    for node in subject.expressions:
        parent = function.parent(node)
        if not isinstance(parent, cst.BinaryOperation | cst.Comparison | cst.ComparisonTarget):
            continue
        if isinstance(node, cst.Name | cst.Subscript) and function.text(node) not in subject.kinds.collections:
            text = function.text(node)
            for power in ("** 2", "* 2", "// 2"):
                yield replaced("powered", function, node, f"{text} {power}", Binding.TERM)


def sliced(subject: Subject) -> Iterator[Mutation]:
    """`f(xs)` → `f(xs[1:])`, `xs[k:]`: a part of a collection iterated, passed, joined or returned."""
    function = subject.function
    for node in subject.names:
        parent = function.parent(node)
        if not isinstance(parent, _SLICED_IN) or not _may_hold(subject, node):
            continue
        numbers = [name for name in _numbers(subject, node) if name != node.value]
        for part in ("1:", ":-1", *(part for name in numbers for part in (f"{name}:", f":{name}"))):
            yield replaced("sliced", function, node, f"{node.value}[{part}]")


def _is_position(subject: Subject, node: cst.BaseExpression) -> bool:
    parent = subject.function.parent(node)
    match parent:
        case cst.Index() | cst.Slice():
            return True
        case cst.Arg():
            call = subject.function.parent(parent)
            if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Name):
                return False
            called = call.func.value
            known = (*subject.module.functions, *subject.scope.own, subject.function.definition.name.value, "range")
            return called in known
    return False


def _numbers(subject: Subject, node: cst.CSTNode) -> Iterator[str]:
    return (name for name in subject.scope.visible(node) if name not in subject.kinds.collections)


def _may_hold(subject: Subject, node: cst.Name) -> bool:
    return node.value in subject.kinds.collections or node.value not in subject.kinds.numbers
