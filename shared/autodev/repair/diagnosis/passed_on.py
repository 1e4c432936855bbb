"""A function that the statement calls could not use an argument: the odd one is among the arguments."""

import ast
import re
from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.check import MISSING_TEXTS, Check, missing_checks, none_checks, zero_checks
from autodev.repair.diagnosis.conversion import stated_refusal
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.observation import observed
from autodev.repair.diagnosis.suspect import Evidence, Suspect, singled_out
from autodev.repair.source.changes import Stage
from autodev.repair.source.rendering import rendered

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_LITERALS = (cst.Integer, cst.Float, cst.BaseString, cst.Lambda)


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The statement's call arguments, but for those that were seen to be sound."""
    quoted = _quoted(fault)
    found = [
        (node, argument.value)
        for node in fault.site.nodes
        if isinstance(node, cst.Call)
        for argument in node.args
        if not isinstance(argument.value, _LITERALS) and not argument.star
    ]
    quoted = _quoted(fault)
    values = [observed(fault, operand) for _, operand in found]
    odd = [_odd_among(fault, known, quoted) for known in values]
    proof = [
        Evidence.ODD if seen else Evidence.SOUND if known else Evidence.UNKNOWN
        for seen, known in zip(odd, values, strict=True)
    ]
    certainties = singled_out(proof)
    for (call, operand), seen, one, certain in zip(found, odd, proof, certainties, strict=True):
        # Of a function that raised by itself, an argument is only suspect when something speaks against it.
        if one is not Evidence.SOUND and (seen or quoted or not fault.direct):
            checks = _checks(fault, operand, seen or quoted)
            yield Suspect("argument", call, operand, checks, Stage.VALUE, certain)


def _quoted(fault: Fault) -> tuple[object, ...]:
    """Short texts that the messages quote, and None when they speak of it; type and attribute names aside."""
    refusal = stated_refusal(fault)
    if refusal is not None:
        return refusal.values
    if "NoneType" in fault.message:
        return (None,)
    if fault.error_name not in ("ValueError", "KeyError"):
        return ()
    texts = [ast.literal_eval(text) for message in fault.messages for text in _QUOTED.findall(message)[:1]]
    return tuple(dict.fromkeys(text for text in texts if isinstance(text, str)))


def _odd_among(fault: Fault, values: tuple[object, ...], quoted: tuple[object, ...]) -> tuple[object, ...]:
    by_zero = fault.error_name == "ZeroDivisionError"
    odd = [
        value
        for value in values
        if value is None
        or (type(value) is str and (value in quoted or (not by_zero and value in MISSING_TEXTS)))
        or (by_zero and type(value) in (int, float) and value == 0)
    ]
    return tuple(dict.fromkeys(odd))


def _checks(fault: Fault, operand: cst.BaseExpression, odd: tuple[object, ...]) -> tuple[Check, ...]:
    text = rendered(fault.function, operand)
    if text is None:
        return ()
    if fault.error_name == "ZeroDivisionError":
        return zero_checks(text)
    if odd in ((), (None,)):
        return none_checks(text)
    return missing_checks(text, odd, single_quotes=fault.function.prefers_single_quotes)
