"""A function that the statement calls could not use an argument: the odd one is among the arguments."""

import ast
import re
from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.check import MISSING_TEXTS, Check, missing_checks, none_checks, zero_checks
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.observation import observed
from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.source.changes import Stage
from autodev.repair.source.expressions import rendered

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_LITERALS = (cst.Integer, cst.Float, cst.BaseString, cst.Lambda)


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The statement's call arguments that were seen odd; all of them when nothing is known of any."""
    found = [
        (node, argument.value)
        for node in fault.site.nodes
        if isinstance(node, cst.Call)
        for argument in node.args
        if not isinstance(argument.value, _LITERALS) and not argument.star
    ]
    quoted = _quoted(fault)
    odd = {operand: _odd(fault, operand, quoted) for _, operand in found}
    seen = [operand for operand, values in odd.items() if values]
    for call, operand in found:
        if seen and operand not in seen:
            continue
        yield Suspect(
            kind="argument",
            failing=call,
            operand=operand,
            checks=_checks(fault, operand, odd[operand] or quoted),
            stage=Stage.VALUE,
            certain=bool(seen) or len(found) == 1,
        )


def _quoted(fault: Fault) -> tuple[object, ...]:
    """Short texts that the messages quote, and None when they speak of it; type and attribute names aside."""
    if "NoneType" in fault.message:
        return (None,)
    if fault.error_name not in ("ValueError", "KeyError"):
        return ()
    texts = [ast.literal_eval(text) for message in fault.messages for text in _QUOTED.findall(message)[:1]]
    return tuple(dict.fromkeys(text for text in texts if isinstance(text, str)))


def _odd(fault: Fault, operand: cst.BaseExpression, quoted: tuple[object, ...]) -> tuple[object, ...]:
    by_zero = fault.error_name == "ZeroDivisionError"
    values = [
        value
        for value in observed(fault, operand)
        if value is None
        or (type(value) is str and (value in quoted or (not by_zero and value in MISSING_TEXTS)))
        or (by_zero and type(value) in (int, float) and value == 0)
    ]
    return tuple(dict.fromkeys(values))


def _checks(fault: Fault, operand: cst.BaseExpression, odd: tuple[object, ...]) -> tuple[Check, ...]:
    text = rendered(fault.function, operand)
    if text is None:
        return ()
    if fault.error_name == "ZeroDivisionError":
        return zero_checks(text)
    if odd in ((), (None,)):
        return none_checks(text)
    return missing_checks(text, odd, single_quotes=fault.function.prefers_single_quotes)
