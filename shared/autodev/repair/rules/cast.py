"""Make two operands the same type: text and number meet in an operator, a join, a method or an index."""

import re
from collections.abc import Callable, Iterator

import libcst as cst

from autodev.repair.diagnosis.operand_types import stated_operand_types
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import FunctionSource, Span
from autodev.repair.source.operators import operations

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
    no_numbers = {suspect.operand for suspect in case.certain_suspects if suspect.kind == "mismatch"}
    for pattern, finder in _COMPLAINTS:
        if found := re.search(pattern, case.fault.message):
            for node in case.fault.site.nodes:
                for operand, opening, risk in finder(node, found):
                    callee, _, _ = opening.partition("(")
                    if callee in _NUMBERS and operand in no_numbers:
                        continue
                    yield Fix(
                        operator="cast",
                        description=f"Convert {function.text(operand)} by {callee}.",
                        changes=_wrapped(function, operand, opening),
                        risk=risk,
                    )


def _operand(node: cst.CSTNode, found: re.Match[str]) -> _Casts:
    types = stated_operand_types(found.string)
    if types is None:
        return
    for operation in operations(node, types.operator):
        sides = ((operation.left, types.left, types.right), (operation.right, types.right, types.left))
        for operand, own, other in sides:
            if isinstance(node, cst.AugAssign) and operand is not operation.right:
                continue
            if own == "str" and other in _NUMBERS and not isinstance(operand, cst.BaseString):
                yield operand, f"{other}(", _LESS_LIKELY if types.operator == "+" else _CAST
                yield operand, "float(" if other == "int" else "int(", _LESS_LIKELY
            elif own != "str" and other == "str" and types.operator in ("+", "+="):
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


_COMPLAINTS: tuple[tuple[str, _Finder], ...] = (
    (r"operand type|not supported between|can only concatenate|can't multiply", _operand),
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
