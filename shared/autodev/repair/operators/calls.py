"""Calls put around expressions or taken away, other builtins, arguments more and less."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced, respelled
from autodev.repair.operators.precedence import Binding, argument, binding
from autodev.repair.operators.subject import Subject

_CASTS = ("list", "int", "str", "tuple", "float", "set")
_AGGREGATES = ("len", "sorted", "sum", "max", "min", "abs", "reversed", "any", "all", "bool", "enumerate")
_OF_NUMBERS = ("int", "str", "float", "abs", "bool")
_RELATED = (
    ("min", "max", "sum", "len"), ("any", "all"), ("sorted", "reversed", "list", "set"),
    ("range", "enumerate", "len"), ("list", "tuple", "set", "sorted", "str"), ("int", "float", "round", "str", "bool"),
    ("ord", "chr"), ("zip", "enumerate"), ("abs", "int"), ("filter", "map"), ("isinstance", "type"),
    ("dict", "set", "list"),
)  # fmt: skip


def builtin_swap(subject: Subject) -> Iterator[Mutation]:
    for node in subject.expressions:
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
            own = node.func.value
            others = dict.fromkeys(name for names in _RELATED if own in names for name in names if name != own)
            for other in others:
                yield respelled("builtin_swap", subject.function, subject.function.span(node.func), other)


def unwrapped_call(subject: Subject) -> Iterator[Mutation]:
    """An argument instead of the call."""
    for node in subject.expressions:
        if isinstance(node, cst.Call):
            for given in node.args:
                if not given.star:
                    text = argument(subject.function, given.value)
                    held = Binding.ATOM if text.startswith("(") else binding(given.value)
                    yield replaced("unwrapped_call", subject.function, node, text, held)


def wrapped_call(subject: Subject) -> Iterator[Mutation]:
    """A conversion or an aggregate of the value that is returned, assigned, iterated, passed or operated with."""
    function = subject.function
    for node in subject.expressions:
        parent = function.parent(node)
        if not isinstance(parent, _WRAPPED_IN):
            continue
        own = node.func.value if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) else None
        text = argument(function, node)
        for kind, names in (("cast", _CASTS), ("wrapped_call", _AGGREGATES)):
            for name in names:
                if name != own and _makes_sense(subject, node, name):
                    yield replaced(kind, function, node, f"{name}({text})")


def argument_count(subject: Subject) -> Iterator[Mutation]:
    """An argument left out, or one of the function's names passed as well."""
    function = subject.function
    for node in subject.expressions:
        if not isinstance(node, cst.Call):
            continue
        callee, texts = function.text(node.func), [function.text(given).rstrip(", ") for given in node.args]
        if any(isinstance(given.value, cst.GeneratorExp) for given in node.args):
            continue
        for index in range(len(texts)):
            text = f"{callee}({', '.join(texts[:index] + texts[index + 1 :])})"
            yield replaced("dropped_argument", function, node, text)
        own = function.definition.name.value
        if callee == own or callee in subject.module.functions or (isinstance(node.func, cst.Attribute) and not texts):
            for name in subject.scope.visible(node):
                for index in range(len(texts) + 1):
                    text = f"{callee}({', '.join((*texts[:index], name, *texts[index:]))})"
                    yield replaced("added_argument", function, node, text)


_WRAPPED_IN = (
    cst.Return, cst.Assign, cst.AugAssign, cst.For, cst.CompFor, cst.Arg, cst.BinaryOperation, cst.Comparison,
    cst.ComparisonTarget, cst.Index, cst.Element,
)  # fmt: skip


def _makes_sense(subject: Subject, node: cst.BaseExpression, name: str) -> bool:
    """Whether the call can give what the expression does not."""
    match node:
        case cst.Integer() | cst.Float():
            return name in ("str", "float")
        case cst.Name(value="True" | "False" | "None") | cst.BooleanOperation() | cst.Lambda():
            return False
        case cst.Comparison():
            return name in ("int", "str")
        case cst.SimpleString():
            return name in ("len", "int", "list")
        case cst.List() | cst.Tuple() | cst.ListComp() | cst.GeneratorExp():
            return name not in _OF_NUMBERS
        case cst.Name(value=own) if own in subject.kinds.numbers and own not in subject.kinds.collections:
            return name in _OF_NUMBERS
        case cst.Name(value=own) if own in subject.kinds.collections and own not in subject.kinds.numbers:
            return name not in _OF_NUMBERS or name == "str"
    return True
