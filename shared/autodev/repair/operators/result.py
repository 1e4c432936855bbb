"""The answers of calls: kept or dropped, and the method that has none in place of the function that has."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced, respelled
from autodev.repair.operators.precedence import Binding, argument, binding, operand
from autodev.repair.operators.subject import Subject

_FUNCTIONS = {"sort": "sorted", "reverse": "reversed"}


def kept_result(subject: Subject) -> Iterator[Mutation]:
    """`xs.strip()` → `xs = xs.strip()`, `sorted(xs)` → `xs = sorted(xs)`, `xs = xs.sort()` → `xs.sort()`."""
    function = subject.function
    for node in subject.nodes:
        match node:
            case cst.Expr(value=cst.Call(func=cst.Attribute(value=cst.Name(value=name))) as call):
                yield respelled("kept_result", function, function.span(node), f"{name} = {function.text(call)}")
            case cst.Expr(value=cst.Call(args=[cst.Arg(value=cst.Name(value=name)), *_]) as call):
                yield respelled("kept_result", function, function.span(node), f"{name} = {function.text(call)}")
            case cst.Assign(value=cst.Call(func=cst.Attribute()) as call):
                yield respelled("dropped_result", function, function.span(node), function.text(call))


def method_to_function(subject: Subject) -> Iterator[Mutation]:
    """`xs.sort()` → `sorted(xs)`, `xs.append(x)` → `xs + [x]` where the value is used, `x.f()` → `x`."""
    function = subject.function
    for node in subject.expressions:
        match node:
            case cst.Call(func=cst.Attribute(value=value, attr=cst.Name(value=name)), args=arguments):
                given = ", ".join(function.text(each) for each in arguments)
                if name in _FUNCTIONS:
                    text = ", ".join(filter(None, (argument(function, value), given)))
                    yield replaced("method_to_function", function, node, f"{_FUNCTIONS[name]}({text})")
                if name in ("append", "add", "extend") and len(arguments) == 1:
                    added = given if name == "extend" else f"[{given}]"
                    text = f"{operand(function, value, Binding.SUM)} + {added}"
                    yield replaced("method_to_operator", function, node, text, Binding.SUM)
                yield replaced("dropped_call", function, node, function.text(value), binding(value))
