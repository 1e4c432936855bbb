"""None where a value was needed."""

import re
from collections.abc import Callable, Iterator

import libcst as cst

from autodev.repair.diagnosis.check import none_checks
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.observation import observed
from autodev.repair.diagnosis.operand_types import stated_operand_types
from autodev.repair.diagnosis.suspect import Suspect, evidence, singled_out
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.changes import Stage
from autodev.repair.source.operators import operations
from autodev.repair.source.rendering import rendered

_Found = Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]
_Finder = Callable[[cst.CSTNode, re.Match[str]], _Found]
_LITERALS = (cst.Integer, cst.Float, cst.BaseString, cst.List, cst.Tuple, cst.Dict, cst.Set)
_NONE = "NoneType"


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The operands that the message's complaint about None can be of."""
    if fault.error_name not in ("TypeError", "AttributeError") or _NONE not in fault.message:
        return
    for pattern, finder in _COMPLAINTS:
        if match := re.search(pattern, fault.message):
            yield from _suspects(fault, [found for node in fault.site.nodes for found in finder(node, match)])
            return


def _suspects(fault: Fault, found: list[tuple[cst.BaseExpression, cst.BaseExpression]]) -> Iterator[Suspect]:
    possible = [pair for pair in found if not isinstance(pair[1], _LITERALS)]
    proof = [evidence(observed(fault, operand), _is_none) for _, operand in possible]
    for (failing, operand), certain in zip(possible, singled_out(proof), strict=True):
        text = rendered(fault.function, operand)
        checks = () if text is None else none_checks(text)
        yield Suspect("none", failing, operand, checks, Stage.EXISTENCE, certain)


def _is_none(value: object) -> bool:
    return value is None


def _attribute(node: cst.CSTNode, match: re.Match[str]) -> _Found:
    if isinstance(node, cst.Attribute) and node.attr.value == match["attribute"]:
        yield node, node.value


def _subscript(node: cst.CSTNode, _: re.Match[str]) -> _Found:
    if isinstance(node, cst.Subscript):
        yield node, node.value


def _operand(node: cst.CSTNode, match: re.Match[str]) -> _Found:
    types = stated_operand_types(match.string)
    if types is not None:
        for operation in operations(node, types.operator):
            if types.left == _NONE:
                yield operation.whole, operation.left
            if types.right == _NONE:
                yield operation.whole, operation.right


def _contained(node: cst.CSTNode, _: re.Match[str]) -> _Found:
    if isinstance(node, cst.Comparison):
        for target in node.comparisons:
            if isinstance(target.operator, cst.In | cst.NotIn):
                yield node, target.comparator


def _iterated(node: cst.CSTNode, _: re.Match[str]) -> _Found:
    match node:
        case cst.CompFor(iter=iterated):
            yield iterated, iterated
        case cst.Call(args=args):
            for argument in args:
                if argument.keyword is None:
                    yield argument.value, argument.value
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Tuple() | cst.List())], value=value):
            yield value, value


def _argument(node: cst.CSTNode, _: re.Match[str]) -> _Found:
    if isinstance(node, cst.Call):
        for argument in node.args:
            yield node, argument.value


def _rounded(node: cst.CSTNode, _: re.Match[str]) -> _Found:
    if isinstance(node, cst.Call) and callee_name(node) in ("round", "abs", "len", "floor", "ceil"):
        argument = first_argument(node)
        if argument is not None:
            yield node, argument


def _negated(node: cst.CSTNode, _: re.Match[str]) -> _Found:
    if isinstance(node, cst.UnaryOperation):
        yield node, node.expression


def _formatted(node: cst.CSTNode, _: re.Match[str]) -> _Found:
    if isinstance(node, cst.FormattedStringExpression) and node.format_spec:
        yield node.expression, node.expression
    elif isinstance(node, cst.Call) and callee_name(node) == "format":
        for argument in node.args:
            yield argument.value, argument.value


_COMPLAINTS: tuple[tuple[str, _Finder], ...] = (
    (r"'NoneType' object has no attribute '(?P<attribute>\w+)'", _attribute),
    (r"'NoneType' object (?:is not subscriptable|does not support item)", _subscript),
    (r"operand type|not supported between|can only concatenate|can't multiply", _operand),
    (r"argument of type 'NoneType'", _contained),
    (r"object is not iterable|cannot unpack non-iterable|argument after \* must be an iterable", _iterated),
    (r"bad operand type for unary", _negated),
    (r"has no len\(\)|__round__|bad operand type for abs|__floor__|__ceil__", _rounded),
    (r"unsupported format string", _formatted),
    (r"not '?NoneType'?|got '?NoneType'?|must be real number", _argument),
)
