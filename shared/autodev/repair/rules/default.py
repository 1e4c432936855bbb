"""Use a default in place of the failing expression."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.rules.guard import described
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.calls import callee_name, is_repeatable
from autodev.repair.source.changes import Replacement
from autodev.repair.source.comprehensions import Comprehension
from autodev.repair.source.function import FunctionSource, Span
from autodev.repair.source.rendering import takes_conditional

_AS_NONE = 0.12
_AS_NEUTRAL = 0.4
_AS_ELEMENT = 0.25
_ARITHMETIC = cst.BinaryOperation | cst.UnaryOperation | cst.AugAssign | cst.Comparison
_VALUE_PLACES = (
    cst.Return | cst.Assign | cst.AnnAssign | cst.DictElement | cst.ListComp | cst.GeneratorExp | cst.DictComp
)


def default(case: Case) -> Iterator[Fix]:
    """`x if x is sound else default` where only a value is missing, not the whole answer."""
    function = case.fault.function
    for suspect in case.certain_suspects:
        if not is_repeatable(function, suspect.operand):
            continue
        for check in suspect.checks[:2]:
            for replaced, value, risk in _defaults(function, suspect):
                yield Fix(
                    operator="default",
                    description=described(f"Use {value}", [check]),
                    changes=_conditional(function, replaced, check.sound, value),
                    risk=check.risk + risk + suspect.doubt,
                )


def _defaults(function: FunctionSource, suspect: Suspect) -> Iterator[tuple[cst.BaseExpression, str, float]]:
    """None where the value is only passed along; the neutral element where something is done with it."""
    failing = suspect.failing
    parent = function.parent(failing)
    if suspect.kind == "division" and not isinstance(parent, cst.AugAssign):
        yield failing, "0.0", _AS_NEUTRAL
    elif isinstance(parent, _ARITHMETIC) or _is_summed(function, failing):
        yield failing, "0", _AS_NEUTRAL
    whole = _whole_value(function, failing)
    if whole is not None:
        risk = _AS_ELEMENT if isinstance(function.parent(whole), Comprehension) else _AS_NONE
        yield whole, "None", risk


def _whole_value(function: FunctionSource, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The expression that the failing one is part of, up to where a value is assigned, returned or collected."""
    current: cst.CSTNode = node
    for parent in function.ancestors(node):
        if isinstance(parent, _VALUE_PLACES) and isinstance(current, cst.BaseExpression):
            return current
        if not isinstance(parent, _ARITHMETIC | cst.Attribute | cst.Subscript | cst.Call | cst.Arg):
            return None
        current = parent
    return None


def _is_summed(function: FunctionSource, element: cst.BaseExpression) -> bool:
    comprehension = function.parent(element)
    if not isinstance(comprehension, cst.GeneratorExp | cst.ListComp) or comprehension.elt is not element:
        return False
    argument = function.parent(comprehension)
    call = function.parent(argument) if isinstance(argument, cst.Arg) else None
    return isinstance(call, cst.Call) and callee_name(call) in ("sum", "fsum", "prod")


def _conditional(
    function: FunctionSource, failing: cst.BaseExpression, sound: str, value: str
) -> tuple[Replacement, ...]:
    span = function.span(failing)
    opening, closing = ("", "") if takes_conditional(function, failing) else ("(", ")")
    ending = Replacement(Span(span.end, span.end), f" if {sound} else {value}{closing}")
    return (Replacement(Span(span.start, span.start), opening), ending) if opening else (ending,)
