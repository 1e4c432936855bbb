"""Make two operands the same type: text and number meet in an operator, a join, a method or an index."""

import re
from collections.abc import Callable, Iterator

import libcst as cst

from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import FunctionSource, Span
from autodev.repair.source.operators import symbol

_CAST = 0.08
_LESS_LIKELY = 0.16
_NUMBERS = ("int", "float")

_Casts = Iterator[tuple[cst.BaseExpression, str, float]]
_Finder = Callable[[cst.CSTNode, re.Match[str]], _Casts]


def cast(case: Case) -> Iterator[Fix]:
    """Wrap the odd one in `float`, `int`, `str` or `map(str, …)`."""
    if case.fault.error_name not in ("TypeError", "AttributeError"):
        return
    function = case.fault.function
    for pattern, finder in _COMPLAINTS:
        if found := re.search(pattern, case.fault.message):
            for node in case.fault.site.nodes:
                for operand, opening, risk in finder(node, found):
                    callee, _, _ = opening.partition("(")
                    yield Fix(
                        operator="cast",
                        description=f"Convert {function.text(operand)} by {callee}.",
                        changes=_wrapped(function, operand, opening),
                        risk=risk,
                    )


def _concatenated(node: cst.CSTNode, _: re.Match[str]) -> _Casts:
    match node:
        case cst.BinaryOperation(operator=cst.Add(), right=operand):
            if not isinstance(operand, cst.BaseString):
                yield operand, "str(", _CAST
        case cst.AugAssign(operator=cst.AddAssign(), value=value):
            yield value, "str(", _CAST


def _combined(node: cst.CSTNode, found: re.Match[str]) -> _Casts:
    match node:
        case cst.BinaryOperation(left=left, right=right, operator=operator):
            if symbol(operator) == found["operator"]:
                yield from _sides(left, right, found)
        case cst.AugAssign(operator=operator, target=target, value=value):
            if symbol(operator) == found["operator"]:
                yield from (cast for cast in _sides(target, value, found) if cast[0] is value)
        case cst.Comparison(left=left, comparisons=[comparison]):
            if symbol(comparison.operator) == found["operator"]:
                yield from _sides(left, comparison.comparator, found)


def _sides(left: cst.BaseExpression, right: cst.BaseExpression, found: re.Match[str]) -> _Casts:
    for operand, own, other in ((left, found["left"], found["right"]), (right, found["right"], found["left"])):
        if own == "str" and other in _NUMBERS and not isinstance(operand, cst.BaseString):
            yield operand, f"{other}(", _CAST
            yield operand, "float(" if other == "int" else "int(", _LESS_LIKELY
        elif own in _NUMBERS and other == "str" and found["operator"] in ("+", "+="):
            yield operand, "str(", _CAST


def _joined(node: cst.CSTNode, found: re.Match[str]) -> _Casts:
    if isinstance(node, cst.Call) and callee_name(node) == "join" and found["type"] != "NoneType":
        match first_argument(node):
            case cst.GeneratorExp(elt=element) | cst.ListComp(elt=element):
                yield element, "str(", _CAST
            case cst.BaseExpression() as collection:
                yield collection, "map(str, ", _CAST


def _method(node: cst.CSTNode, found: re.Match[str]) -> _Casts:
    if isinstance(node, cst.Attribute) and node.attr.value == found["name"] and hasattr(str, found["name"]):
        yield node.value, "str(", _CAST


def _index(node: cst.CSTNode, _: re.Match[str]) -> _Casts:
    match node:
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
            if not isinstance(index, cst.BaseString | cst.Integer):
                yield index, "int(", _CAST


_TYPES = r"'(?P<left>\w+)' and '(?P<right>\w+)'"
_COMPLAINTS: tuple[tuple[str, _Finder], ...] = (
    (r"can only concatenate str", _concatenated),
    (rf"operand type\(s\) for (?P<operator>\S+): {_TYPES}", _combined),
    (rf"'(?P<operator>\S+)' not supported between instances of {_TYPES}", _combined),
    (r"sequence item \d+: expected str instance, (?P<type>\w+) found", _joined),
    (r"'(?:int|float|bool)' object has no attribute '(?P<name>\w+)'", _method),
    (r"(?:list|tuple|string) indices must be integers", _index),
)


def _wrapped(function: FunctionSource, operand: cst.BaseExpression, opening: str) -> tuple[Replacement, ...]:
    whole = function.whole_span(operand)
    if operand.lpar and opening.endswith("("):
        # The expression's own parentheses serve as the call's.
        return (Replacement(Span(whole.start, whole.start), opening.removesuffix("(")),)
    return (
        Replacement(Span(whole.start, whole.start), opening),
        Replacement(Span(whole.end, whole.end), ")"),
    )
