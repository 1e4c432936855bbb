"""Another constant: a neighbouring number, the opposite truth, another empty value."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced
from autodev.repair.operators.precedence import Binding
from autodev.repair.operators.subject import Subject

_EMPTY = ("[]", "()", "''", "{}", "set()", "0", "None")
_OF_NAMES = {
    "True": ("False", "None"),
    "False": ("True", "None"),
    "None": ("0", "[]", "''", "()", "{}", "False", "True", "-1"),
}


def constant(subject: Subject) -> Iterator[Mutation]:
    for node in subject.expressions:
        for text in _alternatives(node):
            binding = Binding.TERM if text.startswith("-") else Binding.ATOM
            yield replaced(_kind(node), subject.function, node, text, binding)


def _kind(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Integer | cst.Float):
        return "constant_number"
    return "constant_truth" if isinstance(node, cst.Name) and node.value != "None" else "constant_empty"


def _alternatives(node: cst.BaseExpression) -> Iterator[str]:
    match node:
        case cst.Integer():
            value = node.evaluated_value
            near = (value + 1, value - 1, 0, 1, -1, 2, -value, 10)
            yield from (str(number) for number in dict.fromkeys(near) if number != value)
            if value == 0:
                yield from ("None", "''", "[]", "()", "False", "1.0", "float('-inf')", "float('inf')")
        case cst.Float(value=text):
            yield from (other for other in ("0", "0.0", "1.0", "float('inf')", "float('-inf')") if other != text)
        case cst.Name(value=name):
            yield from _OF_NAMES.get(name, ())
        case cst.SimpleString(value="' '" | '" "'):
            yield "''"
        case _:
            own = _empty(node)
            yield from (text for text in _EMPTY if own is not None and text != own)


def _empty(node: cst.BaseExpression) -> str | None:
    """The empty collection or text that the expression is."""
    match node:
        case cst.SimpleString(value="''" | '""'):
            return "''"
        case cst.List(elements=[]):
            return "[]"
        case cst.Tuple(elements=[]):
            return "()"
        case cst.Dict(elements=[]):
            return "{}"
        case cst.Call(func=cst.Name(value="set" | "list" | "dict" | "tuple" as name), args=[]):
            return f"{name}()"
    return None
