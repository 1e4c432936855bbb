"""Text or None given to `float`, `int`, `strptime` and their like."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.check import Check, missing_checks
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.observation import observed
from autodev.repair.diagnosis.refusals import Refusal, refusal_in, refused
from autodev.repair.diagnosis.suspect import Evidence, Suspect, singled_out
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.changes import Stage
from autodev.repair.source.rendering import rendered
from autodev.repair.source.site import Site


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The statement's conversions of the kind that the message complains of."""
    refusal = stated_refusal(fault)
    if refusal is None:
        return
    found = list(conversions(fault.site, refusal.converter))
    values = [observed(fault, operand) for _, operand in found]
    odd = [_odd_among(known, refusal) for known in values]
    proof = [
        Evidence.ODD if seen else Evidence.SOUND if known else Evidence.UNKNOWN
        for seen, known in zip(odd, values, strict=True)
    ]
    for (call, operand), seen, certain in zip(found, odd, singled_out(proof), strict=True):
        checks = value_checks(fault, operand, seen or refusal.values)
        yield Suspect(refusal.converter, call, operand, checks, Stage.VALUE, certain)


def stated_refusal(fault: Fault) -> Refusal | None:
    """What the fault's messages say together; None for errors that no converter raised."""
    stated = [refusal for message in fault.messages if (refusal := refusal_in(message)) is not None]
    if not stated:
        return None
    return Refusal(stated[0].converter, tuple(dict.fromkeys(value for one in stated for value in one.values)))


def conversions(site: Site, converter: str) -> Iterator[tuple[cst.Call, cst.BaseExpression]]:
    """The statement's calls of this converter with the argument that each converts."""
    for node in site.nodes:
        if isinstance(node, cst.Call) and callee_name(node) == converter:
            operand = first_argument(node)
            if operand is not None:
                yield node, operand


def value_checks(fault: Fault, operand: cst.BaseExpression, values: tuple[object, ...]) -> tuple[Check, ...]:
    """Checks for these odd values of the operand."""
    text = rendered(fault.function, operand)
    return () if text is None else element_checks(fault, text, values)


def element_checks(fault: Fault, text: str, values: tuple[object, ...]) -> tuple[Check, ...]:
    """Checks for these odd values of what the text names, in the author's quotes."""
    return missing_checks(text, values, single_quotes=fault.function.prefers_single_quotes)


def _odd_among(values: tuple[object, ...], refusal: Refusal) -> tuple[object, ...]:
    odd = [
        value
        for value in values
        if refused(refusal.converter, value) or (type(value) is str and value in refusal.values)
    ]
    return tuple(dict.fromkeys(odd))
