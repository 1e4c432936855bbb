"""Text or None given to `float`, `int`, `strptime` and their like."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from autodev.repair.diagnosis.check import Check, missing_checks
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.observation import observed
from autodev.repair.diagnosis.suspect import Evidence, Suspect, singled_out
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.changes import Stage
from autodev.repair.source.rendering import rendered
from autodev.repair.source.site import Site

_QUOTED = r"(?P<value>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"


@dataclass(frozen=True, slots=True)
class _Complaint:
    """A message by which a converter refuses a value, and the converters it can come from."""

    pattern: re.Pattern[str]
    converters: frozenset[str]


def _complaint(pattern: str, *converters: str) -> _Complaint:
    return _Complaint(re.compile(pattern), frozenset(converters))


_COMPLAINTS = (
    _complaint(rf"could not convert string to float: {_QUOTED}", "float"),
    _complaint(rf"invalid literal for int\(\) with base \d+: {_QUOTED}", "int"),
    _complaint(r"float\(\) argument must be .* not '(?P<type>\w+)'", "float"),
    _complaint(r"int\(\) argument must be .* not '(?P<type>\w+)'", "int"),
    _complaint(r"<class 'decimal\.ConversionSyntax'>", "Decimal"),
    _complaint(r"conversion from (?P<type>\w+) to Decimal is not supported", "Decimal"),
    _complaint(rf"Invalid literal for Fraction: {_QUOTED}", "Fraction"),
    _complaint(rf"time data {_QUOTED} does not match format", "strptime"),
    _complaint(r"unconverted data remains", "strptime"),
    _complaint(r"strptime\(\) argument 1 must be str, not (?P<type>\w+)", "strptime"),
    _complaint(rf"Invalid isoformat string: {_QUOTED}", "fromisoformat"),
    _complaint(r"fromisoformat: argument must be str", "fromisoformat"),
    _complaint(r"badly formed hexadecimal UUID string", "UUID"),
)


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The statement's conversions of the kind that the message complains of."""
    converters, odd = refusal(fault)
    found = list(conversions(fault.site, converters))
    values = [observed(fault, operand) for _, operand in found]
    odd_seen = [_odd_among(known, call, odd) for (call, _), known in zip(found, values, strict=True)]
    proof = [
        Evidence.ODD if seen else Evidence.SOUND if known else Evidence.UNKNOWN
        for seen, known in zip(odd_seen, values, strict=True)
    ]
    for (call, operand), seen, certain in zip(found, odd_seen, singled_out(proof), strict=True):
        yield Suspect(
            kind="/".join(sorted(converters)),
            failing=call,
            operand=operand,
            checks=value_checks(fault, operand, seen or odd),
            stage=Stage.VALUE,
            certain=certain,
        )


def refusal(fault: Fault) -> tuple[frozenset[str], tuple[object, ...]]:
    """The converters that the error can come from and the values that it names; both empty for other errors."""
    for complaint in _COMPLAINTS:
        if found := complaint.pattern.search(fault.message):
            if "type" in found.groupdict():
                return complaint.converters, (None,) if found["type"] == "NoneType" else ()
            return complaint.converters, _named_values(fault, complaint.pattern)
    return frozenset(), ()


def conversions(site: Site, converters: frozenset[str]) -> Iterator[tuple[cst.Call, cst.BaseExpression]]:
    """The statement's calls of these converters with the argument that each converts."""
    for node in site.nodes:
        if isinstance(node, cst.Call) and callee_name(node) in converters:
            operand = first_argument(node)
            if operand is not None:
                yield node, operand


def refused(converter: str, value: object) -> bool:
    """Whether the number type itself refuses the value; False for converters that need more than a value."""
    if value is None:
        return True
    if type(value) is not str or converter not in ("float", "int"):
        return False
    try:
        _ = float(value) if converter == "float" else int(value)
    except ValueError:
        return True
    return False


def value_checks(fault: Fault, operand: cst.BaseExpression, values: tuple[object, ...]) -> tuple[Check, ...]:
    """Checks for these odd values of the operand."""
    text = rendered(fault.function, operand)
    return () if text is None else element_checks(fault, text, values)


def element_checks(fault: Fault, text: str, values: tuple[object, ...]) -> tuple[Check, ...]:
    """Checks for these odd values of what the text names, in the author's quotes."""
    return missing_checks(text, values, single_quotes=fault.function.prefers_single_quotes)


def _odd_among(values: tuple[object, ...], call: cst.Call, odd: tuple[object, ...]) -> tuple[object, ...]:
    name = callee_name(call) or ""
    found = [value for value in values if refused(name, value) or (type(value) is str and value in odd)]
    # One error tells of one kind of value: None and odd texts raise different ones.
    return tuple(dict.fromkeys(value for value in found if not odd or (value is None) == (None in odd)))


def _named_values(fault: Fault, pattern: re.Pattern[str]) -> tuple[object, ...]:
    values: list[object] = []
    for message in fault.messages:
        found = pattern.search(message)
        if found and "value" in found.groupdict():
            try:
                values.append(ast.literal_eval(found["value"]))
            except (ValueError, SyntaxError):
                continue
    return tuple(dict.fromkeys(values))
