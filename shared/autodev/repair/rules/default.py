"""Use a default in place of the failing expression."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.rules.guard import described
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.changes import Replacement
from autodev.repair.source.expressions import callee_name, is_repeatable, takes_conditional
from autodev.repair.source.function import FunctionSource, Span

_AS_NONE = 0.12
_AS_NEUTRAL = 0.4
_UNCERTAIN = 0.1


def default(case: Case) -> Iterator[Fix]:
    """`x if x is sound else default` where only a value is missing, not the whole answer."""
    function = case.fault.function
    for suspect in case.suspects:
        if not is_repeatable(suspect.operand):
            continue
        for check in suspect.checks[:2]:
            for value, risk in _values(function, suspect):
                yield Fix(
                    operator="default",
                    description=described(f"Use {value}", [check]),
                    changes=_conditional(function, suspect.failing, check.sound, value),
                    risk=check.risk + risk + (0.0 if suspect.certain else _UNCERTAIN),
                )


def _values(function: FunctionSource, suspect: Suspect) -> Iterator[tuple[str, float]]:
    """None where the value is only passed along; the neutral element where something is done with it."""
    failing = suspect.failing
    match function.parent(failing):
        case cst.BinaryOperation() | cst.AugAssign() | cst.UnaryOperation() | cst.Comparison():
            yield "0", _AS_NEUTRAL
        case cst.Subscript() | cst.Attribute() | cst.CompFor() | cst.For():
            return
        case cst.ListComp() | cst.GeneratorExp() if _is_summed(function, failing):
            yield "0", _AS_NEUTRAL
        case cst.Arg():
            yield "None", _AS_NONE * 2
            yield "0", _AS_NEUTRAL
        case _:
            yield "None", _AS_NONE
            yield "0", _AS_NEUTRAL


def _is_summed(function: FunctionSource, element: cst.BaseExpression) -> bool:
    argument = function.parent(function.parent(element))
    call = function.parent(argument) if isinstance(argument, cst.Arg) else None
    return isinstance(call, cst.Call) and callee_name(call) in ("sum", "fsum", "prod")


def _conditional(
    function: FunctionSource, failing: cst.BaseExpression, sound: str, value: str
) -> tuple[Replacement, ...]:
    span = function.span(failing)
    opening, closing = ("", "") if takes_conditional(function, failing) else ("(", ")")
    ending = Replacement(Span(span.end, span.end), f" if {sound} else {value}{closing}")
    return (Replacement(Span(span.start, span.start), opening), ending) if opening else (ending,)
