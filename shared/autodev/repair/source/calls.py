"""What a call calls, what it is given, and whether it can be made twice."""

import libcst as cst

from autodev.repair.source.comprehensions import Comprehension
from autodev.repair.source.function import FunctionSource

# Calls that a second evaluation neither changes nor makes noticeably slower.
_REPEATABLE_CALLS = frozenset(
    {"abs", "bool", "float", "get", "int", "isinstance", "len", "lower", "lstrip", "max", "min", "replace"}
    | {"round", "rsplit", "rstrip", "split", "splitlines", "str", "strip", "sum", "tuple", "upper"}
)


def callee_name(call: cst.Call) -> str | None:
    """`float` of `float(x)`, `strptime` of `datetime.strptime(x, f)`; None of a call of something computed."""
    match call.func:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return name
    return None


def first_argument(call: cst.Call) -> cst.BaseExpression | None:
    """The first positional argument, unless it is a `*star`."""
    if call.args and call.args[0].keyword is None and not call.args[0].star:
        return call.args[0].value
    return None


def is_repeatable(function: FunctionSource, node: cst.BaseExpression) -> bool:
    """Whether evaluating the expression once more is harmless and cheap, as far as its names tell."""
    return all(
        callee_name(inner) in _REPEATABLE_CALLS for inner in function.walk(node) if isinstance(inner, cst.Call)
    ) and not any(isinstance(inner, Comprehension) for inner in function.walk(node))


def is_divided_by_count(function: FunctionSource, collection: cst.BaseExpression) -> bool:
    """Whether the function divides by `len` of the collection, which has to stay in step with the elements."""
    if not isinstance(collection, cst.Name):
        return False
    for node in function.nodes:
        if isinstance(node, cst.Call) and callee_name(node) == "len":
            counted, parent = first_argument(node), function.parent(node)
            if isinstance(counted, cst.Name) and counted.value == collection.value:
                divisor = isinstance(parent, cst.BinaryOperation) and parent.right is node
                if divisor or isinstance(parent, cst.Assign):
                    return True
    return False
